// Narrow networks: one lane is one network, so there is no sum across lanes anywhere.
#pragma once

#include <algorithm>

#include "../training/samples.hpp"
#include "lane_state.hpp"
#include "stepper.hpp"

namespace ltens::dense {

template <class Real>
class Narrow final : public Stepper<Real> {
 public:
  // `networks.count` must not exceed the lanes; spare lanes hold zero networks.
  Narrow(const Networks<Real>& networks, const PaddedSamples<Real>& samples)
      : vectors_(simd::vectors<Real>()),
        kernels_(simd::dense<Real>()),
        act_(kernels_.of[static_cast<int>(networks.activation)]),
        samples_(samples),
        count_(networks.count),
        width_(networks.width),
        dimension_(networks.dimension),
        state_(width_, dimension_, vectors_.lanes),
        scratch_(kernels_.narrow_scratch * width_) {
    copy<true>(networks, state_.parameters());
  }

  std::size_t advance(std::span<const simd::UpdateStep<Real>> steps,
                      const std::atomic<bool>& stop) override {
    for (std::size_t t = 0; t < steps.size(); ++t) {
      if (!compute_gradient(stop)) return t;
      state_.update(0, state_.size(), steps[t]);
    }
    return steps.size();
  }

  void gradient(const Networks<Real>& out) override {
    const std::atomic<bool> never{false};
    compute_gradient(never);
    copy<false>(out, state_.total());
  }

  void read(const Networks<Real>& out) const override {
    copy<false>(out, const_cast<Real*>(state_.parameters()));
  }

  std::vector<bool> finite() const override {
    std::vector<bool> result(count_, true);
    for (std::size_t i = 0; i < state_.size(); ++i) {
      const std::size_t lane = i % vectors_.lanes;
      if (lane < count_ && !state_.finite(i)) result[lane] = false;
    }
    return result;
  }

  void predict(Real* out) const {  // (count, D)
    const std::size_t lanes = vectors_.lanes;
    Aligned<Real> values(simd::sample_block * lanes);
    for (std::size_t j = 0; j < samples_.count(); j += simd::sample_block) {
      const std::size_t number = std::min(simd::sample_block, samples_.padded() - j);
      act_.narrow_values(state_.layer(0, width_), state_.parameters() + state_.c_offset(),
                         samples_.view(), j, number, values.data());
      const std::size_t real = std::min(number, samples_.count() - j);
      for (std::size_t s = 0; s < count_; ++s)
        for (std::size_t k = 0; k < real; ++k)
          out[s * samples_.count() + j + k] = values.data()[k * lanes + s];
    }
  }

 private:
  // Sums over blocks of samples, then over the blocks. False if stopped half-way.
  bool compute_gradient(const std::atomic<bool>& stop) {
    const auto layer = state_.layer(0, width_);
    for (std::size_t j = 0; j < samples_.padded(); j += simd::sample_block) {
      if (stop.load(std::memory_order_relaxed)) return false;
      Real* sums = j == 0 ? state_.total() : state_.partial();
      std::fill_n(sums, state_.size(), Real(0));
      act_.narrow_gradient(layer, state_.parameters() + state_.c_offset(), samples_.view(), j,
                           std::min(simd::sample_block, samples_.padded() - j),
                           state_.gradient(sums, 0), sums + state_.c_offset(), scratch_.data());
      if (j > 0) vectors_.add(state_.total(), sums, state_.size());
    }
    act_.finish(layer, state_.gradient(state_.total(), 0));
    return true;
  }

  // Between the arrays of networks and lanes: Inward from the former to the latter.
  template <bool Inward>
  void copy(const Networks<Real>& networks, Real* lanes_at) const {
    const std::size_t n = width_, d = dimension_;
    const auto part = [&](Real* array, std::size_t offset, std::size_t size) {
      for (std::size_t s = 0; s < count_; ++s)
        for (std::size_t i = 0; i < size; ++i) {
          Real& lane = lanes_at[offset + i * vectors_.lanes + s];
          if constexpr (Inward)
            lane = array[s * size + i];
          else
            array[s * size + i] = lane;
        }
    };
    part(networks.w, 0, n * d);
    part(networks.b, state_.b_offset(), n);
    part(networks.a, state_.a_offset(), n);
    part(networks.c, state_.c_offset(), 1);
  }

  const simd::VectorKernels<Real>& vectors_;
  const simd::DenseKernels<Real>& kernels_;
  const simd::ActivationKernels<Real>& act_;
  const PaddedSamples<Real>& samples_;
  std::size_t count_, width_, dimension_;
  LaneState<Real> state_;
  Aligned<Real> scratch_;
};

}  // namespace ltens::dense
