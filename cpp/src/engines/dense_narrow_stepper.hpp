// Narrow networks: one lane is one network, so there is no sum across lanes anywhere.
#pragma once

#include <algorithm>

#include "../training/samples.hpp"
#include "lane_stepper.hpp"

namespace ltens::dense {

template <class Real>
class Narrow final : public LaneStepper<Real> {
 public:
  Narrow(const ConstNetworks<Real>& networks, const PaddedSamples<Real>& samples)
      : LaneStepper<Real>(networks, LaneIs::network),
        act_(simd::dense<Real>().of[static_cast<int>(networks.activation)]),
        samples_(samples),
        scratch_(simd::dense<Real>().narrow_scratch * width_) {}

  void predict(Real* out) const {  // (count, D)
    Aligned<Real> values(simd::sample_block * lanes_);
    for (std::size_t j = 0; j < samples_.count(); j += simd::sample_block) {
      const std::size_t number = std::min(simd::sample_block, samples_.padded() - j);
      act_.narrow_values(state_.layer(0, width_), state_.parameters() + state_.c_offset(),
                         samples_.view(), j, number, values.data());
      const std::size_t real = std::min(number, samples_.count() - j);
      for (std::size_t s = 0; s < count_; ++s)
        for (std::size_t k = 0; k < real; ++k)
          out[s * samples_.count() + j + k] = values.data()[k * lanes_ + s];
    }
  }

 private:
  // Sums over blocks of samples, then over the blocks. False if stopped half-way.
  bool compute_gradient(const std::atomic<bool>& stop) override {
    const auto layer = state_.layer(0, width_);
    for (std::size_t j = 0; j < samples_.padded(); j += simd::sample_block) {
      if (stop.load(std::memory_order_relaxed)) return false;
      Real* sums = j == 0 ? state_.total() : state_.partial();
      std::fill_n(sums, state_.size(), Real(0));
      act_.narrow_gradient(layer, state_.parameters() + state_.c_offset(), samples_.view(), j,
                           std::min(simd::sample_block, samples_.padded() - j),
                           state_.gradient(sums, 0), sums + state_.c_offset(), scratch_.data());
      if (j > 0) simd::vectors<Real>().add(state_.total(), sums, state_.size());
    }
    act_.finish(layer, state_.gradient(state_.total(), 0));
    return true;
  }

  using LaneStepper<Real>::count_, LaneStepper<Real>::width_, LaneStepper<Real>::lanes_;
  using LaneStepper<Real>::state_;

  const simd::ActivationKernels<Real>& act_;
  const PaddedSamples<Real>& samples_;
  Aligned<Real> scratch_;
};

}  // namespace ltens::dense
