// Narrow networks: one lane is one network, and a block of samples passes through all its neurons.
#pragma once

#include "dense_passes.hpp"

namespace {

constexpr int narrow_block = 8;

// Add to `gradient` and grad_c the sums of ActivationKernels::narrow_gradient; overwrites scratch.
// Error of f: N roundings; of a sum: that of r = 2 q (f - y), and one rounding per sample.
// Not inlined, so that the benchmark finds its loops in the object file.
template <template <class> class Act, class Real, int d>
[[gnu::noinline]] void narrow_gradient_d(const Layer<Real>& layer, const Real* c,
                                         const Samples<Real>& samples, std::size_t first,
                                         std::size_t count, const Gradient<Real>& gradient,
                                         Real* grad_c, Real* scratch) {
  constexpr int B = narrow_block;
  constexpr std::size_t kept = kept_reals<Act, Real, d> * B;
  Pack<Real> sum_c = load(grad_c);
  for (std::size_t j = first; j < first + count; j += B) {
    Pack<Real> f[B];
    for (int k = 0; k < B; ++k) f[k] = load(c);
    for (std::size_t n = 0; n < layer.groups; ++n)
      forward<Act, Real, B, d>(layer, n, samples, j, f, scratch + n * kept);
    for (int k = 0; k < B; ++k) {
      f[k] = (f[k] - samples.y[j + static_cast<std::size_t>(k)]) *
             samples.factor[j + static_cast<std::size_t>(k)];
      sum_c += f[k];
    }
    for (std::size_t n = 0; n < layer.groups; ++n)
      backward<Act, Real, B, d>(layer, n, samples, j, f, gradient, scratch + n * kept);
  }
  store(grad_c, sum_c);
}

template <template <class> class Act, class Real>
void narrow_gradient(const Layer<Real>& layer, const Real* c, const Samples<Real>& samples,
                     std::size_t first, std::size_t count, const Gradient<Real>& gradient,
                     Real* grad_c, Real* scratch) {
  constexpr std::size_t group_bytes = kept_reals<Act, Real, 1> * narrow_block * sizeof(Real);
  if (layer.dimension > 1)
    narrow_gradient_d<Act, Real, 0>(layer, c, samples, first, count, gradient, grad_c, scratch);
  else if (Lean<Act>::differs && layer.groups * group_bytes > lean_bytes)
    narrow_gradient_d<Lean<Act>::template Of, Real, 1>(layer, c, samples, first, count, gradient,
                                                       grad_c, scratch);
  else
    narrow_gradient_d<Act, Real, 1>(layer, c, samples, first, count, gradient, grad_c, scratch);
}

template <template <class> class Act, class Real>
void narrow_values(const Layer<Real>& layer, const Real* c, const Samples<Real>& samples,
                   std::size_t first, std::size_t count, Real* out) {
  constexpr int B = narrow_block;
  constexpr std::size_t L = lanes<Real>;
  for (std::size_t j = 0; j < count; j += B) {
    Pack<Real> f[B];
    for (int k = 0; k < B; ++k) f[k] = load(c);
    for (std::size_t n = 0; n < layer.groups; ++n)
      values<Act, Real, B, 0>(layer, n, samples, first + j, f);
    for (int k = 0; k < B; ++k) store(out + (j + static_cast<std::size_t>(k)) * L, f[k]);
  }
}

}  // namespace
