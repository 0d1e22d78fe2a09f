// The scalars of each step, by repeated multiplication in float64: no library pow or cos, so the
// same bits everywhere.
#pragma once

#include <cmath>
#include <vector>

#include "../simd/vector_kernels.hpp"
#include "cosine.hpp"
#include "ltens/settings.hpp"

namespace ltens {

class StepSchedule {
 public:
  explicit StepSchedule(const Training& training)
      : training_(training), lr_(training.lr), until_decay_(training.lr_decay_every) {}

  template <class Real>
  std::vector<simd::UpdateStep<Real>> next(std::size_t count) {
    std::vector<simd::UpdateStep<Real>> steps(count);
    const auto& factors = training_.lr_factors;
    for (auto& step : steps) {
      step = training_.optimizer == Optimizer::sgd ? sgd<Real>(rate()) : adam<Real>(rate());
      step.by_layer = factors != std::array<double, 4>{1, 1, 1, 1};
      for (int k = 0; k < 4; ++k) step.factors[k] = static_cast<Real>(factors[k]);
    }
    return steps;
  }

 private:
  template <class Real>
  simd::UpdateStep<Real> adam(double lr) {
    power1_ *= training_.beta1;
    power2_ *= training_.beta2;
    return {static_cast<Real>(training_.beta1),    static_cast<Real>(1 - training_.beta1),
            static_cast<Real>(training_.beta2),    static_cast<Real>(1 - training_.beta2),
            static_cast<Real>(lr / (1 - power1_)), static_cast<Real>(1 / std::sqrt(1 - power2_)),
            static_cast<Real>(training_.epsilon)};
  }

  template <class Real>
  simd::UpdateStep<Real> sgd(double lr) const {
    const auto momentum = static_cast<Real>(training_.momentum);
    return {momentum, 1 - momentum, 0, 1, static_cast<Real>(lr), 1, 0, true};
  }

  // The learning rate of the next step.
  double rate() {
    const auto step = static_cast<double>(made_++), steps = static_cast<double>(training_.steps);
    switch (training_.schedule) {
      case Schedule::constant: return training_.lr;
      case Schedule::cosine:
        return training_.lr * (0.5 + 0.5 * cosine_of_turns(step / (2 * steps)));
      case Schedule::step: break;
    }
    if (until_decay_ == 0) {
      lr_ *= training_.lr_decay;
      until_decay_ = training_.lr_decay_every;
    }
    --until_decay_;
    return lr_;
  }

  Training training_;
  double lr_;
  std::uint64_t until_decay_;  // steps
  std::uint64_t made_ = 0;     // steps
  double power1_ = 1, power2_ = 1;
};

}  // namespace ltens
