// Wide networks of several outputs, or with another loss than the squared one, and those of any
// width that see another batch at every step.
#pragma once

#include <vector>

#include "wide_stepper.hpp"

namespace ltens::dense {

template <class Real>
class WideOutputs final : public WideStepper<Real> {
 public:
  static constexpr std::size_t block = simd::output_samples;

  WideOutputs(const ConstNetworks<Real>& network, const PaddedSamples<Real>& samples, int threads)
      : WideOutputs(network, &samples, nullptr, threads, Purpose::training) {}

  WideOutputs(const ConstNetworks<Real>& network, std::unique_ptr<Minibatch<Real>> batch,
              int threads)
      : WideOutputs(network, nullptr, std::move(batch), threads, Purpose::training) {}

  // For `predict` alone.
  WideOutputs(const ConstNetworks<Real>& network, const PaddedSamples<Real>& samples)
      : WideOutputs(network, &samples, nullptr, 1, Purpose::prediction) {}

  // f at the samples first .. first + count of the padded ones, a multiple of `block`: out (C,
  // count). Throws Stopped.
  void predict(std::size_t first, std::size_t count, Real* out, const std::atomic<bool>& stop) {
    for (std::size_t j = 0; j < count; j += block) {
      throw_if(stop);
      for (std::size_t b = 0; b < blocks_; ++b) {
        const std::size_t at = b * block_groups_;
        forward(at, std::min(block_groups_, groups_ - at), first + j, 0, partial_of(0, b, 0),
                sums_of(0));
      }
      for (std::size_t k = 0; k < outputs_; ++k)
        for (std::size_t i = 0; i < block; ++i) {
          Real f = c(k);
          for (std::size_t b = 0; b < blocks_; ++b) f += partial_of(0, b, 0)[k * block + i];
          out[k * count + j + i] = f;
        }
    }
  }

 private:
  WideOutputs(const ConstNetworks<Real>& network, const PaddedSamples<Real>* samples,
              std::unique_ptr<Minibatch<Real>> batch, int threads, Purpose purpose)
      : WideStepper<Real>(network, samples, std::move(batch), threads, block, purpose),
        kernels_(simd::outputs<Real>()),
        activation_(simd::elementary<Real>().activation[static_cast<int>(network.activation)]),
        hidden_(groups_ * chunk_ * lanes_),
        slopes_(groups_ * chunk_ * lanes_),
        partial_(2 * blocks_ * outputs_ * chunk_),
        residuals_(members() * outputs_ * block),
        sums_(members() * outputs_ * block * simd::logical_lanes),
        block_c_(members() * outputs_ * block) {}

  // Partial f of the `number` groups from `at` at the samples from `first` on, which are those from
  // k on in the chunk.
  void forward(std::size_t at, std::size_t number, std::size_t first, std::size_t k, Real* f,
               Real* sums) {
    const auto layer = state_.layer(at, number);
    Real* const h = hidden_.data() + scratch_of(at, number, k);
    kernels_.hidden(layer, activation_, samples_.view(), first, h,
                    slopes_.data() + scratch_of(at, number, k));
    kernels_.wide_values(layer, outputs_, h, sums, f);
  }

  // Every member takes its blocks of neurons; at each few samples all meet once to know f. Two sets
  // of partial f are used in turn, so that nobody overwrites what another still reads.
  bool member_gradient(int member, int size, const std::atomic<bool>& stop) override {
    const auto me = static_cast<std::size_t>(member);
    Real* const block_c = block_c_.data() + me * outputs_ * block;
    std::fill_n(block_c, outputs_ * block, Real(0));
    std::vector<Real> total_c(outputs_);
    for_blocks(member, size, [&](std::size_t first, std::size_t number) {
      clear(state_.total(), first, number);
    });
    for (std::size_t j = 0; j < samples_.padded(); j += chunk_) {
      const std::size_t turn = j / chunk_ % 2, count = std::min(chunk_, samples_.padded() - j);
      if (member == 0) stopping_[turn] = stop.load(std::memory_order_relaxed);
      if (j > 0 && j % simd::sample_block == 0) {
        fold(member, size, j > simd::sample_block);
        fold_c(block_c, total_c);
      }
      for_blocks(member, size, [&](std::size_t first, std::size_t number) {
        for (std::size_t k = 0; k < count; k += block)
          forward(first, number, j + k, k, partial_of(turn, first / block_groups_, k),
                  sums_of(member));
      });
      meet(size);
      if (stopping_[turn]) return false;
      Real* const into = j < simd::sample_block ? state_.total() : state_.partial();
      for (std::size_t k = 0; k < count; k += block) {
        const Real* const r = residuals(member, turn, j + k, k, block_c);
        for_blocks(member, size, [&](std::size_t first, std::size_t number) {
          const std::size_t at = scratch_of(first, number, k);
          kernels_.wide_gradient(state_.layer(first, number), outputs_, samples_.view(), j + k, r,
                                 hidden_.data() + at, slopes_.data() + at,
                                 state_.gradient(into, first));
        });
      }
    }
    if (samples_.padded() > simd::sample_block) fold(member, size, true);
    fold_c(block_c, total_c);
    for_blocks(member, size, [&](std::size_t first, std::size_t number) {
      if (first + number == groups_) clear_spare_lanes();
    });
    meet(size);
    if (member == 0)
      for (std::size_t k = 0; k < outputs_; ++k)
        std::fill_n(state_.total() + state_.c_offset() + k * lanes_, lanes_, total_c[k]);
    return true;
  }

  // r (C, block) at the samples from j on, k in the chunk, added to the member's sums over the
  // block.
  const Real* residuals(int member, std::size_t turn, std::size_t j, std::size_t k, Real* block_c) {
    Real* const r = residuals_.data() + static_cast<std::size_t>(member) * outputs_ * block;
    for (std::size_t o = 0; o < outputs_; ++o) std::fill_n(r + o * block, block, c(o));
    for (std::size_t b = 0; b < blocks_; ++b) {
      const Real* const partial = partial_of(turn, b, k);
      for (std::size_t i = 0; i < outputs_ * block; ++i) r[i] += partial[i];
    }
    kernels_.wide_residuals(samples_.loss(), outputs_, samples_.view(), j, r, block_c);
    return r;
  }

  // block_c (C, block): the sums over the samples that have each place in their block.
  void fold_c(Real* block_c, std::vector<Real>& total_c) const {
    for (std::size_t o = 0; o < outputs_; ++o) {
      Real sum = 0;
      for (std::size_t i = 0; i < block; ++i) sum += block_c[o * block + i];
      total_c[o] += sum;
    }
    std::fill_n(block_c, outputs_ * block, Real(0));
  }

  Real c(std::size_t k) const { return state_.parameters()[state_.c_offset() + k * lanes_]; }

  // Partial f of a block of neurons at the samples from k on in the chunk: (C, block).
  Real* partial_of(std::size_t turn, std::size_t neurons, std::size_t k) {
    return partial_.data() + ((turn * blocks_ + neurons) * chunk_ + k) * outputs_;
  }

  // Where h and h' of the `number` groups from `first` stand for the samples from k on in the
  // chunk.
  std::size_t scratch_of(std::size_t first, std::size_t number, std::size_t k) const {
    return (first * chunk_ + number * k) * lanes_;
  }

  Real* sums_of(int member) {
    return sums_.data() + static_cast<std::size_t>(member) * outputs_ * block * simd::logical_lanes;
  }

  std::size_t members() const { return static_cast<std::size_t>(std::max(1, team_)); }

  using WideStepper<Real>::samples_, WideStepper<Real>::block_groups_, WideStepper<Real>::blocks_;
  using WideStepper<Real>::chunk_, WideStepper<Real>::stopping_, WideStepper<Real>::lanes_;
  using WideStepper<Real>::groups_, WideStepper<Real>::outputs_, WideStepper<Real>::state_;
  using WideStepper<Real>::for_blocks, WideStepper<Real>::meet, WideStepper<Real>::fold;
  using WideStepper<Real>::clear, WideStepper<Real>::clear_spare_lanes, WideStepper<Real>::team_;

  const simd::OutputKernels<Real>& kernels_;
  simd::ActivationFunction<Real> activation_;
  Aligned<Real> hidden_,
      slopes_;  // (groups, samples of the chunk, lanes), block of neurons by block
  Aligned<Real> partial_, residuals_, sums_, block_c_;
};

}  // namespace ltens::dense
