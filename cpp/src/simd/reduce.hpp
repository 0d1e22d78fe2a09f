// Sums over the logical lanes, in an order that no instruction set changes.
#pragma once

#include "dense_kernels.hpp"
#include "pack.hpp"

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

}  // namespace
