// All kernels of one instruction set.
#pragma once

#include "dense_kernels.hpp"
#include "piecewise_kernels.hpp"

namespace ltens::simd {

struct KernelTable {
  const char* name;
  const char* numerics_id;  // "fma" where fused multiply-add exists, else "no-fma"
  DenseKernels<float> float32;
  DenseKernels<double> float64;
  ElementaryKernels<float> elementary32;
  ElementaryKernels<double> elementary64;
  PiecewiseKernels<float> piecewise32;
  PiecewiseKernels<double> piecewise64;
};

}  // namespace ltens::simd
