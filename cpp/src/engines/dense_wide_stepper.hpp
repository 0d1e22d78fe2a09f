// Wide networks of one output with the squared loss, and those of any width that see another batch
// at every step.
#pragma once

#include "wide_stepper.hpp"

namespace ltens::dense {

template <class Real>
class Wide final : public WideStepper<Real> {
 public:
  Wide(const ConstNetworks<Real>& network, const PaddedSamples<Real>& samples, int threads)
      : Wide(network, &samples, nullptr, threads, Purpose::training) {}

  Wide(const ConstNetworks<Real>& network, std::unique_ptr<Minibatch<Real>> batch, int threads)
      : Wide(network, nullptr, std::move(batch), threads, Purpose::training) {}

  // For `predict` alone.
  Wide(const ConstNetworks<Real>& network, const PaddedSamples<Real>& samples)
      : Wide(network, &samples, nullptr, 1, Purpose::prediction) {}

  // f at the samples first .. first + count of the padded ones, a multiple of wide_samples: out
  // (count,). Throws Stopped.
  void predict(std::size_t first, std::size_t count, Real* out,
               const std::atomic<bool>& stop) const {
    Real f[simd::wide_samples];
    for (std::size_t j = 0; j < count; j += simd::wide_samples) {
      throw_if(stop);
      Real sum[simd::wide_samples];
      std::fill_n(sum, simd::wide_samples, state_.parameters()[state_.c_offset()]);
      for (std::size_t block = 0; block < blocks_; ++block) {
        act_.wide_values(layer_of(block), samples_.view(), first + j, f, nullptr);
        for (std::size_t k = 0; k < simd::wide_samples; ++k) sum[k] += f[k];
      }
      std::copy_n(sum, simd::wide_samples, out + j);
    }
  }

 private:
  Wide(const ConstNetworks<Real>& network, const PaddedSamples<Real>* samples,
       std::unique_ptr<Minibatch<Real>> batch, int threads, Purpose purpose)
      : WideStepper<Real>(network, samples, std::move(batch), threads, simd::wide_samples, purpose),
        kernels_(simd::dense<Real>()),
        act_(kernels_.of[static_cast<int>(network.activation)]),
        scratch_(purpose == Purpose::training
                     ? kernels_.wide_scratch * groups_ * (chunk_ / simd::wide_samples)
                     : 0),
        partial_f_(2 * blocks_ * chunk_) {}

  // Every member takes its blocks; at each few samples all meet once to know f. Two sets of
  // partial f are used in turn, so that nobody overwrites what another still reads.
  bool member_gradient(int member, int size, const std::atomic<bool>& stop) override {
    Real sum_c = 0, block_c = 0;
    for_blocks(member, size, [&](std::size_t first, std::size_t number) {
      clear(state_.total(), first, number);
    });
    for (std::size_t j = 0; j < samples_.padded(); j += chunk_) {
      const std::size_t turn = j / chunk_ % 2, count = std::min(chunk_, samples_.padded() - j);
      if (member == 0) stopping_[turn] = stop.load(std::memory_order_relaxed);
      if (j > 0 && j % simd::sample_block == 0) {
        fold(member, size, j > simd::sample_block);
        sum_c += block_c;
        block_c = 0;
      }
      Real* partial = partial_f_.data() + turn * blocks_ * chunk_;
      for_blocks(member, size, [&](std::size_t first, std::size_t number) {
        for (std::size_t k = 0; k < count; k += simd::wide_samples)
          act_.wide_values(state_.layer(first, number), samples_.view(), j + k,
                           partial + first / block_groups_ * chunk_ + k,
                           scratch_of(first, number, k));
      });
      meet(size);
      if (stopping_[turn]) return false;
      Real residual[WideStepper<Real>::team_samples];
      for (std::size_t k = 0; k < count; ++k) {
        Real f = state_.parameters()[state_.c_offset()];
        for (std::size_t block = 0; block < blocks_; ++block) f += partial[block * chunk_ + k];
        residual[k] = (f - samples_.view().y[j + k]) * samples_.view().factor[j + k];
        block_c += residual[k];
      }
      Real* sums = j < simd::sample_block ? state_.total() : state_.partial();
      for_blocks(member, size, [&](std::size_t first, std::size_t number) {
        for (std::size_t k = 0; k < count; k += simd::wide_samples)
          act_.wide_gradient(state_.layer(first, number), samples_.view(), j + k, residual + k,
                             state_.gradient(sums, first), scratch_of(first, number, k));
      });
    }
    if (samples_.padded() > simd::sample_block) fold(member, size, true);
    for_blocks(member, size, [&](std::size_t first, std::size_t number) {
      act_.finish(state_.layer(first, number), state_.gradient(state_.total(), first));
      if (first + number == groups_) clear_spare_lanes();
    });
    meet(size);
    if (member == 0) std::fill_n(state_.total() + state_.c_offset(), lanes_, sum_c + block_c);
    return true;
  }

  // Of the `number` groups from `first` at the samples from k on, within a chunk.
  Real* scratch_of(std::size_t first, std::size_t number, std::size_t k) {
    return scratch_.data() + kernels_.wide_scratch * (first * (chunk_ / simd::wide_samples) +
                                                      number * (k / simd::wide_samples));
  }

  using WideStepper<Real>::samples_, WideStepper<Real>::block_groups_, WideStepper<Real>::blocks_;
  using WideStepper<Real>::chunk_, WideStepper<Real>::stopping_, WideStepper<Real>::lanes_;
  using WideStepper<Real>::groups_, WideStepper<Real>::state_, WideStepper<Real>::for_blocks;
  using WideStepper<Real>::meet, WideStepper<Real>::fold, WideStepper<Real>::clear;
  using WideStepper<Real>::layer_of, WideStepper<Real>::clear_spare_lanes;

  const simd::DenseKernels<Real>& kernels_;
  const simd::ActivationKernels<Real>& act_;
  Aligned<Real> scratch_, partial_f_;
};

}  // namespace ltens::dense
