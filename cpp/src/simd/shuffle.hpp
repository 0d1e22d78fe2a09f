// Moves of numbers between lanes and packs: they change no bit.
#pragma once

#include <cstdint>

#include "pack.hpp"

namespace {

// Lane i is number at[i] of those of `one`, then those of `two`; `at` is known when compiled.
template <class Real>
[[gnu::always_inline]] inline Pack<Real> shuffled(Pack<Real> one, Pack<Real> two,
                                                  typename Types<Real>::Ints at) {
#if defined(__clang__)
  Pack<Real> result{};
  for (int i = 0; i < lanes<Real>; ++i)
    result[i] = at[i] < lanes<Real> ? one[at[i]] : two[at[i] - lanes<Real>];
  return result;
#else
  return __builtin_shuffle(one, two, at);
#endif
}

// Exchange squares of `half` lanes off the diagonal, then smaller ones: rows become columns.
template <class Real, int half = lanes<Real> / 2>
[[gnu::always_inline]] inline void transpose(Pack<Real> (&rows)[lanes<Real>]) {
  using Ints = typename Types<Real>::Ints;
  using Int = typename Types<Real>::Int;
  constexpr int L = lanes<Real>;
  if constexpr (half > 0) {
    Ints upper{}, lower{};
    for (int i = 0; i < L; ++i) {
      upper[i] = static_cast<Int>((i & half) != 0 ? L + i - half : i);
      lower[i] = static_cast<Int>((i & half) != 0 ? L + i : i + half);
    }
#pragma GCC unroll 16
    for (int i = 0; i < L; ++i) {
      if ((i & half) != 0) continue;
      const Pack<Real> one = rows[i], two = rows[i + half];
      rows[i] = shuffled<Real>(one, two, upper);
      rows[i + half] = shuffled<Real>(one, two, lower);
    }
    transpose<Real, half / 2>(rows);
  }
}

// to[k stride + j] = rows[which[j] width + k] for k < dimension and j < count, 0 for j up to the
// next multiple of the lanes; width is a multiple of them.
template <class Real>
void gather_rows(const Real* rows, std::size_t width, const std::uint32_t* which, std::size_t count,
                 std::size_t dimension, Real* to, std::size_t stride) {
  constexpr std::size_t L = lanes<Real>;
  for (std::size_t j = 0; j < count; j += L)
    for (std::size_t k = 0; k < dimension; k += L) {
      Pack<Real> square[L];
      for (std::size_t i = 0; i < L; ++i)
        square[i] = j + i < count ? load(rows + which[j + i] * width + k) : Pack<Real>{};
      transpose<Real>(square);
      const std::size_t end = k + L < dimension ? L : dimension - k;
      for (std::size_t i = 0; i < end; ++i) store(to + (k + i) * stride + j, square[i]);
    }
}

}  // namespace
