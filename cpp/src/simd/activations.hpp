// Each activation on packs: value h and derivative g at z.
//
// `homogeneous` is p > 0 where z g = p h for all z (Euler). Then the read-out's gradient follows
// from the others, sum_j r_j h_ij = (w_i . grad_w_i + b_i grad_b_i) / p with the gradients before
// the factor a_i, and neither h nor g need be stored: the backward pass takes g from z again.
#pragma once

#include "math.hpp"

namespace {

template <class Real>
struct ValueSlope {
  Pack<Real> h, g;
};

template <class Real>
struct Relu {
  static constexpr int homogeneous = 1;
  static Pack<Real> value(Pack<Real> z) { return larger(Pack<Real>{}, z); }
  static Pack<Real> times_slope(Pack<Real> z, Pack<Real> r) { return keep_positive(z, r); }
};

template <class Real>
struct LeakyRelu {
  static constexpr int homogeneous = 1;
  static constexpr Real slope = static_cast<Real>(0.01);
  static Pack<Real> value(Pack<Real> z) { return larger(z * slope, z); }
  static Pack<Real> times_slope(Pack<Real> z, Pack<Real> r) { return z > Real(0) ? r : r * slope; }
};

template <class Real>
struct Abs {
  static constexpr int homogeneous = 1;
  static Pack<Real> value(Pack<Real> z) { return magnitude<Real>(z); }
  static Pack<Real> times_slope(Pack<Real> z, Pack<Real> r) {
    return keep_positive(z, r) - keep_positive(-z, r);  // 0 at z = 0
  }
};

template <class Real>
struct Square {
  static constexpr int homogeneous = 2;
  static Pack<Real> value(Pack<Real> z) { return z * z; }
  static Pack<Real> times_slope(Pack<Real> z, Pack<Real> r) { return (z + z) * r; }
};

template <class Real>
struct Silu {
  static constexpr int homogeneous = 0;
  static ValueSlope<Real> at(Pack<Real> z) {
    const Pack<Real> s = Real(1) / one_plus_exp_minus<Real>(z), h = z * s;
    return {h, fma(s, z - h, s)};
  }
};

template <class Real>
struct Sigmoid {
  static constexpr int homogeneous = 0;
  static ValueSlope<Real> at(Pack<Real> z) {
    const Pack<Real> s = Real(1) / one_plus_exp_minus<Real>(z);
    return {s, s * (Real(1) - s)};
  }
};

template <class Real>
struct Tanh {
  static constexpr int homogeneous = 0;
  static ValueSlope<Real> at(Pack<Real> z) {
    const Pack<Real> t = tanh<Real>(z);
    return {t, fma(-t, t, all(Real(1)))};
  }
};

template <class Real>
struct ErrorFunction {
  static constexpr int homogeneous = 0;
  static ValueSlope<Real> at(Pack<Real> z) {
    const auto e = erf<Real>(z);
    return {e.value, e.gaussian * static_cast<Real>(1.12837916709551257390)};
  }
};

template <class Real>
struct Gelu {  // z Phi(z), Phi the normal distribution function
  static constexpr int homogeneous = 0;
  static ValueSlope<Real> at(Pack<Real> z) {
    const Pack<Real> x = magnitude<Real>(z) * static_cast<Real>(0.70710678118654752440);
    const Pack<Real> gaussian = exponential<Real>(z * z * Real(-0.5)).value;
    const Pack<Real> tail = Real(0.5) * gaussian * erfcx<Real>(x);
    const Pack<Real> phi = z > Real(0) ? Real(1) - tail : tail;
    return {z * phi, fma(z * gaussian, all(static_cast<Real>(0.39894228040143267794)), phi)};
  }
};

template <class Real>
struct Softplus {
  static constexpr int homogeneous = 0;
  static ValueSlope<Real> at(Pack<Real> z) {
    const Pack<Real> e = exponential<Real>(-magnitude<Real>(z)).value;  // e^-|z|
    const Pack<Real> inverse = Real(1) / (e + Real(1));
    const Pack<Real> slope = z > Real(0) ? inverse : e * inverse;
    return {larger(Pack<Real>{}, z) + log1p_unit<Real>(e), slope};
  }
};

template <class Real>
struct Sin {
  static constexpr int homogeneous = 0;
  static ValueSlope<Real> at(Pack<Real> z) {
    const auto both = sincos<Real>(z);
    return {both.sin, both.cos};
  }
};

}  // namespace
