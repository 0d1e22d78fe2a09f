// All kernels of one instruction set.
#pragma once

#include "dense_kernels.hpp"
#include "elementary_table.hpp"
#include "output_kernels.hpp"
#include "piecewise_kernels.hpp"
#include "probe_kernels.hpp"
#include "vector_kernels.hpp"

namespace ltens::simd {

struct KernelTable {
  const char* name;
  const char* numerics_id;  // "fma" where fused multiply-add exists, else "no-fma"
  VectorKernels<float> vectors32;
  VectorKernels<double> vectors64;
  DenseKernels<float> dense32;
  DenseKernels<double> dense64;
  OutputKernels<float> outputs32;
  OutputKernels<double> outputs64;
  ElementaryKernels<float> elementary32;
  ElementaryKernels<double> elementary64;
  PiecewiseKernels<float> piecewise32;
  PiecewiseKernels<double> piecewise64;
  ProbeKernels<float> probe32;
  ProbeKernels<double> probe64;
};

}  // namespace ltens::simd
