// Wide networks of a piecewise-linear activation: one network, its neurons in a row.
#pragma once

#include "lane_stepper.hpp"
#include "sorted_samples.hpp"

namespace ltens::piecewise {

template <class Real>
class Wide final : public LaneStepper<Real> {
 public:
  Wide(const ConstNetworks<Real>& network, const SortedSamples<Real>& samples)
      : LaneStepper<Real>(network, LaneIs::neurons),
        gradient_(simd::piecewise<Real>().of[static_cast<int>(network.activation)].wide),
        samples_(samples.view()),
        neurons_(groups_ * lanes_),
        index_(neurons_),
        ties_(neurons_),
        sums_(8 * neurons_),
        order_(2 * width_),
        spare_(2 * width_),
        bins_(width_ >= samples.count() ? 4 * (samples.count() + 1) : 0),
        scratch_{index_.data(),
                 ties_.data(),
                 sums_.data(),
                 order_.data(),
                 spare_.data(),
                 bins_.data(),
                 0} {
    for (std::size_t n = 0; n < width_; ++n) order_.data()[n] = n;
  }

 private:
  bool compute_gradient(const std::atomic<bool>& stop) override {
    if (stop.load(std::memory_order_relaxed)) return false;
    gradient_(state_.layer(0, groups_), width_, state_.parameters() + state_.c_offset(), samples_,
              state_.gradient(state_.total(), 0), state_.total() + state_.c_offset(), scratch_);
    return true;
  }

  using LaneStepper<Real>::width_, LaneStepper<Real>::lanes_, LaneStepper<Real>::groups_;
  using LaneStepper<Real>::state_;

  decltype(simd::HingeKernels<Real>::wide) gradient_;
  simd::SortedSamples<Real> samples_;
  std::size_t neurons_;
  Aligned<std::int32_t> index_;
  Aligned<simd::Tie> ties_;
  Aligned<double> sums_;
  Aligned<std::uint64_t> order_, spare_;
  Aligned<double> bins_;
  simd::PiecewiseScratch scratch_;
};

}  // namespace ltens::piecewise
