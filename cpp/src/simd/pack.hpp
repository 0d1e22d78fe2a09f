// A pack of equal-typed lanes on the instruction set this file is compiled for.
//
// Everything here has internal linkage (an anonymous namespace): code compiled with instruction-set
// flags must give the linker nothing that baseline code could pick up. For the same reason no
// standard library template is used. Each lane's result is the IEEE result of the same scalar
// operations, so it does not depend on the number of lanes.
#pragma once

#include <cstddef>
#include <cstdint>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace {

#if defined(__AVX512F__)
constexpr int pack_bytes = 64;
#elif defined(__AVX2__)
constexpr int pack_bytes = 32;
#else
constexpr int pack_bytes = 16;
#endif

template <class Real>
struct Types;

template <>
struct Types<float> {
  typedef float Reals __attribute__((vector_size(pack_bytes)));
  typedef std::int32_t Ints __attribute__((vector_size(pack_bytes)));
  using Int = std::int32_t;
  static constexpr int mantissa_bits = 23;
  static constexpr int exponent_bias = 127;
};

template <>
struct Types<double> {
  typedef double Reals __attribute__((vector_size(pack_bytes)));
  typedef std::int64_t Ints __attribute__((vector_size(pack_bytes)));
  using Int = std::int64_t;
  static constexpr int mantissa_bits = 52;
  static constexpr int exponent_bias = 1023;
};

template <class Real>
using Pack = typename Types<Real>::Reals;

template <class Real>
constexpr int lanes = pack_bytes / static_cast<int>(sizeof(Real));

template <class Real>
inline Pack<Real> load(const Real* from) {
  return *reinterpret_cast<const Pack<Real>*>(from);
}

template <class Real>
inline void store(Real* to, Pack<Real> value) {
  *reinterpret_cast<Pack<Real>*>(to) = value;
}

template <class Real>
inline Pack<Real> all(Real value) {
  return value - Pack<Real>{};
}

using PackF = Pack<float>;
using PackD = Pack<double>;

// fma: a b + c rounded once. sqrt: correctly rounded. larger: a > b ? a : b, so that a NaN in b
// comes through. keep_positive: a where test is positive or NaN, else 0.
#if defined(__AVX512F__)
inline PackF fma(PackF a, PackF b, PackF c) { return _mm512_fmadd_ps(a, b, c); }
inline PackD fma(PackD a, PackD b, PackD c) { return _mm512_fmadd_pd(a, b, c); }
inline PackF sqrt(PackF a) { return _mm512_sqrt_ps(a); }
inline PackD sqrt(PackD a) { return _mm512_sqrt_pd(a); }
inline PackF larger(PackF a, PackF b) { return _mm512_max_ps(a, b); }
inline PackD larger(PackD a, PackD b) { return _mm512_max_pd(a, b); }
inline PackF smaller(PackF a, PackF b) { return _mm512_min_ps(a, b); }
inline PackD smaller(PackD a, PackD b) { return _mm512_min_pd(a, b); }
inline PackF keep_positive(PackF test, PackF a) {
  return _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(test, PackF{}, _CMP_NLE_UQ), a);
}
inline PackD keep_positive(PackD test, PackD a) {
  return _mm512_maskz_mov_pd(_mm512_cmp_pd_mask(test, PackD{}, _CMP_NLE_UQ), a);
}
#elif defined(__AVX2__)
inline PackF fma(PackF a, PackF b, PackF c) { return _mm256_fmadd_ps(a, b, c); }
inline PackD fma(PackD a, PackD b, PackD c) { return _mm256_fmadd_pd(a, b, c); }
inline PackF sqrt(PackF a) { return _mm256_sqrt_ps(a); }
inline PackD sqrt(PackD a) { return _mm256_sqrt_pd(a); }
inline PackF larger(PackF a, PackF b) { return _mm256_max_ps(a, b); }
inline PackD larger(PackD a, PackD b) { return _mm256_max_pd(a, b); }
inline PackF smaller(PackF a, PackF b) { return _mm256_min_ps(a, b); }
inline PackD smaller(PackD a, PackD b) { return _mm256_min_pd(a, b); }
inline PackF keep_positive(PackF test, PackF a) {
  return _mm256_and_ps(_mm256_cmp_ps(test, PackF{}, _CMP_NLE_UQ), a);
}
inline PackD keep_positive(PackD test, PackD a) {
  return _mm256_and_pd(_mm256_cmp_pd(test, PackD{}, _CMP_NLE_UQ), a);
}
#else
#if defined(__aarch64__)
inline PackF fma(PackF a, PackF b, PackF c) { return vfmaq_f32(c, a, b); }
inline PackD fma(PackD a, PackD b, PackD c) { return vfmaq_f64(c, a, b); }
inline PackF sqrt(PackF a) { return vsqrtq_f32(a); }
inline PackD sqrt(PackD a) { return vsqrtq_f64(a); }
#else  // baseline x86-64: no fused multiply-add, hence another numerics id
inline PackF fma(PackF a, PackF b, PackF c) { return a * b + c; }
inline PackD fma(PackD a, PackD b, PackD c) { return a * b + c; }
inline PackF sqrt(PackF a) { return _mm_sqrt_ps(a); }
inline PackD sqrt(PackD a) { return _mm_sqrt_pd(a); }
#endif
inline PackF larger(PackF a, PackF b) { return a > b ? a : b; }
inline PackD larger(PackD a, PackD b) { return a > b ? a : b; }
inline PackF smaller(PackF a, PackF b) { return a < b ? a : b; }
inline PackD smaller(PackD a, PackD b) { return a < b ? a : b; }
inline PackF keep_positive(PackF test, PackF a) { return test <= 0 ? PackF{} : a; }
inline PackD keep_positive(PackD test, PackD a) { return test <= 0 ? PackD{} : a; }
#endif

// Where a pack is positive (or NaN), as a mask of the hardware: what AVX-512 alone has.
#if defined(__AVX512F__)
constexpr bool has_masks = true;
using MaskF = __mmask16;
using MaskD = __mmask8;
inline MaskF positive(PackF a) { return _mm512_cmp_ps_mask(a, PackF{}, _CMP_NLE_UQ); }
inline MaskD positive(PackD a) { return _mm512_cmp_pd_mask(a, PackD{}, _CMP_NLE_UQ); }
// a b + c and a + c under the mask, elsewhere c.
inline PackF fma_if(MaskF m, PackF a, PackF b, PackF c) {
  return _mm512_mask3_fmadd_ps(a, b, c, m);
}
inline PackD fma_if(MaskD m, PackD a, PackD b, PackD c) {
  return _mm512_mask3_fmadd_pd(a, b, c, m);
}
inline PackF add_if(MaskF m, PackF a, PackF c) { return _mm512_mask_add_ps(c, m, c, a); }
inline PackD add_if(MaskD m, PackD a, PackD c) { return _mm512_mask_add_pd(c, m, c, a); }
template <class Real, class Mask>
inline void store_mask(Real* to, Mask mask) {
  const std::uint16_t bits = mask;
  __builtin_memcpy(to, &bits, sizeof bits);
}
template <class Real, class Mask>
inline void load_mask(const Real* from, Mask& mask) {
  std::uint16_t bits;
  __builtin_memcpy(&bits, from, sizeof bits);
  mask = static_cast<Mask>(bits);
}
#else
constexpr bool has_masks = false;
#endif

// to + value where the mask (0 or -1) holds. `to` must not be -0, to which the second form adds +0.
inline PackD add_where(Types<double>::Ints mask, PackD to, PackD value) {
#if defined(__AVX512F__)
  return mask ? to + value : to;
#else
  return to + reinterpret_cast<PackD>(mask & reinterpret_cast<Types<double>::Ints>(value));
#endif
}

// Two numbers of float64, whatever the lanes of a pack.
typedef double Pair __attribute__((vector_size(16)));

inline Pair pair_fma(Pair a, Pair b, Pair c) {
#if defined(__FMA__) || defined(__AVX512F__)
  return _mm_fmadd_pd(a, b, c);
#else
  return fma(a, b, c);  // a Pair is a PackD there
#endif
}

inline Pair pair_at(const double* from) { return *reinterpret_cast<const Pair*>(from); }

// |a|, by clearing the sign.
template <class Real, class P = Pack<Real>>
inline P magnitude(P a) {
  using Ints = typename Types<Real>::Ints;
  using Int = typename Types<Real>::Int;
  constexpr Int everything_but_sign =
      static_cast<Int>(~(static_cast<std::uint64_t>(1) << (8 * sizeof(Real) - 1)));
  return reinterpret_cast<P>(reinterpret_cast<Ints>(a) & everything_but_sign);
}

// a with the sign of s flipped in: a if s >= +0, -a if the sign bit of s is set.
template <class Real, class P = Pack<Real>>
inline P with_sign_of(P a, P s) {
  using Ints = typename Types<Real>::Ints;
  const Ints sign = reinterpret_cast<Ints>(s) ^ reinterpret_cast<Ints>(magnitude<Real>(s));
  return reinterpret_cast<P>(reinterpret_cast<Ints>(a) ^ sign);
}

}  // namespace
