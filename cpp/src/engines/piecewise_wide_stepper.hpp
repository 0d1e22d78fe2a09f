// Wide networks of a piecewise-linear activation: one network, its neurons in a row.
#pragma once

#include "lane_state.hpp"
#include "sorted_samples.hpp"
#include "stepper.hpp"

namespace ltens::piecewise {

template <class Real>
class Wide final : public Stepper<Real> {
 public:
  Wide(const Networks<Real>& network, const SortedSamples<Real>& samples)
      : gradient_(simd::piecewise<Real>().of[static_cast<int>(network.activation)].wide),
        samples_(samples.view()),
        width_(network.width),
        neurons_((width_ + simd::logical_lanes - 1) / simd::logical_lanes * simd::logical_lanes),
        groups_(neurons_ / simd::vectors<Real>().lanes),
        state_(groups_, 1, simd::vectors<Real>().lanes),
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
    copy<true>(network, state_.parameters());
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
    for (std::size_t i = 0; i < state_.size(); ++i)
      if (!state_.finite(i)) return {false};
    return {true};
  }

 private:
  void compute_gradient() {
    gradient_(state_.layer(0, groups_), width_, state_.parameters() + state_.c_offset(), samples_,
              state_.gradient(state_.total(), 0), state_.total() + state_.c_offset(), scratch_);
  }

  template <bool Inward>
  void copy(const Networks<Real>& network, Real* at) const {
    const auto part = [&](Real* array, std::size_t offset, std::size_t size) {
      if constexpr (Inward)
        std::copy_n(array, size, at + offset);
      else
        std::copy_n(at + offset, size, array);
    };
    part(network.w, 0, width_);
    part(network.b, state_.b_offset(), width_);
    part(network.a, state_.a_offset(), width_);
    part(network.c, state_.c_offset(), 1);
  }

  decltype(simd::HingeKernels<Real>::wide) gradient_;
  simd::SortedSamples<Real> samples_;
  std::size_t width_, neurons_, groups_;
  dense::LaneState<Real> state_;
  Aligned<std::int32_t> index_;
  Aligned<simd::Tie> ties_;
  Aligned<double> sums_;
  Aligned<std::uint64_t> order_, spare_;
  Aligned<double> bins_;
  simd::PiecewiseScratch scratch_;
};

}  // namespace ltens::piecewise
