// Wide networks: lanes are neurons of one network, whose partial f are summed by a fixed tree.
#pragma once

#include "dense_passes.hpp"
#include "reduce.hpp"

namespace {

using ltens::simd::wide_samples;

// Error of a partial f: N / 16 + 4 roundings; of a gradient: as in dense_narrow.hpp.
//
// Partial f, either with what the gradient needs (Keep) or of each sample by itself.
template <template <class> class Act, class Real, int d, bool Keep>
inline void wide_values_d(const Layer<Real>& layer, const Samples<Real>& samples, std::size_t first,
                          Real* out, Real* scratch) {
  constexpr int W = ways<Real>, B = W >= 4 ? 2 : 8 / W;  // samples at a time: 8 accumulators
  constexpr std::size_t kept = kept_reals<Act, Real, d>;
  for (std::size_t j = 0; j < wide_samples; j += B) {
    Pack<Real> f[W][B] = {};
    for (std::size_t n = 0; n < layer.groups; n += W)
      for (int u = 0; u < W; ++u) {
        const std::size_t group = n + static_cast<std::size_t>(u);
        if constexpr (Keep)
          forward<Act, Real, B, d>(layer, group, samples, first + j, f[u],
                                   scratch + (group * wide_samples + j) * kept);
        else
          values<Act, Real, B, d>(layer, group, samples, first + j, f[u]);
      }
    for (int k = 0; k < B; ++k) {
      Pack<Real> lane_sums[W];
      for (int u = 0; u < W; ++u) lane_sums[u] = f[u][k];
      out[j + static_cast<std::size_t>(k)] = tree_sum<Real>(lane_sums);
    }
  }
}

template <template <class> class Act, class Real>
void wide_values(const Layer<Real>& layer, const Samples<Real>& samples, std::size_t first,
                 Real* out, Real* scratch) {
  if (scratch == nullptr)
    wide_values_d<Act, Real, 0, false>(layer, samples, first, out, scratch);
  else if (layer.dimension == 1)
    wide_values_d<Lean<Act>::template Of, Real, 1, true>(layer, samples, first, out, scratch);
  else
    wide_values_d<Act, Real, 0, true>(layer, samples, first, out, scratch);
}

template <template <class> class Act, class Real, int d>
inline void wide_gradient_d(const Layer<Real>& layer, const Samples<Real>& samples,
                            std::size_t first, const Real* residual, const Gradient<Real>& gradient,
                            const Real* scratch) {
  constexpr int B = static_cast<int>(wide_samples);
  constexpr std::size_t kept = kept_reals<Act, Real, d> * B;
  Pack<Real> r[B];
  for (int k = 0; k < B; ++k) r[k] = all(residual[k]);
  for (std::size_t n = 0; n < layer.groups; ++n)
    backward<Act, Real, B, d>(layer, n, samples, first, r, gradient, scratch + n * kept);
}

template <template <class> class Act, class Real>
void wide_gradient(const Layer<Real>& layer, const Samples<Real>& samples, std::size_t first,
                   const Real* residual, const Gradient<Real>& gradient, const Real* scratch) {
  if (layer.dimension == 1)
    wide_gradient_d<Lean<Act>::template Of, Real, 1>(layer, samples, first, residual, gradient,
                                                     scratch);
  else
    wide_gradient_d<Act, Real, 0>(layer, samples, first, residual, gradient, scratch);
}

}  // namespace
