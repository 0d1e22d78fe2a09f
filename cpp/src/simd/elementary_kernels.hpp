// Elementary functions and activations by themselves, element by element: what the accuracy tests
// measure. The kernels take the same functions.
#pragma once

#include "activations.hpp"
#include "elementary_table.hpp"

namespace {

template <class Real>
using PackFunction = Pack<Real> (*)(Pack<Real>);

// out = function(x); count is a multiple of the lanes.
template <class Real, PackFunction<Real> function>
void each(const Real* x, std::size_t count, Real* out) {
  for (std::size_t i = 0; i < count; i += lanes<Real>) store(out + i, function(load(x + i)));
}

template <class Real>
Pack<Real> exp_alone(Pack<Real> x) {
  return exponential<Real>(x).value;
}
template <class Real>
Pack<Real> expm1_alone(Pack<Real> x) {
  return exponential<Real>(x).minus_one;
}
template <class Real>
Pack<Real> erf_alone(Pack<Real> x) {
  return erf_and_gaussian<Real>(x).value;
}
template <class Real>
Pack<Real> sin_alone(Pack<Real> x) {
  return sincos<Real>(x).sin;
}
template <class Real>
Pack<Real> cos_alone(Pack<Real> x) {
  return sincos<Real>(x).cos;
}

// h and h' at z; count is a multiple of the lanes.
template <template <class> class Act, class Real>
void value_and_slope(const Real* z, std::size_t count, Real* h, Real* slope) {
  for (std::size_t i = 0; i < count; i += lanes<Real>) {
    const Pack<Real> at = load(z + i);
    if constexpr (Act<Real>::homogeneous > 0) {
      store(h + i, Act<Real>::value(at));
      store(slope + i, Act<Real>::times_slope(at, all(Real(1))));
    } else {
      const auto both = value_slope<Act<Real>, Real>(at);
      store(h + i, both.h);
      store(slope + i, both.g);
    }
  }
}

// In the order of ltens::elementary_names.
template <class Real, template <class> class... Act>
constexpr ltens::simd::ElementaryKernels<Real> elementary_of(List<Act...>) {
  return {
      {each<Real, exp_alone<Real>>, each<Real, expm1_alone<Real>>, each<Real, tanh<Real>>,
       each<Real, log1p_unit<Real>>, each<Real, erf_alone<Real>>, each<Real, erfcx<Real>>,
       each<Real, sin_alone<Real>>, each<Real, cos_alone<Real>>, each<Real, log1p_positive<Real>>},
      {value_and_slope<Act, Real>...},
  };
}

}  // namespace
