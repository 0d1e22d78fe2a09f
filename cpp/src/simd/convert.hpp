// Between packs of the network's numbers and packs of float64, and other moves between lanes.
#pragma once

#include "pack.hpp"

namespace {

// lanes<double> numbers as float64.
inline PackD widened(const double* from) { return load(from); }
inline void store_rounded(double* to, PackD value) { store(to, value); }

#if defined(__AVX512F__)
inline PackD widened(const float* from) { return _mm512_cvtps_pd(_mm256_load_ps(from)); }
inline PackD widened(const std::int32_t* from) {
  return _mm512_cvtepi32_pd(_mm256_load_si256(reinterpret_cast<const __m256i*>(from)));
}
inline void store_rounded(float* to, PackD value) { _mm256_store_ps(to, _mm512_cvtpd_ps(value)); }
#elif defined(__AVX2__)
inline PackD widened(const float* from) { return _mm256_cvtps_pd(_mm_load_ps(from)); }
inline PackD widened(const std::int32_t* from) {
  return _mm256_cvtepi32_pd(_mm_load_si128(reinterpret_cast<const __m128i*>(from)));
}
inline void store_rounded(float* to, PackD value) { _mm_store_ps(to, _mm256_cvtpd_ps(value)); }
#else
inline PackD widened(const float* from) { return PackD{from[0], from[1]}; }
inline PackD widened(const std::int32_t* from) {
  return PackD{static_cast<double>(from[0]), static_cast<double>(from[1])};
}
inline void store_rounded(float* to, PackD value) {
  for (int i = 0; i < lanes<double>; ++i) to[i] = static_cast<float>(value[i]);
}
#endif

template <class Real>
using Ints = typename Types<Real>::Ints;

// from[at] in each lane.
#if defined(__AVX512F__)
inline PackF gather(const float* from, Ints<float> at) {
  return _mm512_i32gather_ps(reinterpret_cast<__m512i>(at), from, 4);
}
inline PackD gather(const double* from, Ints<double> at) {
  return _mm512_i64gather_pd(reinterpret_cast<__m512i>(at), from, 8);
}
inline Ints<float> gather(const std::int32_t* from, Ints<float> at) {
  return reinterpret_cast<Ints<float>>(
      _mm512_i32gather_epi32(reinterpret_cast<__m512i>(at), from, 4));
}
inline Ints<double> gather(const std::int64_t* from, Ints<double> at) {
  return reinterpret_cast<Ints<double>>(
      _mm512_i64gather_epi64(reinterpret_cast<__m512i>(at), from, 8));
}
#elif defined(__AVX2__)
inline PackF gather(const float* from, Ints<float> at) {
  return _mm256_i32gather_ps(from, reinterpret_cast<__m256i>(at), 4);
}
inline PackD gather(const double* from, Ints<double> at) {
  return _mm256_i64gather_pd(from, reinterpret_cast<__m256i>(at), 8);
}
inline Ints<float> gather(const std::int32_t* from, Ints<float> at) {
  return reinterpret_cast<Ints<float>>(
      _mm256_i32gather_epi32(from, reinterpret_cast<__m256i>(at), 4));
}
inline Ints<double> gather(const std::int64_t* from, Ints<double> at) {
  return reinterpret_cast<Ints<double>>(_mm256_i64gather_epi64(
      reinterpret_cast<const long long*>(from), reinterpret_cast<__m256i>(at), 8));
}
#else
template <class Real>
inline Pack<Real> gather(const Real* from, Ints<Real> at) {
  Pack<Real> result{};
  for (int i = 0; i < lanes<Real>; ++i) result[i] = from[at[i]];
  return result;
}
inline Ints<float> gather(const std::int32_t* from, Ints<float> at) {
  return Ints<float>{from[at[0]], from[at[1]], from[at[2]], from[at[3]]};
}
inline Ints<double> gather(const std::int64_t* from, Ints<double> at) {
  return Ints<double>{from[at[0]], from[at[1]]};
}
#endif

inline void store_indices(std::int32_t* to, Ints<float> index) {
  *reinterpret_cast<Ints<float>*>(to) = index;
}
inline void store_indices(std::int32_t* to, Ints<double> index) {
#if defined(__AVX512F__)
  _mm256_store_si256(reinterpret_cast<__m256i*>(to),
                     _mm512_cvtepi64_epi32(reinterpret_cast<__m512i>(index)));
#else
  for (int i = 0; i < lanes<double>; ++i) to[i] = static_cast<std::int32_t>(index[i]);
#endif
}

// Two neighbouring columns of a table, from the row of each lane.
struct Columns {
  PackD first, second;
};

#if defined(__AVX512F__)
inline __m512d every_other_row(const double* rows, std::size_t size, const std::int32_t* index) {
  const auto row = [&](int lane) {
    return _mm_load_pd(rows + size * static_cast<std::size_t>(index[lane]));
  };
  const __m256d low = _mm256_insertf128_pd(_mm256_castpd128_pd256(row(0)), row(2), 1);
  const __m256d high = _mm256_insertf128_pd(_mm256_castpd128_pd256(row(4)), row(6), 1);
  return _mm512_insertf64x4(_mm512_castpd256_pd512(low), high, 1);
}
inline Columns columns_at(const double* rows, std::size_t size, const std::int32_t* index) {
  const __m512d even = every_other_row(rows, size, index),
                odd = every_other_row(rows, size, index + 1);
  return {_mm512_unpacklo_pd(even, odd), _mm512_unpackhi_pd(even, odd)};
}
#elif defined(__AVX2__)
inline Columns columns_at(const double* rows, std::size_t size, const std::int32_t* index) {
  const auto row = [&](int lane) {
    return _mm_load_pd(rows + size * static_cast<std::size_t>(index[lane]));
  };
  const __m256d even = _mm256_insertf128_pd(_mm256_castpd128_pd256(row(0)), row(2), 1);
  const __m256d odd = _mm256_insertf128_pd(_mm256_castpd128_pd256(row(1)), row(3), 1);
  return {_mm256_unpacklo_pd(even, odd), _mm256_unpackhi_pd(even, odd)};
}
#else
inline Columns columns_at(const double* rows, std::size_t size, const std::int32_t* index) {
  const double* first = rows + size * static_cast<std::size_t>(index[0]);
  const double* second = rows + size * static_cast<std::size_t>(index[1]);
  return {PackD{first[0], second[0]}, PackD{first[1], second[1]}};
}
#endif

// Does any lane of a mask (0 or -1) hold?
template <class Real>
inline bool any(Ints<Real> mask) {
#if defined(__AVX512F__)
  const __m512i bits = reinterpret_cast<__m512i>(mask);
  return _mm512_test_epi64_mask(bits, bits) != 0;
#elif defined(__AVX2__)
  const __m256i bits = reinterpret_cast<__m256i>(mask);
  return _mm256_testz_si256(bits, bits) == 0;
#else
  bool result = false;
  for (int i = 0; i < lanes<Real>; ++i) result |= mask[i] != 0;
  return result;
#endif
}

// One lane alone, rounded as the packs are.
inline double fma_of(double a, double b, double c) {
#if defined(__FMA__) || defined(__AVX512F__) || defined(__aarch64__)
  return __builtin_fma(a, b, c);
#else
  return a * b + c;
#endif
}
inline float fma_of(float a, float b, float c) {
#if defined(__FMA__) || defined(__AVX512F__) || defined(__aarch64__)
  return __builtin_fmaf(a, b, c);
#else
  return a * b + c;
#endif
}

}  // namespace
