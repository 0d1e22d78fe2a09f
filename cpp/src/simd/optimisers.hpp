// What every engine does to whole arrays: add them up, and move parameters against a gradient.
#pragma once

#include "pack.hpp"
#include "vector_kernels.hpp"

namespace {

using ltens::simd::UpdateStep;

// to += from. Error: one rounding.
template <class Real>
void add(Real* to, const Real* from, std::size_t count) {
  for (std::size_t i = 0; i < count; i += lanes<Real>) store(to + i, load(to + i) + load(from + i));
}

// to += factor from; they may be the same. Error: one rounding.
template <class Real>
void add_multiple(Real* to, const Real* from, Real factor, std::size_t count) {
  for (std::size_t i = 0; i < count; i += lanes<Real>)
    store(to + i, fma(all(factor), load(from + i), load(to + i)));
}

// Zero in place of numbers below the smallest normal one. The mean of a neuron without samples
// halves every seven steps and would stay there, where most CPUs take a hundred cycles for a
// product.
template <class Real>
inline Pack<Real> without_subnormals(Pack<Real> a) {
  constexpr Real smallest = sizeof(Real) == 4 ? Real(0x1p-126) : Real(0x1p-1022);
  return magnitude<Real>(a) < smallest ? Pack<Real>{} : a;
}

// One step of Adam, see Optimizer: overwrites p, m, v. Error: two roundings of m, three of v, five
// of the change of p.
template <class Real>
void adam(Real* p, const Real* g, Real* m, Real* v, std::size_t count,
          const UpdateStep<Real>& step) {
  for (std::size_t i = 0; i < count; i += lanes<Real>) {
    const Pack<Real> gradient = load(g + i);
    const Pack<Real> mean = without_subnormals<Real>(
        fma(load(m + i), all(step.beta1), gradient * step.one_minus_beta1));
    const Pack<Real> square = without_subnormals<Real>(
        fma(load(v + i), all(step.beta2), gradient * gradient * step.one_minus_beta2));
    store(m + i, mean);
    store(v + i, square);
    const Pack<Real> root = fma(sqrt(square), all(step.inverse_root_correction), all(step.epsilon));
    store(p + i, load(p + i) - mean * step.step_size / root);
  }
}

// One step of gradient descent with momentum, see Optimizer: overwrites p, m. Error: one rounding
// of m, two of the change of p.
template <class Real>
void sgd(Real* p, const Real* g, Real* m, std::size_t count, const UpdateStep<Real>& step) {
  for (std::size_t i = 0; i < count; i += lanes<Real>) {
    const Pack<Real> mean =
        without_subnormals<Real>(fma(load(m + i), all(step.beta1), load(g + i)));
    store(m + i, mean);
    store(p + i, load(p + i) - mean * step.step_size);
  }
}

// One step of sign descent with momentum, see Optimizer: overwrites p, m. The sign of zero is zero;
// a mean that is not finite makes p NaN. Error: one rounding of m and of the change of p.
template <class Real>
void sign(Real* p, const Real* g, Real* m, std::size_t count, const UpdateStep<Real>& step) {
  for (std::size_t i = 0; i < count; i += lanes<Real>) {
    const Pack<Real> mean =
        without_subnormals<Real>(fma(load(m + i), all(step.beta1), load(g + i)));
    store(m + i, mean);
    const Pack<Real> zero_or_nan = mean - mean;
    const Pack<Real> change = mean == 0 ? mean : with_sign_of<Real>(all(step.step_size), mean);
    store(p + i, load(p + i) - change - zero_or_nan);
  }
}

}  // namespace
