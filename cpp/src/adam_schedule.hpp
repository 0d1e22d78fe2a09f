// The scalars of each Adam step, by repeated multiplication in float64: no library pow, so the same
// bits everywhere.
#pragma once

#include <cmath>
#include <vector>

#include "ltens/training.hpp"
#include "simd/dense_kernels.hpp"

namespace ltens {

class AdamSchedule {
 public:
  explicit AdamSchedule(const Training& training)
      : training_(training), lr_(training.lr), until_decay_(training.lr_decay_every) {}

  template <class Real>
  std::vector<simd::AdamStep<Real>> next(std::size_t count) {
    std::vector<simd::AdamStep<Real>> steps(count);
    for (auto& step : steps) {
      if (until_decay_ == 0) {
        lr_ *= training_.lr_decay;
        until_decay_ = training_.lr_decay_every;
      }
      --until_decay_;
      power1_ *= training_.beta1;
      power2_ *= training_.beta2;
      step = {static_cast<Real>(training_.beta1),     static_cast<Real>(1 - training_.beta1),
              static_cast<Real>(training_.beta2),     static_cast<Real>(1 - training_.beta2),
              static_cast<Real>(lr_ / (1 - power1_)), static_cast<Real>(1 / std::sqrt(1 - power2_)),
              static_cast<Real>(training_.epsilon)};
    }
    return steps;
  }

 private:
  Training training_;
  double lr_;
  std::uint64_t until_decay_;  // steps
  double power1_ = 1, power2_ = 1;
};

}  // namespace ltens
