// Narrow networks of several outputs, or with another loss than the squared one: one lane is one
// network.
#pragma once

#include <algorithm>

#include "../training/samples.hpp"
#include "lane_stepper.hpp"

namespace ltens::dense {

template <class Real>
class NarrowOutputs final : public LaneStepper<Real> {
 public:
  static constexpr std::size_t block = simd::output_samples;

  NarrowOutputs(const ConstNetworks<Real>& networks, const PaddedSamples<Real>& samples,
                Purpose purpose = Purpose::training)
      : LaneStepper<Real>(networks, LaneIs::network, purpose),
        kernels_(simd::outputs<Real>()),
        activation_(simd::elementary<Real>().activation[static_cast<int>(networks.activation)]),
        samples_(samples),
        hidden_(width_ * block * lanes_),
        slopes_(width_ * block * lanes_),
        f_(outputs_ * block * lanes_) {}

  // f at the samples first .. first + count of the padded ones, a multiple of `block`: out
  // (networks, C, count). Throws Stopped.
  void predict(std::size_t first, std::size_t count, Real* out, const std::atomic<bool>& stop) {
    for (std::size_t j = 0; j < count; j += block) {
      throw_if(stop);
      forward(first + j);
      for (std::size_t s = 0; s < count_; ++s)
        for (std::size_t k = 0; k < outputs_; ++k)
          for (std::size_t i = 0; i < block; ++i)
            out[(s * outputs_ + k) * count + j + i] = f_.data()[(k * block + i) * lanes_ + s];
    }
  }

 private:
  void forward(std::size_t first) {
    const auto layer = state_.layer(0, width_);
    kernels_.hidden(layer, activation_, samples_.view(), first, hidden_.data(), slopes_.data());
    kernels_.narrow_values(layer, outputs_, state_.parameters() + state_.c_offset(), hidden_.data(),
                           f_.data());
  }

  // Sums over blocks of samples, then over the blocks. False if stopped half-way.
  bool compute_gradient(const std::atomic<bool>& stop) override {
    const auto layer = state_.layer(0, width_);
    for (std::size_t j = 0; j < samples_.padded(); j += simd::sample_block) {
      if (stop.load(std::memory_order_relaxed)) return false;
      Real* sums = j == 0 ? state_.total() : state_.partial();
      std::fill_n(sums, state_.size(), Real(0));
      const std::size_t end = std::min(j + simd::sample_block, samples_.padded());
      for (std::size_t i = j; i < end; i += block) {
        forward(i);
        kernels_.narrow_residuals(samples_.loss(), outputs_, samples_.view(), i, f_.data(),
                                  sums + state_.c_offset());
        kernels_.narrow_gradient(layer, outputs_, samples_.view(), i, f_.data(), hidden_.data(),
                                 slopes_.data(), state_.gradient(sums, 0));
      }
      if (j > 0) simd::vectors<Real>().add(state_.total(), sums, state_.size());
    }
    return true;
  }

  using LaneStepper<Real>::count_, LaneStepper<Real>::width_, LaneStepper<Real>::lanes_;
  using LaneStepper<Real>::outputs_, LaneStepper<Real>::state_;

  const simd::OutputKernels<Real>& kernels_;
  simd::ActivationFunction<Real> activation_;
  const PaddedSamples<Real>& samples_;
  Aligned<Real> hidden_, slopes_, f_;  // of a block of samples
};

}  // namespace ltens::dense
