// Narrow networks of a piecewise-linear activation: one lane is one network.
#pragma once

#include "lane_stepper.hpp"
#include "sorted_samples.hpp"

namespace ltens::piecewise {

template <class Real>
class Narrow final : public LaneStepper<Real> {
 public:
  Narrow(const ConstNetworks<Real>& networks, const SortedSamples<Real>& samples)
      : LaneStepper<Real>(networks, LaneIs::network),
        gradient_(simd::piecewise<Real>().of[static_cast<int>(networks.activation)].narrow),
        samples_(samples.view()),
        index_(width_ * lanes_),
        ties_(width_ * lanes_),
        sums_((width_ + simd::piecewise<Real>().narrow_tile) * simd::piecewise<Real>().narrow_sums),
        scratch_{index_.data(), ties_.data(), sums_.data(), nullptr, nullptr, nullptr, 0} {}

 private:
  bool compute_gradient(const std::atomic<bool>& stop) override {
    if (stop.load(std::memory_order_relaxed)) return false;
    gradient_(state_.layer(0, width_), state_.parameters() + state_.c_offset(), samples_,
              state_.gradient(state_.total(), 0), state_.total() + state_.c_offset(), scratch_);
    return true;
  }

  using LaneStepper<Real>::width_, LaneStepper<Real>::lanes_, LaneStepper<Real>::state_;

  decltype(simd::HingeKernels<Real>::narrow) gradient_;
  simd::SortedSamples<Real> samples_;
  Aligned<std::int32_t> index_;
  Aligned<simd::Tie> ties_;
  Aligned<double> sums_;
  simd::PiecewiseScratch scratch_;
};

}  // namespace ltens::piecewise
