// The scalars of each step, by repeated multiplication in float64: no library pow or cos, so the
// same bits everywhere.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "../simd/vector_kernels.hpp"
#include "cosine.hpp"
#include "ltens/settings.hpp"
#include "power.hpp"

namespace ltens {

class StepSchedule {
 public:
  explicit StepSchedule(const Training& training)
      : training_(training),
        by_layer_(!alike(training.lr_factors) || training.lr_factors[0] != 1 ||
                  !alike(training.weight_decay)),
        decays_(!alike(training.weight_decay) || training.weight_decay[0] != 0),
        lr_(training.lr),
        until_decay_(training.lr_decay_every) {}

  template <class Real>
  std::vector<simd::UpdateStep<Real>> next(std::size_t count) {
    std::vector<simd::UpdateStep<Real>> steps(count);
    const auto& factors = training_.lr_factors;
    for (auto& step : steps) {
      const double lr = rate();
      step = scalars<Real>(lr);
      step.by_layer = by_layer_;
      for (int k = 0; k < 4; ++k) step.factors[k] = static_cast<Real>(factors[k]);
      if (decays_) decay(step, lr);
    }
    return steps;
  }

 private:
  static bool alike(const std::array<double, 4>& of) {
    return std::all_of(of.begin(), of.end(), [&](double each) { return each == of[0]; });
  }

  template <class Real>
  void decay(simd::UpdateStep<Real>& step, double lr) const {
    const auto& decays = training_.weight_decay;
    const bool coupled = training_.optimizer == Optimizer::adam;
    step.decay = coupled ? simd::Decay::coupled : simd::Decay::decoupled;
    for (std::size_t k = 0; k < 4; ++k)
      step.decays[k] =
          static_cast<Real>(coupled ? decays[k] : -lr * training_.lr_factors[k] * decays[k]);
  }

  template <class Real>
  simd::UpdateStep<Real> scalars(double lr) {
    switch (training_.optimizer) {
      case Optimizer::sgd: return with_momentum<Real>(simd::Rule::sgd, lr);
      case Optimizer::sign: return with_momentum<Real>(simd::Rule::sign, lr);
      case Optimizer::adam:
      case Optimizer::adamw: break;
    }
    return adam<Real>(lr);
  }

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
  simd::UpdateStep<Real> with_momentum(simd::Rule rule, double lr) const {
    const auto momentum = static_cast<Real>(training_.momentum);
    return {momentum, 1 - momentum, 0, 1, static_cast<Real>(lr), 1, 0, rule};
  }

  // The learning rate of the next step.
  double rate() {
    const auto step = static_cast<double>(made_++), steps = static_cast<double>(training_.steps);
    const double warm = made_ < training_.warmup
                            ? static_cast<double>(made_) / static_cast<double>(training_.warmup)
                            : 1;
    switch (training_.schedule) {
      case Schedule::constant: return warm * training_.lr;
      case Schedule::cosine:
        return warm * (training_.lr * above_floor(0.5 + 0.5 * cosine_of_turns(step / (2 * steps))));
      case Schedule::wsd: {
        const double left = (steps - step) / (training_.cooldown * steps);
        return warm * (training_.lr * above_floor(std::min(1.0, left)));
      }
      case Schedule::power:
        return warm *
               (training_.lr * power_of(1 + step / training_.lr_power_time, -training_.lr_power));
      case Schedule::step: break;
    }
    return warm * stepped();
  }

  double above_floor(double share) const {
    return training_.lr_floor + (1 - training_.lr_floor) * share;
  }

  double stepped() {
    if (until_decay_ == 0) {
      lr_ *= training_.lr_decay;
      until_decay_ = training_.lr_decay_every;
    }
    --until_decay_;
    return lr_;
  }

  Training training_;
  bool by_layer_, decays_;
  double lr_;
  std::uint64_t until_decay_;  // steps
  std::uint64_t made_ = 0;     // steps
  double power1_ = 1, power2_ = 1;
};

}  // namespace ltens
