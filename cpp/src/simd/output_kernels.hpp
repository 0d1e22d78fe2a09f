// The dense engine's kernels for networks of any number of outputs C and any loss, one table for
// each instruction set. One output with the squared loss has kernels of its own, dense_kernels.hpp.
//
// A layer is stored as there, with a (groups, C, lanes). A block of samples passes in stages: h and
// h' of all neurons, f, residuals, gradient; each is a kernel, so that none but the first knows the
// activation and none but the third the loss.
#pragma once

#include <cstddef>

#include "dense_kernels.hpp"
#include "ltens/task.hpp"

namespace ltens::simd {

// Samples of a block. It divides sample_block and changes no bit.
inline constexpr std::size_t output_samples = 16;
static_assert(sample_padding % output_samples == 0);

// h and h' at z; count is a multiple of the lanes, h may be z. See ElementaryKernels.
template <class Real>
using ActivationFunction = void (*)(const Real* z, std::size_t count, Real* h, Real* slope);

// With B = output_samples and y of Samples (C, stride).
template <class Real>
struct OutputKernels {
  // Of all neurons at the samples first .. first + B: h and slope (groups, B, lanes).
  void (*hidden)(const Layer<Real>&, ActivationFunction<Real>, const Samples<Real>&,
                 std::size_t first, Real* h, Real* slope);

  // Lanes are networks: f = c + sum a h, with c (C, lanes) and f (C, B, lanes).
  void (*narrow_values)(const Layer<Real>&, std::size_t outputs, const Real* c, const Real* h,
                        Real* f);
  // From f to r_jk = q_j dL_j/df_k, in place; add them to grad_c (C, lanes).
  void (*narrow_residuals)(Loss, std::size_t outputs, const Samples<Real>&, std::size_t first,
                           Real* f, Real* grad_c);
  // Add to `gradient` sum_j t_j x_j, sum_j t_j and sum_j r_jk h_j, with t_j = h'_j sum_k a_k r_jk.
  void (*narrow_gradient)(const Layer<Real>&, std::size_t outputs, const Samples<Real>&,
                          std::size_t first, const Real* residuals, const Real* h,
                          const Real* slope, const Gradient<Real>&);

  // Lanes are neurons of one network: the same with f, without c, r and grad_c of (C, B). `sums`
  // holds (C, B, logical_lanes) on the way.
  void (*wide_values)(const Layer<Real>&, std::size_t outputs, const Real* h, Real* sums, Real* f);
  void (*wide_residuals)(Loss, std::size_t outputs, const Samples<Real>&, std::size_t first,
                         Real* f, Real* grad_c);
  void (*wide_gradient)(const Layer<Real>&, std::size_t outputs, const Samples<Real>&,
                        std::size_t first, const Real* residuals, const Real* h, const Real* slope,
                        const Gradient<Real>&);

  // L_j / q_j of `count` samples, a multiple of B: out (count,) from f (C, f_stride).
  void (*losses)(Loss, std::size_t outputs, const Samples<Real>&, std::size_t first,
                 std::size_t count, const Real* f, std::size_t f_stride, Real* out);
};

}  // namespace ltens::simd
