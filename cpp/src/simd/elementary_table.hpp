// The functions of the kernels by themselves, one table for each instruction set.
#pragma once

#include <cstddef>

#include "ltens/activation.hpp"

namespace ltens::simd {

inline constexpr int elementary_functions = 9;

// The functions by themselves; count is a multiple of the lanes.
template <class Real>
struct ElementaryKernels {
  void (*function[elementary_functions])(const Real* x, std::size_t count, Real* out);
  void (*activation[activation_count])(const Real* z, std::size_t count, Real* h, Real* slope);
};

}  // namespace ltens::simd
