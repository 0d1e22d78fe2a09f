// The two passes of the dense kernels over a block of samples, and what follows them. See
// dense_kernels.hpp for the contract.
//
// A block of samples keeps its f in registers while the neurons stream by; h and h' of the block
// wait in scratch for the residual, or are taken from z again where that is cheaper. Each sum runs
// over neurons or samples in their order in one lane, so the size of the block changes no bit.
#pragma once

#include "dense_kernels.hpp"
#include "keep.hpp"

namespace {

using ltens::simd::Gradient;
using ltens::simd::Layer;
using ltens::simd::Samples;

// z of one group of lanes at Block samples; d is the dimension if known when compiled, else 0.
template <class Real, int Block, int d>
[[gnu::always_inline]] inline void preactivations(const Layer<Real>& layer, std::size_t group,
                                                  const Samples<Real>& samples, std::size_t first,
                                                  Pack<Real> (&z)[Block]) {
  constexpr std::size_t L = lanes<Real>;
  const Pack<Real> b = load(layer.b + group * L);
  if constexpr (d == 1) {
    const Pack<Real> w = load(layer.w + group * L);
#pragma GCC unroll 16
    for (int k = 0; k < Block; ++k) z[k] = fma(w, all(samples.x[first + k]), b);
  } else {
#pragma GCC unroll 16
    for (int k = 0; k < Block; ++k) z[k] = b;
    for (std::size_t i = 0; i < layer.dimension; ++i) {
      const Pack<Real> w = load(layer.w + (group * layer.dimension + i) * L);
      const Real* x = samples.x + i * samples.stride + first;
#pragma GCC unroll 16
      for (int k = 0; k < Block; ++k) z[k] = fma(w, all(x[k]), z[k]);
    }
  }
}

// f[k] += a h(z[k]), and what the backward pass needs to scratch. Error of each: that of h, and one
// rounding of z per dimension and of f.
template <template <class> class Act, class Real, int Block, int d>
[[gnu::always_inline]] inline void forward(const Layer<Real>& layer, std::size_t group,
                                           const Samples<Real>& samples, std::size_t first,
                                           Pack<Real>* f, Real* scratch) {
  constexpr std::size_t L = lanes<Real>, kept = kept_reals<Act, Real, d>;
  constexpr Keeping how = keeping<Act, Real, d>;
  Pack<Real> z[Block];
  preactivations<Real, Block, d>(layer, group, samples, first, z);
  const Pack<Real> a = load(layer.a + group * L);
  if constexpr (how == Keeping::packs) {
#pragma GCC unroll 16
    for (int k = 0; k < Block; ++k) {
      Real* const to = scratch + static_cast<std::size_t>(k) * kept;
      if constexpr (Act<Real>::kept == 1) {
        const Pack<Real> one = Act<Real>::keep(z[k]);
        f[k] = fma(a, Act<Real>::from_kept(z[k], one).h, f[k]);
        store(to, one);
      } else {
        const auto at = Act<Real>::at(z[k]);
        f[k] = fma(a, at.h, f[k]);
        store(to, at.h);
        store(to + L, at.g);
      }
    }
  } else {
#pragma GCC unroll 16
    for (int k = 0; k < Block; ++k) {
      Real* const to = scratch + static_cast<std::size_t>(k) * kept;
      if constexpr (how == Keeping::mask) {
        const auto mask = positive(z[k]);
        f[k] = fma_if(mask, a, z[k], f[k]);
        store_mask(to, mask);
      } else {
        f[k] = fma(a, Act<Real>::value(z[k]), f[k]);
        if constexpr (how == Keeping::z) store(to, z[k]);
      }
    }
  }
}

// f[k] += a h(z[k]), each sample by itself.
template <template <class> class Act, class Real, int Block, int d>
[[gnu::always_inline]] inline void values(const Layer<Real>& layer, std::size_t group,
                                          const Samples<Real>& samples, std::size_t first,
                                          Pack<Real>* f) {
  Pack<Real> z[Block];
  preactivations<Real, Block, d>(layer, group, samples, first, z);
  const Pack<Real> a = load(layer.a + group * static_cast<std::size_t>(lanes<Real>));
#pragma GCC unroll 16
  for (int k = 0; k < Block; ++k) {
    if constexpr (Act<Real>::homogeneous > 0)
      f[k] = fma(a, Act<Real>::value(z[k]), f[k]);
    else
      f[k] = fma(a, value_slope<Act<Real>, Real>(z[k]).h, f[k]);
  }
}

// Add r h' of Block samples to `sum_b` and r h' x to the gradient of w, under the masks kept.
template <class Real, int Block, int d>
[[gnu::always_inline]] inline void backward_masked(const Layer<Real>& layer, std::size_t group,
                                                   const Samples<Real>& samples, std::size_t first,
                                                   const Pack<Real>* r,
                                                   const Gradient<Real>& gradient,
                                                   const Real* scratch) {
  constexpr std::size_t L = lanes<Real>;
  decltype(positive(r[0])) mask[Block];
#pragma GCC unroll 16
  for (int k = 0; k < Block; ++k) load_mask(scratch + k, mask[k]);
  Pack<Real> sum = load(gradient.b + group * L);
#pragma GCC unroll 16
  for (int k = 0; k < Block; ++k) sum = add_if(mask[k], r[k], sum);
  store(gradient.b + group * L, sum);
  const std::size_t dimension = d == 0 ? layer.dimension : d;
  for (std::size_t i = 0; i < dimension; ++i) {
    Real* out = gradient.w + (group * dimension + i) * L;
    const Real* x = samples.x + i * samples.stride + first;
    Pack<Real> slope = load(out);
#pragma GCC unroll 16
    for (int k = 0; k < Block; ++k) slope = fma_if(mask[k], r[k], all(x[k]), slope);
    store(out, slope);
  }
}

// Add r h' x, r h' and r h of Block samples to the gradient sums of one group of lanes. Error: that
// of h and h', and one rounding of a sum per sample.
template <template <class> class Act, class Real, int Block, int d>
[[gnu::always_inline]] inline void backward(const Layer<Real>& layer, std::size_t group,
                                            const Samples<Real>& samples, std::size_t first,
                                            const Pack<Real>* r, const Gradient<Real>& gradient,
                                            const Real* scratch) {
  constexpr std::size_t L = lanes<Real>, kept = kept_reals<Act, Real, d>;
  constexpr Keeping how = keeping<Act, Real, d>;
  Pack<Real> t[Block];
  if constexpr (how == Keeping::mask) {
    return backward_masked<Real, Block, d>(layer, group, samples, first, r, gradient, scratch);
  } else if constexpr (how == Keeping::packs) {
    if constexpr (Act<Real>::needs_z)
      preactivations<Real, Block, d>(layer, group, samples, first, t);
    Pack<Real> sum = load(gradient.a + group * L);
#pragma GCC unroll 16
    for (int k = 0; k < Block; ++k) {
      const Real* const from = scratch + static_cast<std::size_t>(k) * kept;
      ValueSlope<Real> at;
      if constexpr (Act<Real>::kept == 1)
        at = Act<Real>::from_kept(t[k], load(from));
      else
        at = {load(from), load(from + L)};
      sum = fma(r[k], at.h, sum);
      t[k] = r[k] * at.g;
    }
    store(gradient.a + group * L, sum);
  } else {
    if constexpr (how == Keeping::nothing)
      preactivations<Real, Block, d>(layer, group, samples, first, t);
#pragma GCC unroll 16
    for (int k = 0; k < Block; ++k) {
      if constexpr (how == Keeping::z) t[k] = load(scratch + static_cast<std::size_t>(k) * kept);
      t[k] = Act<Real>::times_slope(t[k], r[k]);
    }
  }
  Pack<Real> sum = load(gradient.b + group * L);
#pragma GCC unroll 16
  for (int k = 0; k < Block; ++k) sum += t[k];
  store(gradient.b + group * L, sum);
  const std::size_t dimension = d == 0 ? layer.dimension : d;
  for (std::size_t i = 0; i < dimension; ++i) {
    Real* out = gradient.w + (group * dimension + i) * L;
    const Real* x = samples.x + i * samples.stride + first;
    Pack<Real> slope = load(out);
#pragma GCC unroll 16
    for (int k = 0; k < Block; ++k) slope = fma(t[k], all(x[k]), slope);
    store(out, slope);
  }
}

// From the sums to the gradient: a sum w, a sum b, and Euler's relation
//   p sum_j r_j h_j = w . sum_j r_j h'_j x_j + b sum_j r_j h'_j
// for homogeneous activations, in place. Error: one rounding of w and b; d + 2 of the terms for a.
template <template <class> class Act, class Real>
void finish(const Layer<Real>& layer, const Gradient<Real>& gradient) {
  constexpr std::size_t L = lanes<Real>;
  const std::size_t d = layer.dimension;
  for (std::size_t n = 0; n < layer.groups; ++n) {
    const Pack<Real> a = load(layer.a + n * L), grad_b = load(gradient.b + n * L);
    Pack<Real> euler = load(layer.b + n * L) * grad_b;
    for (std::size_t i = n * d; i < (n + 1) * d; ++i) {
      const Pack<Real> grad_w = load(gradient.w + i * L);
      euler = fma(load(layer.w + i * L), grad_w, euler);
      store(gradient.w + i * L, a * grad_w);
    }
    store(gradient.b + n * L, a * grad_b);
    if constexpr (Act<Real>::homogeneous > 0)
      store(gradient.a + n * L, euler * (Real(1) / Real(Act<Real>::homogeneous)));
  }
}

}  // namespace
