// Each activation on packs: value h and derivative g at z. Its row in ltens/activation.hpp says
// what else there is to know of it; the list at the end is expanded into every table of kernels.
//
// `homogeneous` is p > 0 where z g = p h for all z (Euler). Then the read-out's gradient follows
// from the others, sum_j r_j h_ij = (w_i . grad_w_i + b_i grad_b_i) / p with the gradients before
// the factor a_i, and neither h nor g need be stored: the backward pass takes g from z again.
//
// Of the others, the forward pass keeps h and g of each sample, or one number (`from_kept`) from
// which the backward pass makes both again, the same bits: half the memory traffic.
#pragma once

#include "ltens/activation.hpp"
#include "math.hpp"

namespace {

using ltens::Activation;

template <class Real>
struct ValueSlope {
  Pack<Real> h, g;
};

template <Activation activation>
struct Row {
  static constexpr Activation id = activation;
  static constexpr int homogeneous = ltens::info(activation).homogeneous;
  static constexpr bool piecewise_linear = ltens::info(activation).piecewise_linear;
  static constexpr double left_slope = ltens::info(activation).left_slope;
};

template <class Real>
struct Relu : Row<Activation::relu> {
  static Pack<Real> value(Pack<Real> z) { return larger(Pack<Real>{}, z); }
  static Pack<Real> times_slope(Pack<Real> z, Pack<Real> r) { return keep_positive(z, r); }
};

template <class Real>
struct LeakyRelu : Row<Activation::leaky_relu> {
  static constexpr Real slope = static_cast<Real>(LeakyRelu::left_slope);
  static Pack<Real> value(Pack<Real> z) { return larger(z * slope, z); }
  static Pack<Real> times_slope(Pack<Real> z, Pack<Real> r) { return z > Real(0) ? r : r * slope; }
};

template <class Real>
struct Abs : Row<Activation::abs> {
  static Pack<Real> value(Pack<Real> z) { return magnitude<Real>(z); }
  static Pack<Real> times_slope(Pack<Real> z, Pack<Real> r) {
    return z == Real(0) ? Pack<Real>{} : with_sign_of<Real>(r, z);
  }
};

template <class Real>
struct Square : Row<Activation::square> {
  static Pack<Real> value(Pack<Real> z) { return z * z; }
  static Pack<Real> times_slope(Pack<Real> z, Pack<Real> r) { return (z + z) * r; }
};

template <class Real>
struct Relu2 : Row<Activation::relu2> {
  static Pack<Real> value(Pack<Real> z) {
    const Pack<Real> positive = larger(Pack<Real>{}, z);
    return positive * positive;
  }
  static Pack<Real> times_slope(Pack<Real> z, Pack<Real> r) {
    const Pack<Real> positive = larger(Pack<Real>{}, z);
    return (positive + positive) * r;
  }
};

struct KeepsBoth {
  static constexpr int kept = 2;
  static constexpr bool needs_z = false;
};

struct KeepsOne {
  static constexpr int kept = 1;
  static constexpr bool needs_z = false;
};

template <class Real>
struct Silu : Row<Activation::silu>, KeepsBoth {
  static ValueSlope<Real> from_sigmoid(Pack<Real> z, Pack<Real> s) {
    const Pack<Real> h = z * s;
    return {h, fma(s, z - h, s)};
  }
  static ValueSlope<Real> at(Pack<Real> z) {
    return from_sigmoid(z, Real(1) / one_plus_exp_minus<Real>(z));
  }
};

// The same with the sigmoid kept: two operations more, for networks whose h and g would not fit
// the first level cache.
template <class Real>
struct LeanSilu : Row<Activation::silu>, KeepsOne {
  static constexpr bool needs_z = true;
  static Pack<Real> keep(Pack<Real> z) { return Real(1) / one_plus_exp_minus<Real>(z); }
  static ValueSlope<Real> from_kept(Pack<Real> z, Pack<Real> s) {
    return Silu<Real>::from_sigmoid(z, s);
  }
};

template <class Real>
struct Sigmoid : Row<Activation::sigmoid>, KeepsOne {
  static Pack<Real> keep(Pack<Real> z) { return Real(1) / one_plus_exp_minus<Real>(z); }
  static ValueSlope<Real> from_kept(Pack<Real>, Pack<Real> s) { return {s, s * (Real(1) - s)}; }
};

template <class Real>
struct Tanh : Row<Activation::tanh>, KeepsOne {
  static Pack<Real> keep(Pack<Real> z) { return tanh<Real>(z); }
  static ValueSlope<Real> from_kept(Pack<Real>, Pack<Real> t) {
    return {t, fma(-t, t, all(Real(1)))};
  }
};

template <class Real>
struct Erf : Row<Activation::erf>, KeepsBoth {
  static ValueSlope<Real> at(Pack<Real> z) {
    const auto e = erf_and_gaussian<Real>(z);
    return {e.value, e.gaussian * static_cast<Real>(1.12837916709551257390)};
  }
};

template <class Real>
struct Gelu : Row<Activation::gelu>, KeepsBoth {  // z Phi(z), Phi the normal distribution function
  static ValueSlope<Real> at(Pack<Real> z) {
    const Pack<Real> x = magnitude<Real>(z) * static_cast<Real>(0.70710678118654752440);
    const Pack<Real> gaussian = exponential<Real, Sign::negative>(z * z * Real(-0.5)).value;
    const Pack<Real> tail = Real(0.5) * gaussian * erfcx<Real>(x);
    const Pack<Real> phi = z > Real(0) ? Real(1) - tail : tail;
    return {z * phi, fma(z * gaussian, all(static_cast<Real>(0.39894228040143267794)), phi)};
  }
};

template <class Real>
struct Softplus : Row<Activation::softplus>, KeepsBoth {
  static ValueSlope<Real> at(Pack<Real> z) {
    const Pack<Real> e = exponential<Real, Sign::negative>(-magnitude<Real>(z)).value;  // e^-|z|
    const Pack<Real> inverse = Real(1) / (e + Real(1));
    const Pack<Real> slope = z > Real(0) ? inverse : e * inverse;
    return {larger(Pack<Real>{}, z) + log1p_unit<Real>(e), slope};
  }
};

template <class Real>
struct Sin : Row<Activation::sin>, KeepsBoth {
  static ValueSlope<Real> at(Pack<Real> z) {
    const auto both = sincos<Real>(z);
    return {both.sin, both.cos};
  }
};

// z t with t = tanh(log(1 + e^z)) (Misra 2020). With m = e^-|z|, t is m (m + 2) / (m (m + 2) + 2)
// for z <= 0 and (1 + 2 m) / (1 + 2 m + 2 m^2) for z > 0: nothing cancels, nothing overflows.
template <class Real>
struct Mish : Row<Activation::mish>, KeepsBoth {
  static ValueSlope<Real> at(Pack<Real> z) {
    const Pack<Real> m = exponential<Real, Sign::negative>(-magnitude<Real>(z)).value;
    const Pack<Real> twice = m + m;
    const auto right = z > Real(0);
    const Pack<Real> above = right ? twice + Real(1) : fma(m, m, twice);
    const Pack<Real> inverse = Real(1) / (above + (right ? twice * m : all(Real(2))));
    const Pack<Real> t = above * inverse;
    // t' = (1 - t^2) sigmoid(z) = 4 m (1 + m) / below^2, times m for z > 0
    const Pack<Real> bend = (twice + twice) * (right ? m : all(Real(1))) * (m + Real(1));
    return {z * t, fma(z * (bend * inverse), inverse, t)};
  }
};

// All of them, in the order of Activation.
template <template <class> class... Act>
struct List {
  static constexpr int size = sizeof...(Act);
  static constexpr bool in_order() {
    int place = 0;
    return (... && (static_cast<int>(Act<float>::id) == place++));
  }
};
using Activations =
    List<Relu, LeakyRelu, Abs, Silu, Gelu, Tanh, Sigmoid, Softplus, Erf, Sin, Square, Relu2, Mish>;
static_assert(Activations::size == ltens::activation_count && Activations::in_order());

// h and g at z.
template <class Act, class Real>
inline ValueSlope<Real> value_slope(Pack<Real> z) {
  if constexpr (Act::kept == 1)
    return Act::from_kept(z, Act::keep(z));
  else
    return Act::at(z);
}

}  // namespace
