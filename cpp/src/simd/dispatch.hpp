// Which instruction sets were compiled, which this CPU has, which one is used.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kernel_table.hpp"

namespace ltens::simd {

std::vector<std::string> compiled();
std::vector<std::string> supported();

// The table in use: the best one supported, or the one named by the environment variable
// LTENS_SIMD; std::runtime_error if that one is unknown or not supported here. Chosen once.
const KernelTable& active();

// The table of that name; std::runtime_error if it is unknown or not supported here.
const KernelTable& named(std::string_view name);

template <class Real>
const VectorKernels<Real>& vectors();

template <class Real>
const DenseKernels<Real>& dense();

template <class Real>
const OutputKernels<Real>& outputs();

template <class Real>
const ElementaryKernels<Real>& elementary();

template <class Real>
const PiecewiseKernels<Real>& piecewise();

template <class Real>
const ProbeKernels<Real>& probes();

}  // namespace ltens::simd
