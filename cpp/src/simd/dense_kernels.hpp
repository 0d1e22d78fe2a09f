// The table of functions that each instruction set fills in, and the plain data they take.
//
// A layer is stored in groups of lanes: element (n, k, lane) of w is w[(n d + k) L + lane]. What a
// lane means is the caller's choice: one network each (narrow) or neurons of one network (wide).
// The layout depends on the instruction set, the arithmetic of a lane does not.
#pragma once

#include <cstddef>

#include "ltens/activation.hpp"
#include "ltens/port_probe.hpp"

namespace ltens::simd {

// Samples are padded with weight zero to a multiple of this, so that kernels take whole blocks.
inline constexpr std::size_t sample_padding = 16;
// Gradients are summed over this many samples, then over such blocks: the rounding error grows
// with the number of blocks, not of samples.
inline constexpr std::size_t sample_block = 256;
// A wide network's neurons are dealt to this many logical lanes, whatever the hardware's.
inline constexpr std::size_t logical_lanes = 16;
// Samples taken together by the wide kernels.
inline constexpr std::size_t wide_samples = 8;
// Independent instructions in one round of a port probe.
inline constexpr std::size_t probe_chains = 12;

template <class Real>
struct Samples {
  const Real* x;       // (d, stride)
  const Real* y;       // (stride,)
  const Real* factor;  // (stride,) 2 q_j
  std::size_t stride;
};

template <class Real>
struct Layer {
  std::size_t groups;     // of lanes: N for narrow, N / lanes (padded) for wide
  std::size_t dimension;  // d
  const Real* w;          // (groups, d, lanes)
  const Real* b;          // (groups, lanes)
  const Real* a;          // (groups, lanes)
};

template <class Real>
struct Gradient {
  Real* w;  // as Layer
  Real* b;
  Real* a;
};

// The scalars of one update of the parameters, see Training. For sgd only beta1, which is the
// momentum, and the step size count.
template <class Real>
struct UpdateStep {
  Real beta1, one_minus_beta1;
  Real beta2, one_minus_beta2;
  Real step_size;                // lr_t / (1 - beta1^t); lr_t for sgd
  Real inverse_root_correction;  // 1 / sqrt(1 - beta2^t)
  Real epsilon;
  bool sgd = false;
  bool by_layer = false;  // multiply the step size by these factors of w, b, a, c
  Real factors[4] = {1, 1, 1, 1};
};

template <class Real>
struct ActivationKernels {
  // For samples first .. first + count (count a multiple of the padding unless it ends the data):
  // add to `gradient` the sums sum_j r_j h' x, sum_j r_j h', sum_j r_j h with r_j = 2 q_j (f - y);
  // for homogeneous activations the last is left out. c and grad_c are (lanes,).
  void (*narrow_gradient)(const Layer<Real>&, const Real* c, const Samples<Real>&,
                          std::size_t first, std::size_t count, const Gradient<Real>&, Real* grad_c,
                          Real* scratch);
  // f at the samples first .. first + count: out (count, lanes).
  void (*narrow_values)(const Layer<Real>&, const Real* c, const Samples<Real>&, std::size_t first,
                        std::size_t count, Real* out);
  // Partial f of this layer (without c) at wide_samples samples from `first`: out (wide_samples,).
  // h and h' are kept in scratch for wide_gradient if scratch is not null.
  void (*wide_values)(const Layer<Real>&, const Samples<Real>&, std::size_t first, Real* out,
                      Real* scratch);
  // Add to `gradient` what the same samples give, residual r_j (wide_samples,) at hand.
  void (*wide_gradient)(const Layer<Real>&, const Samples<Real>&, std::size_t first,
                        const Real* residual, const Gradient<Real>&, const Real* scratch);
  // From the sums to the gradient: the factor a on w and b, Euler's relation for a.
  void (*finish)(const Layer<Real>&, const Gradient<Real>&);
};

template <class Real>
struct DenseKernels {
  std::size_t lanes;
  std::size_t narrow_block;    // samples that narrow_gradient takes together
  std::size_t narrow_scratch;  // Reals per group for narrow_gradient
  std::size_t wide_scratch;    // Reals per group for wide_values and wide_gradient
  ActivationKernels<Real> of[activation_count];
  void (*add)(Real* to, const Real* from, std::size_t count);  // count a multiple of the lanes
  void (*adam)(Real* p, const Real* g, Real* m, Real* v, std::size_t count,
               const UpdateStep<Real>&);
  void (*sgd)(Real* p, const Real* g, Real* m, std::size_t count, const UpdateStep<Real>&);
  Real (*probe)(PortProbe, std::size_t rounds, Real* memory);  // memory (probe_chains, lanes)
};

inline constexpr int elementary_functions = 8;

// The functions by themselves; count is a multiple of the lanes.
template <class Real>
struct ElementaryKernels {
  void (*function[elementary_functions])(const Real* x, std::size_t count, Real* out);
  void (*activation[activation_count])(const Real* z, std::size_t count, Real* h, Real* slope);
};

}  // namespace ltens::simd
