// Narrow networks: one lane is one network, and every hinge meets every other one.
//
// With A = slope and B = offset of f left of all bends, changed by (A_n, B_n) at bend n,
//   sum_{j < k} r_j = A(k) X(k) + B(k) Q(k) - sum_{k_n < k} (A_n X(k_n) + B_n Q(k_n)) - Y(k),
//   A(k) = A + sum_{k_n < k} A_n, B(k) alike, X, Q, Y the prefix sums; times x: one power of x
//   more.
// No order of the bends is needed, so there is nothing to sort and no branch; N^2 compares in place
// of N D products.
#pragma once

#include "hinges.hpp"

namespace {

using ltens::simd::PiecewiseScratch;
using ltens::simd::row_size;

// Prefix sums at the bends of one neuron in all lanes.
struct Prefix {
  PackD at;  // the index
  PackD x, xx, q, y, xy;
};

struct Change {
  PackD at, slope, offset, sum, sum_x;  // the last two: what the bend takes off the prefix sums
};

inline Prefix prefix_at(const double* rows, const std::int32_t* index) {
  const Columns x = columns_at(rows, row_size, index), q = columns_at(rows + 2, row_size, index),
                y = columns_at(rows + 4, row_size, index);
  return {widened(index), x.first, x.second, q.first, y.first, y.second};
}

constexpr int narrow_tile = sizeof(PackD) == 64 ? 4 : 2;

// The sums of the residual before the bends of narrow_tile neurons: every change at a smaller index
// is met in the order of the neurons.
inline void residuals_before(const Change* changes, std::size_t width, PackD slope, PackD offset,
                             const Prefix* prefix, Sums* out) {
  constexpr int T = narrow_tile;
  PackD a[T], b[T], c[T], d[T];
  for (int t = 0; t < T; ++t) {
    a[t] = slope;
    b[t] = offset;
    c[t] = d[t] = PackD{};
  }
  for (std::size_t n = 0; n < width; ++n) {
    const PackD at = changes[n].at, slope_change = changes[n].slope,
                offset_change = changes[n].offset, sum = changes[n].sum, sum_x = changes[n].sum_x;
#pragma GCC unroll 4
    for (int t = 0; t < T; ++t) {
      const Ints<double> earlier = at < prefix[t].at;
      a[t] = add_where(earlier, a[t], slope_change);
      b[t] = add_where(earlier, b[t], offset_change);
      c[t] = add_where(earlier, c[t], sum);
      d[t] = add_where(earlier, d[t], sum_x);
    }
  }
#pragma GCC unroll 4
  for (int t = 0; t < T; ++t) {
    const Prefix& p = prefix[t];
    out[t] = {fma(a[t], p.x, fma(b[t], p.q, -(c[t] + p.y))),
              fma(a[t], p.xx, fma(b[t], p.x, -(d[t] + p.xy)))};
  }
}

// Working memory of one pack of networks, carved from scratch.sums.
struct NarrowMemory {
  NarrowMemory(double* from, std::size_t tiles) {
    prefix = reinterpret_cast<Prefix*>(from);
    before = reinterpret_cast<Sums*>(prefix + tiles * narrow_tile);
    tied = before + tiles * narrow_tile;
    changes = reinterpret_cast<Change*>(tied + tiles * narrow_tile);
  }
  Prefix* prefix;
  Sums *before, *tied;
  Change* changes;
};
constexpr std::size_t narrow_sums =
    (sizeof(Prefix) + 2 * sizeof(Sums) + sizeof(Change)) / sizeof(double);

// The sums over the samples with z = 0 of one neuron in one lane.
template <class Real>
inline void add_tied(const NarrowMemory& memory, const SortedSamples<Real>& samples,
                     std::size_t width, PackD slope, PackD offset, std::size_t neuron, int lane,
                     std::int32_t other) {
  double a = slope[lane], b = offset[lane], c = 0, d = 0;
  for (std::size_t n = 0; n < width; ++n) {
    const Change& change = memory.changes[n];
    if (!(change.at[lane] < other)) continue;
    a += change.slope[lane];
    b += change.offset[lane];
    c += change.sum[lane];
    d += change.sum_x[lane];
  }
  const double* row = samples.rows + row_size * static_cast<std::size_t>(other);
  const double r = fma_of(a, row[0], fma_of(b, row[2], -(c + row[4])));
  const double rx = fma_of(a, row[1], fma_of(b, row[0], -(d + row[5])));
  const Sums& before = memory.before[neuron];
  const bool later = other > memory.prefix[neuron].at[lane];
  memory.tied[neuron].r[lane] = later ? r - before.r[lane] : before.r[lane] - r;
  memory.tied[neuron].rx[lane] = later ? rx - before.rx[lane] : before.rx[lane] - rx;
}

// The gradient of L by the equations above, in float64 whatever the Real of the parameters.
// Overwrites the scratch. Error: a few eps sum_n |a_n| (|w_n x| + |b_n|) in the sums of the
// residual.
template <template <class> class Act, class Real>
void piecewise_narrow(const Layer<Real>& layer, const Real* c_at,
                      const SortedSamples<Real>& samples, const Gradient<Real>& gradient,
                      Real* grad_c, PiecewiseScratch& scratch) {
  constexpr std::size_t L = lanes<Real>, H = lanes<double>, T = narrow_tile;
  using A = Act<Real>;
  const std::size_t width = layer.groups, tiles = (width + T) / T;
  const std::size_t ties =
      locate<Real, has_ties<A>>(layer.w, layer.b, width * L, samples, scratch.index, scratch.ties);
  const NarrowMemory memory(scratch.sums, tiles);
  alignas(64) std::int32_t end[H];
  for (std::size_t lane = 0; lane < H; ++lane) end[lane] = samples.count;
  for (std::size_t half = 0; half < L; half += H) {
    PackD slope{}, offset = widened(c_at + half) + 0.0;  // never -0
    for (std::size_t n = 0; n < width; ++n) {
      const Prefix p = prefix_at(samples.rows, scratch.index + n * L + half);
      const Bend bend = bend_of<A>(neurons_at(layer, n * L + half, samples.centre));
      memory.prefix[n] = p;
      memory.changes[n] = {p.at, bend.slope_change, bend.offset_change,
                           fma(bend.slope_change, p.x, bend.offset_change * p.q),
                           fma(bend.slope_change, p.xx, bend.offset_change * p.x)};
      slope += bend.slope;
      offset += bend.offset;
      if constexpr (has_ties<A>) memory.tied[n] = {PackD{}, PackD{}};
    }
    for (std::size_t n = width; n < tiles * T; ++n) memory.prefix[n] = prefix_at(samples.rows, end);
    for (std::size_t n = 0; n < tiles * T; n += T)
      residuals_before(memory.changes, width, slope, offset, memory.prefix + n, memory.before + n);
    for (std::size_t i = 0; i < ties; ++i) {
      const std::size_t neuron = static_cast<std::size_t>(scratch.ties[i].neuron) / L,
                        lane = static_cast<std::size_t>(scratch.ties[i].neuron) % L;
      if (lane >= half && lane < half + H)
        add_tied(memory, samples, width, slope, offset, neuron, static_cast<int>(lane - half),
                 scratch.ties[i].other);
    }
    const Sums whole = memory.before[width];
    for (std::size_t n = 0; n < width; ++n)
      store_gradient<A>(gradient, n * L + half, neurons_at(layer, n * L + half, samples.centre),
                        memory.before[n], whole, memory.tied[n], samples.centre);
    store_rounded(grad_c + half, whole.r);
  }
}

}  // namespace
