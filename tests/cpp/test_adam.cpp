// The optimisers' kernels: moments below the smallest normal number are zero, all else is kept.
#include <cmath>
#include <limits>

#include "aligned.hpp"
#include "check.hpp"
#include "simd/dispatch.hpp"

namespace {

// One step with gradient 0 from these moments, in all lanes.
template <class Real>
void check_moments(Real mean, Real square, Real expected_mean, Real expected_square) {
  const auto& kernels = ltens::simd::vectors<Real>();
  const ltens::simd::UpdateStep<Real> step{Real(0.9),  Real(0.1), Real(0.999), Real(0.001),
                                           Real(0.01), Real(1),   Real(1e-8)};
  ltens::Aligned<Real> p(kernels.lanes), g(kernels.lanes), m(kernels.lanes), v(kernels.lanes);
  for (std::size_t i = 0; i < kernels.lanes; ++i) {
    m.data()[i] = mean;
    v.data()[i] = square;
  }
  kernels.adam(p.data(), g.data(), m.data(), v.data(), kernels.lanes, step);
  for (std::size_t i = 0; i < kernels.lanes; ++i) {
    CHECK(m.data()[i] == expected_mean);
    CHECK(v.data()[i] == expected_square);
  }
}

template <class Real>
void check_subnormals() {
  const Real tiny = std::numeric_limits<Real>::min();
  check_moments(tiny, tiny, Real(0), Real(0));  // a step takes both below the smallest number
  check_moments(-tiny, tiny, Real(0), Real(0));
  check_moments(-2 * tiny, 2 * tiny, Real(0.9) * (-2 * tiny), Real(0.999) * (2 * tiny));
}

template <class Real>
void check_not_finite() {
  const Real nan = std::numeric_limits<Real>::quiet_NaN();
  const auto& kernels = ltens::simd::vectors<Real>();
  ltens::Aligned<Real> p(kernels.lanes), g(kernels.lanes), m(kernels.lanes), v(kernels.lanes);
  g.data()[0] = nan;
  kernels.adam(p.data(), g.data(), m.data(), v.data(), kernels.lanes,
               {Real(0.9), Real(0.1), Real(0.999), Real(0.001), Real(0.01), Real(1), Real(1e-8)});
  CHECK(std::isnan(p.data()[0]) && std::isnan(m.data()[0]) && std::isnan(v.data()[0]));
  CHECK(p.data()[1] == 0);
}

// The sign of zero is zero, and what is not finite comes through.
template <class Real>
void check_sign() {
  const Real nan = std::numeric_limits<Real>::quiet_NaN();
  const auto& kernels = ltens::simd::vectors<Real>();
  for (const Real gradient : {Real(-3), Real(0), Real(1e-3), nan}) {
    ltens::Aligned<Real> p(kernels.lanes), g(kernels.lanes), m(kernels.lanes);
    for (std::size_t i = 0; i < kernels.lanes; ++i) g.data()[i] = gradient;
    kernels.sign(p.data(), g.data(), m.data(), kernels.lanes,
                 {Real(0.9), Real(0.1), Real(0), Real(1), Real(0.25), Real(1), Real(0)});
    const Real moved = gradient > 0 ? Real(-0.25) : gradient < 0 ? Real(0.25) : Real(0);
    for (std::size_t i = 0; i < kernels.lanes; ++i)
      CHECK(std::isnan(gradient) ? std::isnan(p.data()[i]) : p.data()[i] == moved);
  }
}

}  // namespace

int main() {
  check_subnormals<float>();
  check_subnormals<double>();
  check_not_finite<float>();
  check_not_finite<double>();
  check_sign<float>();
  check_sign<double>();
  return failures();
}
