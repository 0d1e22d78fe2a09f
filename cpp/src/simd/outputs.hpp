// Several outputs: the passes over a block of samples. See output_kernels.hpp for the contract.
//
// Registers hold a tile of outputs and samples for f, and the samples of a block for the gradient.
// Each sum runs over neurons or samples in their order in one lane, so no tile changes a bit.
#pragma once

#include "dense_passes.hpp"
#include "losses.hpp"
#include "reduce.hpp"

namespace {

// Samples whose z or t stay in registers, and outputs of a tile of f: what 32 or 16 registers hold.
constexpr int register_samples = pack_bytes == 64 ? 16 : 8;
constexpr int tile_outputs = pack_bytes == 64 ? 4 : 2;
constexpr int tile_samples = 4;
constexpr std::size_t block = output_samples;

// Error: that of h and h', and one rounding of z per dimension.
template <class Real>
void hidden(const Layer<Real>& layer, ltens::simd::ActivationFunction<Real> activation,
            const Samples<Real>& samples, std::size_t first, Real* h, Real* slope) {
  constexpr std::size_t L = lanes<Real>;
  constexpr int B = register_samples;
  for (std::size_t n = 0; n < layer.groups; ++n)
    for (std::size_t s = 0; s < block; s += B) {
      Pack<Real> z[B];
      preactivations<Real, B, 0>(layer, n, samples, first + s, z);
#pragma GCC unroll 16
      for (int k = 0; k < B; ++k)
        store(h + (n * block + s + static_cast<std::size_t>(k)) * L, z[k]);
    }
  activation(h, layer.groups * block * L, h, slope);
}

// f of K outputs from k on at tile_samples samples from s on, over every step-th group from `group`
// on: take(output, sample, f). Error: one rounding per neuron.
template <class Real, int K, class Take>
[[gnu::always_inline]] inline void tile(const Layer<Real>& layer, std::size_t outputs,
                                        std::size_t group, std::size_t step, std::size_t k,
                                        std::size_t s, const Real* c, const Real* h,
                                        const Take& take) {
  constexpr std::size_t L = lanes<Real>;
  constexpr int S = tile_samples;
  Pack<Real> f[K][S];
  for (int i = 0; i < K; ++i)
    for (int j = 0; j < S; ++j)
      f[i][j] = c == nullptr ? Pack<Real>{} : load(c + (k + static_cast<std::size_t>(i)) * L);
  for (std::size_t n = group; n < layer.groups; n += step) {
    const Real* const a = layer.a + (n * outputs + k) * L;
    const Real* const from = h + (n * block + s) * L;
    Pack<Real> at[S];
#pragma GCC unroll 4
    for (int j = 0; j < S; ++j) at[j] = load(from + j * static_cast<int>(L));
#pragma GCC unroll 4
    for (int i = 0; i < K; ++i) {
      const Pack<Real> factor = load(a + i * static_cast<int>(L));
#pragma GCC unroll 4
      for (int j = 0; j < S; ++j) f[i][j] = fma(factor, at[j], f[i][j]);
    }
  }
  for (int i = 0; i < K; ++i)
    for (int j = 0; j < S; ++j)
      take(k + static_cast<std::size_t>(i), s + static_cast<std::size_t>(j), f[i][j]);
}

// All outputs at all samples of the block, in tiles.
template <class Real, class Take>
inline void tiles(const Layer<Real>& layer, std::size_t outputs, std::size_t group,
                  std::size_t step, const Real* c, const Real* h, const Take& take) {
  for (std::size_t s = 0; s < block; s += tile_samples) {
    std::size_t k = 0;
    for (; k + tile_outputs <= outputs; k += tile_outputs)
      tile<Real, tile_outputs>(layer, outputs, group, step, k, s, c, h, take);
    if constexpr (tile_outputs > 2)
      for (; k + 2 <= outputs; k += 2) tile<Real, 2>(layer, outputs, group, step, k, s, c, h, take);
    for (; k < outputs; ++k) tile<Real, 1>(layer, outputs, group, step, k, s, c, h, take);
  }
}

template <class Real>
void narrow_values_of(const Layer<Real>& layer, std::size_t outputs, const Real* c, const Real* h,
                      Real* f) {
  tiles(layer, outputs, 0, 1, c, h, [f](std::size_t k, std::size_t s, Pack<Real> value) {
    store(f + (k * block + s) * lanes<Real>, value);
  });
}

template <class Real>
void wide_values_of(const Layer<Real>& layer, std::size_t outputs, const Real* h, Real* sums,
                    Real* f) {
  constexpr std::size_t W = ways<Real>;
  for (std::size_t u = 0; u < W; ++u)
    tiles(layer, outputs, u, W, static_cast<const Real*>(nullptr), h,
          [sums, u](std::size_t k, std::size_t s, Pack<Real> value) {
            store(sums + ((k * block + s) * W + u) * lanes<Real>, value);
          });
  for (std::size_t k = 0; k < outputs; ++k)
    tree_sums<Real>(sums + k * block * logical_lanes, f + k * block);
}

// Error: one rounding per sample.
template <class Real>
void narrow_residuals(Loss loss, std::size_t outputs, const Samples<Real>& samples,
                      std::size_t first, Real* f, Real* grad_c) {
  constexpr std::size_t L = lanes<Real>;
  residuals<Real, true>(loss, outputs, samples, first, f);
  for (std::size_t k = 0; k < outputs; ++k) {
    Pack<Real> sum = load(grad_c + k * L);
    for (std::size_t s = 0; s < block; ++s) sum += load(f + (k * block + s) * L);
    store(grad_c + k * L, sum);
  }
}

template <class Real>
void wide_residuals(Loss loss, std::size_t outputs, const Samples<Real>& samples, std::size_t first,
                    Real* f, Real* grad_c) {
  residuals<Real, false>(loss, outputs, samples, first, f);
  for (std::size_t i = 0; i < outputs * block; i += lanes<Real>)
    store(grad_c + i, load(grad_c + i) + load(f + i));
}

// sum_k a_k r_k at 8 samples; add sum r_k h of each output to its gradient.
template <class Real, bool narrow>
[[gnu::always_inline]] inline void read_out(const Real* a, std::size_t outputs,
                                            const Real* residuals, const Real* h, Real* grad_a,
                                            Pack<Real>* back) {
  constexpr std::size_t L = lanes<Real>;
  Pack<Real> at[8], sum[8] = {};
#pragma GCC unroll 8
  for (std::size_t s = 0; s < 8; ++s) at[s] = load(h + s * L);
  for (std::size_t k = 0; k < outputs; ++k) {
    const Pack<Real> factor = load(a + k * L);
    Pack<Real> grad = load(grad_a + k * L);
#pragma GCC unroll 8
    for (std::size_t s = 0; s < 8; ++s) {
      const Pack<Real> r =
          narrow ? load(residuals + (k * block + s) * L) : all(residuals[k * block + s]);
      sum[s] = fma(factor, r, sum[s]);
      grad = fma(r, at[s], grad);
    }
    store(grad_a + k * L, grad);
  }
#pragma GCC unroll 8
  for (std::size_t s = 0; s < 8; ++s) back[s] = sum[s];
}

// Add sum_j t_j x_j to `number` coordinates of the gradient of w from `out` on.
template <class Real, int B, int number>
[[gnu::always_inline]] inline void add_coordinates(const Pack<Real> (&t)[B], const Real* x,
                                                   std::size_t stride, Real* out) {
  constexpr int L = lanes<Real>;
  Pack<Real> sum[number];
#pragma GCC unroll 4
  for (int i = 0; i < number; ++i) sum[i] = load(out + i * L);
#pragma GCC unroll 16
  for (int k = 0; k < B; ++k)
#pragma GCC unroll 4
    for (int i = 0; i < number; ++i)
      sum[i] = fma(t[k], all(x[static_cast<std::size_t>(i) * stride + static_cast<std::size_t>(k)]),
                   sum[i]);
#pragma GCC unroll 4
  for (int i = 0; i < number; ++i) store(out + i * L, sum[i]);
}

// Error: that of h, h' and r, C roundings of t, and one rounding of a sum per sample.
template <class Real, bool narrow>
void gradient_of(const Layer<Real>& layer, std::size_t outputs, const Samples<Real>& samples,
                 std::size_t first, const Real* residuals, const Real* h, const Real* slope,
                 const Gradient<Real>& gradient) {
  constexpr std::size_t L = lanes<Real>, across = narrow ? L : 1;
  constexpr int B = register_samples;
  const std::size_t d = layer.dimension;
  for (std::size_t n = 0; n < layer.groups; ++n)
    for (std::size_t s = 0; s < block; s += B) {
      const std::size_t at = (n * block + s) * L;
      Pack<Real> t[B];
#pragma GCC unroll 2
      for (std::size_t j = 0; j < B; j += 8)
        read_out<Real, narrow>(layer.a + n * outputs * L, outputs, residuals + (s + j) * across,
                               h + at + j * L, gradient.a + n * outputs * L, t + j);
      Pack<Real> sum = load(gradient.b + n * L);
#pragma GCC unroll 16
      for (std::size_t k = 0; k < B; ++k) {
        t[k] *= load(slope + at + k * L);
        sum += t[k];
      }
      store(gradient.b + n * L, sum);
      const Real* const x = samples.x + first + s;
      Real* const w = gradient.w + n * d * L;
      std::size_t i = 0;
      for (; i + 4 <= d; i += 4)
        add_coordinates<Real, B, 4>(t, x + i * samples.stride, samples.stride, w + i * L);
      for (; i < d; ++i)
        add_coordinates<Real, B, 1>(t, x + i * samples.stride, samples.stride, w + i * L);
    }
}

}  // namespace
