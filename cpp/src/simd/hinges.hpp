// What the two piecewise kernels share: hinges in float64, prefix rows, and the neuron's gradient
// from the sums of the residual.
#pragma once

#include "activations.hpp"
#include "locate.hpp"

namespace {

// The slope of the activation for z <= 0, as the dense kernels round it; for z > 0 it is 1.
template <class Act>
constexpr double rest = 0;
template <template <class> class Act, class Real>
constexpr double rest<Act<Real>> = static_cast<double>(static_cast<Real>(Act<Real>::left_slope));

// At z = 0 the dense kernels take the slope of z < 0, but abs takes 0.
template <class Act>
constexpr bool has_ties = Act::id == Activation::abs;

// One pack of neurons, float64, x measured from the centre.
struct Neurons {
  PackD w, b, a;
  Ints<double> negative;  // active on the left of the bend
};

template <class Real>
inline Neurons neurons_at(const Layer<Real>& layer, std::size_t i, double centre) {
  const PackD w = widened(layer.w + i), b = widened(layer.b + i);
  return {w, fma(w, all(centre), b), widened(layer.a + i), (w < 0.0) | ((w == 0.0) & (b > 0.0))};
}

// a w x + a b times the slope of the activation far left, and its change at the bend.
struct Bend {
  PackD slope, offset, slope_change, offset_change;
};

template <class Act>
inline Bend bend_of(const Neurons& n) {
  const PackD slope = n.a * n.w, offset = n.a * n.b;
  const PackD left = n.negative ? all(1.0) : all(rest<Act>);
  const PackD change = n.negative ? all(rest<Act> - 1) : all(1 - rest<Act>);
  return {left * slope, left * offset, change * slope, change * offset};
}

// sum r and sum r x over some samples, r = 2 q (f - y).
struct Sums {
  PackD r, rx;
};

// One of the two sums weighted by the slope of the activation on either side of the bend.
template <class Act>
inline PackD sloped(const Neurons& n, PackD before, PackD whole) {
  const PackD after = whole - before;
  const PackD active = n.negative ? before : after, other = n.negative ? after : before;
  if constexpr (rest<Act> == 0)
    return active;
  else
    return fma(all(rest<Act>), other, active);
}

// The gradient of a pack of neurons: before its bends, over all samples, and over the ties, which
// `sloped` took at slope -1.
template <class Act, class Real>
inline void store_gradient(const Gradient<Real>& gradient, std::size_t i, const Neurons& n,
                           const Sums& before, const Sums& whole, const Sums& tied, double centre) {
  PackD r = sloped<Act>(n, before.r, whole.r), rx = sloped<Act>(n, before.rx, whole.rx);
  if constexpr (has_ties<Act>) {
    r += tied.r;
    rx += tied.rx;
  }
  store_rounded(gradient.w + i, n.a * fma(all(centre), r, rx));
  store_rounded(gradient.b + i, n.a * r);
  store_rounded(gradient.a + i, fma(n.w, rx, n.b * r));  // Euler's relation
}

}  // namespace
