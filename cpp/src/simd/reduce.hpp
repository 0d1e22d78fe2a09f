// Sums over the logical lanes, in an order that no instruction set changes.
#pragma once

#include "dense_kernels.hpp"
#include "shuffle.hpp"

namespace {

using ltens::simd::logical_lanes;

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

// Of two packs that hold the sums of some rows in blocks of `size` lanes each, the same in blocks
// of half the size: the rows of `one`, then those of `two`.
template <class Real, int size>
inline Pack<Real> halved(Pack<Real> one, Pack<Real> two) {
  using Ints = typename Types<Real>::Ints;
  using Int = typename Types<Real>::Int;
  constexpr int half = size / 2;
  Ints low{};
  for (int i = 0; i < lanes<Real>; ++i) low[i] = static_cast<Int>(i / half * size + i % half);
  return shuffled<Real>(one, two, low) + shuffled<Real>(one, two, low + half);
}

// The sums of the L rows of one pack each from `rows` on, in their order, by the same tree.
template <class Real, int size>
inline Pack<Real> sums_of_packs(const Pack<Real>* rows) {
  if constexpr (size == 1)
    return rows[0];
  else
    return halved<Real, 2 * lanes<Real> / size>(sums_of_packs<Real, size / 2>(rows),
                                                sums_of_packs<Real, size / 2>(rows + size / 2));
}

// tree_sum of 16 rows at once: rows (16, logical_lanes), out (16,).
template <class Real>
inline void tree_sums(const Real* rows, Real* out) {
  constexpr int L = lanes<Real>, W = ways<Real>;
  for (int first = 0; first < 16; first += L) {
    Pack<Real> sums[L];
    for (int r = 0; r < L; ++r) {
      Pack<Real> at[W];
      for (int u = 0; u < W; ++u)
        at[u] = load(rows + (first + r) * static_cast<int>(logical_lanes) + u * L);
      for (int half = W / 2; half > 0; half /= 2)
        for (int u = 0; u < half; ++u) at[u] += at[u + half];
      sums[r] = at[0];
    }
    store(out + first, sums_of_packs<Real, L>(sums));
  }
}

}  // namespace
