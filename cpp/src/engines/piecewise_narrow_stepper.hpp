// Narrow networks of a piecewise-linear activation: one lane is one network.
#pragma once

#include <limits>

#include "lane_state.hpp"
#include "sorted_samples.hpp"
#include "stepper.hpp"

namespace ltens::piecewise {

template <class Real>
class Narrow final : public Stepper<Real> {
 public:
  // `networks.count` must not exceed the lanes; spare lanes hold zero networks.
  Narrow(const Networks<Real>& networks, const SortedSamples<Real>& samples)
      : kernels_(simd::piecewise<Real>()),
        gradient_(kernels_.of[static_cast<int>(networks.activation)].narrow),
        samples_(samples.view()),
        count_(networks.count),
        width_(networks.width),
        lanes_(simd::vectors<Real>().lanes),
        state_(width_, 1, lanes_),
        index_(width_ * lanes_),
        ties_(width_ * lanes_),
        sums_((width_ + kernels_.narrow_tile) * kernels_.narrow_sums),
        scratch_{index_.data(), ties_.data(), sums_.data(), nullptr, nullptr, nullptr, 0} {
    copy<true>(networks, state_.parameters());
  }

  std::size_t advance(std::span<const simd::UpdateStep<Real>> steps,
                      const std::atomic<bool>& stop) override {
    for (std::size_t t = 0; t < steps.size(); ++t) {
      if (stop.load(std::memory_order_relaxed)) return t;
      compute_gradient();
      state_.update(0, state_.size(), steps[t]);
    }
    return steps.size();
  }

  void gradient(const Networks<Real>& out) override {
    compute_gradient();
    copy<false>(out, state_.total());
  }

  void read(const Networks<Real>& out) const override {
    copy<false>(out, const_cast<Real*>(state_.parameters()));
  }

  std::vector<bool> finite() const override {
    std::vector<bool> result(count_, true);
    for (std::size_t i = 0; i < state_.size(); ++i)
      if (i % lanes_ < count_ && !state_.finite(i)) result[i % lanes_] = false;
    return result;
  }

 private:
  void compute_gradient() {
    gradient_(state_.layer(0, width_), state_.parameters() + state_.c_offset(), samples_,
              state_.gradient(state_.total(), 0), state_.total() + state_.c_offset(), scratch_);
  }

  // Between the arrays of networks and lanes: Inward from the former to the latter.
  template <bool Inward>
  void copy(const Networks<Real>& networks, Real* lanes_at) const {
    const auto part = [&](Real* array, std::size_t offset, std::size_t size) {
      for (std::size_t s = 0; s < count_; ++s)
        for (std::size_t i = 0; i < size; ++i) {
          Real& lane = lanes_at[offset + i * lanes_ + s];
          if constexpr (Inward)
            lane = array[s * size + i];
          else
            array[s * size + i] = lane;
        }
    };
    part(networks.w, 0, width_);
    part(networks.b, state_.b_offset(), width_);
    part(networks.a, state_.a_offset(), width_);
    part(networks.c, state_.c_offset(), 1);
  }

  const simd::PiecewiseKernels<Real>& kernels_;
  decltype(simd::HingeKernels<Real>::narrow) gradient_;
  simd::SortedSamples<Real> samples_;
  std::size_t count_, width_, lanes_;
  dense::LaneState<Real> state_;
  Aligned<std::int32_t> index_;
  Aligned<simd::Tie> ties_;
  Aligned<double> sums_;
  simd::PiecewiseScratch scratch_;
};

}  // namespace ltens::piecewise
