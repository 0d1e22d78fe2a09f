// Elementary functions on packs: own polynomials, branch-free, the same bits on every instruction
// set with fused multiply-add. Errors are the largest in the whole range, float (double), in ULP:
// measured by tests/accuracy, claimed and tested there, tabulated in docs/guide/numerics.md.
#pragma once

#include "pack.hpp"

namespace {

#include "coefficients.hpp"

// Horner's rule over a table of coefficients, lowest degree first.
template <class Real, std::size_t Size>
inline Pack<Real> polynomial(const Real (&at)[Size], Pack<Real> x) {
  Pack<Real> sum = all(at[Size - 1]);
#pragma GCC unroll 32
  for (std::size_t i = 1; i < Size; ++i) sum = fma(sum, x, all(at[Size - 1 - i]));
  return sum;
}

// x = n + fraction for |x| below 2^(mantissa bits - 2): adding 1.5 2^mantissa_bits leaves n in the
// low bits of the sum, here already biased, so that one shift makes 2^n.
template <class Real>
struct Rounded {
  Pack<Real> whole;   // n
  Pack<Real> power;   // 2^n, for n a normal exponent
  Pack<Real> parity;  // +0 if n is even, -0 if it is odd
};

template <class Real>
constexpr Real rounding_magic =
    static_cast<Real>(1.5) *
        static_cast<Real>(static_cast<std::int64_t>(1) << Types<Real>::mantissa_bits) +
    static_cast<Real>(Types<Real>::exponent_bias);

template <class Real>
inline Rounded<Real> rounded(Pack<Real> shifted) {
  using Ints = typename Types<Real>::Ints;
  const Ints bits = reinterpret_cast<Ints>(shifted);
  return {shifted - rounding_magic<Real>,
          reinterpret_cast<Pack<Real>>(bits << Types<Real>::mantissa_bits),
          reinterpret_cast<Pack<Real>>((bits - Types<Real>::exponent_bias)
                                       << (8 * static_cast<int>(sizeof(Real)) - 1))};
}

template <class Real>
constexpr Real exp_limit = sizeof(Real) == 4 ? Real(87) : Real(708);

template <class Real>
inline Pack<Real> limited(Pack<Real> x, Real low, Real high) {
  return larger(all(low), smaller(all(high), x));
}

// 1 + e^-x, x clamped to +-87 (float) or +-708 (double). The product x log2(e) is rounded once, so
// the relative error of e^-x grows with |x|: its inverse, the sigmoid, is within 4 (2.4) ULP for
// |x| <= 4 and 20 (67) at -87 (-708).
template <class Real>
inline Pack<Real> one_plus_exp_minus(Pack<Real> x) {
  constexpr Real minus_log2e = static_cast<Real>(-1.44269504088896340736);
  x = limited<Real>(x, -exp_limit<Real>, exp_limit<Real>);
  const auto n = rounded<Real>(fma(x, all(minus_log2e), all(rounding_magic<Real>)));
  const Pack<Real> r = fma(x, all(minus_log2e), -n.whole);
  const Pack<Real> q = polynomial(exp2_ratio<Real>::at, r);  // 2^r = 1 + r q
  return fma(n.power, fma(q, r, all(Real(1))), all(Real(1)));
}

// What is known of an argument: the bound on the other side need not be looked at.
enum class Sign { any, negative, small };  // small: well inside the range

// e^x - 1 and e^x for x clamped to +-87 or +-708: 1.6 (2.1) and 1.1 (1.0) ULP.
template <class Real>
struct Exp {
  Pack<Real> minus_one, value;
};

template <class Real, Sign sign = Sign::any>
inline Exp<Real> exponential(Pack<Real> x) {
  constexpr Real log2e = static_cast<Real>(1.44269504088896340736);
  constexpr Real ln2_high = sizeof(Real) == 4 ? Real(0x1.62e4p-1) : Real(0x1.62e42fefa38p-1);
  constexpr Real ln2_low =
      sizeof(Real) == 4 ? Real(0x1.7f7d1c0000000p-20) : Real(0x1.ef35793c76730p-45);
  if constexpr (sign == Sign::any)
    x = limited<Real>(x, -exp_limit<Real>, exp_limit<Real>);
  else if constexpr (sign == Sign::negative)
    x = larger(all(-exp_limit<Real>), x);
  const auto n = rounded<Real>(fma(x, all(log2e), all(rounding_magic<Real>)));
  Pack<Real> r = fma(n.whole, all(-ln2_high), x);
  r = fma(n.whole, all(-ln2_low), r);
  const Pack<Real> p = fma(polynomial(expm1_tail<Real>::at, r), r * r, r);  // e^r - 1
  return {fma(n.power, p, n.power - Real(1)), fma(n.power, p, n.power)};
}

// tanh(x) = m / (m + 2) with m = e^(2x) - 1, for |x|, sign restored: 2.4 (2.2) ULP.
template <class Real>
inline Pack<Real> tanh(Pack<Real> x) {
  const Pack<Real> positive = smaller(all(Real(20)), magnitude<Real>(x));
  const Pack<Real> m = exponential<Real, Sign::small>(positive + positive).minus_one;
  const Pack<Real> t = m / (m + Real(2));
  return with_sign_of<Real>(t, x) + Real(0) * x;  // 0 x carries NaN through
}

// log(1 + y) for y in [0, 1]: 2 atanh(s), s = y / (2 + y): 1.9 (1.9) ULP.
template <class Real>
inline Pack<Real> log1p_unit(Pack<Real> y) {
  const Pack<Real> s = y / (y + Real(2));
  const Pack<Real> u = s * s;
  const Pack<Real> half = fma(polynomial(atanh_tail<Real>::at, u) * u, s, s);
  return half + half;
}

// log(1 + y) for y >= 0, far below the overflow: with 1 + y = 2^n m, n log 2 + log1p_unit(m - 1);
// below 1 it is log1p_unit(y): 1.9 (1.7) ULP.
template <class Real>
inline Pack<Real> log1p_positive(Pack<Real> y) {
  using Ints = typename Types<Real>::Ints;
  using Int = typename Types<Real>::Int;
  constexpr Real ln2_high = sizeof(Real) == 4 ? Real(0x1.62e4p-1) : Real(0x1.62e42fefa38p-1);
  constexpr Real ln2_low =
      sizeof(Real) == 4 ? Real(0x1.7f7d1c0000000p-20) : Real(0x1.ef35793c76730p-45);
  constexpr Int bias = Types<Real>::exponent_bias;
  const Ints bits = reinterpret_cast<Ints>(y + Real(1));
  const Ints power = bits >> Types<Real>::mantissa_bits;  // n + bias
  const auto mantissa =
      reinterpret_cast<Pack<Real>>(bits - ((power - bias) << Types<Real>::mantissa_bits));  // m
  const auto n = __builtin_convertvector(power - bias, Pack<Real>);
  const Pack<Real> small = log1p_unit<Real>(y < Real(1) ? y : mantissa - Real(1));
  const Pack<Real> large = fma(n, all(ln2_high), fma(n, all(ln2_low), small));
  return (y < Real(1) ? small : large) + Real(0) * y;  // 0 y carries NaN through
}

// erfc(x) e^(x^2) for x >= 0, useful up to 10 (float) or 28 (double), where erfc has vanished:
// 4.4 (8.3) ULP.
template <class Real>
inline Pack<Real> erfcx(Pack<Real> x) {
  const Pack<Real> t =
      Real(2) / (smaller(all(sizeof(Real) == 4 ? Real(10) : Real(28)), x) + Real(2));
  return t * polynomial(erfcx_ratio<Real>::at, t + t - Real(1));
}

// erf and e^(-x^2) together: x R(x^2) below 1, 1 - e^(-x^2) erfcx(x) above: 2.5 (1.5)
// ULP.
template <class Real>
struct ErfAndGaussian {
  Pack<Real> value, gaussian;
};

template <class Real>
inline ErfAndGaussian<Real> erf_and_gaussian(Pack<Real> x) {
  const Pack<Real> positive = magnitude<Real>(x), u = x * x;
  const Pack<Real> gaussian = exponential<Real, Sign::negative>(-u).value;
  const Pack<Real> near = x * polynomial(erf_ratio<Real>::at, smaller(all(Real(1)), u));
  const Pack<Real> far = with_sign_of<Real>(Real(1) - gaussian * erfcx<Real>(positive), x);
  return {positive < Real(1) ? near : far + Real(0) * x, gaussian};
}

// sin and cos: x = n pi + r with pi in three pieces, so |x| should stay below 10^4 (float) or 10^8
// (double; 3 10^6 without fused multiply-add). Errors: 1.0 (1.0) units of the
// last place of 1.
template <class Real>
struct SinCos {
  Pack<Real> sin, cos;
};

template <class Real>
inline SinCos<Real> sincos(Pack<Real> x) {
  constexpr Real inverse_pi = static_cast<Real>(0.318309886183790671538);
  constexpr Real pi_high = sizeof(Real) == 4 ? Real(0x1.92p+1) : Real(0x1.921fb544p+1);
  constexpr Real pi_middle = sizeof(Real) == 4 ? Real(0x1.fbp-11) : Real(0x1.0b4611a6p-33);
  constexpr Real pi_low =
      sizeof(Real) == 4 ? Real(0x1.5110b40000000p-21) : Real(0x1.3198a2e037073p-68);
  const auto n = rounded<Real>(fma(x, all(inverse_pi), all(rounding_magic<Real>)));
  Pack<Real> r = fma(n.whole, all(-pi_high), x);
  r = fma(n.whole, all(-pi_middle), r);
  r = fma(n.whole, all(-pi_low), r);
  const Pack<Real> u = r * r;
  const Pack<Real> sine = fma(polynomial(sin_tail<Real>::at, u) * u, r, r);
  const Pack<Real> cosine =
      fma(polynomial(cos_tail<Real>::at, u), u * u, fma(u, all(Real(-0.5)), all(Real(1))));
  return {with_sign_of<Real>(sine, n.parity), with_sign_of<Real>(cosine, n.parity)};
}

}  // namespace
