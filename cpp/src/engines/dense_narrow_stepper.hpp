// Narrow networks: one lane is one network, so there is no sum across lanes anywhere.
#pragma once

#include <algorithm>

#include "../training/samples.hpp"
#include "lane_stepper.hpp"

namespace ltens::dense {

template <class Real>
class Narrow final : public LaneStepper<Real> {
 public:
  Narrow(const ConstNetworks<Real>& networks, const PaddedSamples<Real>& samples,
         Purpose purpose = Purpose::training)
      : LaneStepper<Real>(networks, LaneIs::network, purpose),
        act_(simd::dense<Real>().of[static_cast<int>(networks.activation)]),
        samples_(samples),
        scratch_(purpose == Purpose::training ? simd::dense<Real>().narrow_scratch * width_ : 0),
        values_(purpose == Purpose::prediction ? simd::sample_block * lanes_ : 0) {}

  // f at the samples first .. first + count of the padded ones, at most sample_block: out
  // (networks, count). Throws Stopped. For the purpose of prediction.
  void predict(std::size_t first, std::size_t count, Real* out, const std::atomic<bool>& stop) {
    throw_if(stop);
    act_.narrow_values(state_.layer(0, width_), state_.parameters() + state_.c_offset(),
                       samples_.view(), first, count, values_.data());
    for (std::size_t s = 0; s < count_; ++s)
      for (std::size_t k = 0; k < count; ++k) out[s * count + k] = values_.data()[k * lanes_ + s];
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
  Aligned<Real> scratch_, values_;
};

}  // namespace ltens::dense
