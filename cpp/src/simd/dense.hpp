// Dense kernels: all samples against all neurons. See dense_kernels.hpp for the contract.
//
// A block of samples keeps its f in registers while the neurons stream by; h and h' of the block
// wait in scratch for the residual, or are taken from z again where that is cheaper. Each sum runs
// over neurons or samples in their order in one lane, so the size of the block changes no bit.
#pragma once

#include "activations.hpp"
#include "dense_kernels.hpp"

namespace {

using ltens::simd::Gradient;
using ltens::simd::Layer;
using ltens::simd::logical_lanes;
using ltens::simd::Samples;
using ltens::simd::UpdateStep;
using ltens::simd::wide_samples;

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

// How the forward pass leaves a block of samples for the backward pass, in scratch.
enum class Keeping {
  nothing,  // z is made again
  z,        // in more than one dimension z costs more than a store and a load
  mask,     // where z is positive, one bit each
  packs,    // h and g, or Act::keep
};

// The same activation for networks whose scratch would not stay in the first level cache.
template <template <class> class Act>
struct Lean {
  template <class Real>
  using Of = Act<Real>;
  static constexpr bool differs = false;
};
template <>
struct Lean<Silu> {
  template <class Real>
  using Of = LeanSilu<Real>;
  static constexpr bool differs = true;
};
constexpr std::size_t lean_bytes = 24 * 1024;

template <template <class> class Act, class Real, int d>
constexpr Keeping keeping = [] {
  if constexpr (Act<Real>::homogeneous == 0) return Keeping::packs;
  if constexpr (has_masks && Act<Real>::id == Activation::relu) return Keeping::mask;
  return d == 1 ? Keeping::nothing : Keeping::z;
}();

// Reals of scratch for one group of lanes and one sample (of two bytes a mask takes at most).
template <template <class> class Act, class Real, int d>
constexpr std::size_t kept_reals = [] {
  constexpr std::size_t L = lanes<Real>;
  switch (keeping<Act, Real, d>) {
    case Keeping::nothing: return std::size_t{0};
    case Keeping::z: return L;
    case Keeping::mask: return std::size_t{1};
    case Keeping::packs:
      if constexpr (Act<Real>::homogeneous == 0) return Act<Real>::kept * L;
  }
  return std::size_t{0};
}();

// The most that any of them keeps, in any dimension and however wide the network.
template <class Real, template <class> class... Act>
constexpr std::size_t most_kept_reals = [] {
  const std::size_t all[] = {kept_reals<Act, Real, 0>..., kept_reals<Act, Real, 1>...,
                             kept_reals<Lean<Act>::template Of, Real, 1>...};
  std::size_t most = 0;
  for (const std::size_t kept : all)
    if (kept > most) most = kept;
  return most;
}();

// f[k] += a h(z[k]), and what the backward pass needs to scratch.
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
        const std::uint16_t bits = mask;
        __builtin_memcpy(to, &bits, sizeof bits);
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
#if defined(__AVX512F__)
  constexpr std::size_t L = lanes<Real>;
  decltype(positive(r[0])) mask[Block];
#pragma GCC unroll 16
  for (int k = 0; k < Block; ++k) {
    std::uint16_t bits;
    __builtin_memcpy(&bits, scratch + k, sizeof bits);
    mask[k] = static_cast<decltype(positive(r[0]))>(bits);
  }
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
#else
  static_assert(has_masks && Block == 0 && sizeof(Real) == 0);
#endif
}

// Add r h' x, r h' and r h of Block samples to the gradient sums of one group of lanes.
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

constexpr int narrow_block = 8;

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

// Lanes of one logical set: 16 lanes in `ways` packs.
template <class Real>
constexpr int ways = static_cast<int>(logical_lanes) / lanes<Real>;

// The fixed tree 16 -> 8 -> 4 -> 2 -> 1.
template <class Real>
inline Real tree_sum(const Pack<Real> (&packs)[ways<Real>]) {
  alignas(pack_bytes) Real at[logical_lanes];
  for (int u = 0; u < ways<Real>; ++u) store(at + u * lanes<Real>, packs[u]);
#pragma GCC unroll 4
  for (std::size_t half = logical_lanes / 2; half > 0; half /= 2)
    for (std::size_t i = 0; i < half; ++i) at[i] += at[i + half];
  return at[0];
}

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

template <class Real>
void add(Real* to, const Real* from, std::size_t count) {
  for (std::size_t i = 0; i < count; i += lanes<Real>) store(to + i, load(to + i) + load(from + i));
}

// Zero in place of numbers below the smallest normal one. The mean of a neuron without samples
// halves every seven steps and would stay there, where most CPUs take a hundred cycles for a
// product.
template <class Real>
inline Pack<Real> without_subnormals(Pack<Real> a) {
  constexpr Real smallest = sizeof(Real) == 4 ? Real(0x1p-126) : Real(0x1p-1022);
  return magnitude<Real>(a) < smallest ? Pack<Real>{} : a;
}

template <class Real>
void adam(Real* p, const Real* g, Real* m, Real* v, std::size_t count,
          const UpdateStep<Real>& step) {
  for (std::size_t i = 0; i < count; i += lanes<Real>) {
    const Pack<Real> gradient = load(g + i);
    const Pack<Real> mean = without_subnormals<Real>(
        fma(load(m + i), all(step.beta1), gradient * step.one_minus_beta1));
    const Pack<Real> square = without_subnormals<Real>(
        fma(load(v + i), all(step.beta2), gradient * gradient * step.one_minus_beta2));
    store(m + i, mean);
    store(v + i, square);
    const Pack<Real> root = fma(sqrt(square), all(step.inverse_root_correction), all(step.epsilon));
    store(p + i, load(p + i) - mean * step.step_size / root);
  }
}

template <class Real>
void sgd(Real* p, const Real* g, Real* m, std::size_t count, const UpdateStep<Real>& step) {
  for (std::size_t i = 0; i < count; i += lanes<Real>) {
    const Pack<Real> mean =
        without_subnormals<Real>(fma(load(m + i), all(step.beta1), load(g + i)));
    store(m + i, mean);
    store(p + i, load(p + i) - mean * step.step_size);
  }
}

}  // namespace
