// Wide networks, and those of any width that see another batch at every step: lanes are neurons of
// one network, dealt to blocks of fixed size. The partial f of the blocks are summed in their
// order, so the result is the same for any number of threads.
#pragma once

#include <algorithm>

#include "../threads/parallel.hpp"
#include "../training/batches.hpp"
#include "../training/samples.hpp"
#include "lane_stepper.hpp"

namespace ltens::dense {

template <class Real>
class Wide final : public LaneStepper<Real> {
 public:
  static constexpr std::size_t block_neurons = 1024;
  // Samples between two meetings of a team, a divisor of sample_block: rare meetings where other
  // threads must be waited for, a small scratch where not. It changes no bit.
  static constexpr std::size_t team_samples = 64;

  Wide(const ConstNetworks<Real>& network, const PaddedSamples<Real>& samples, int threads)
      : Wide(network, &samples, nullptr, threads) {}

  Wide(const ConstNetworks<Real>& network, std::unique_ptr<Minibatch<Real>> batch, int threads)
      : Wide(network, nullptr, std::move(batch), threads) {}

  // Either all samples or batches.
  Wide(const ConstNetworks<Real>& network, const PaddedSamples<Real>* samples,
       std::unique_ptr<Minibatch<Real>> batch, int threads)
      : LaneStepper<Real>(network, LaneIs::neurons),
        kernels_(simd::dense<Real>()),
        act_(kernels_.of[static_cast<int>(network.activation)]),
        batch_(std::move(batch)),
        samples_(samples != nullptr ? *samples : batch_->samples()),
        block_groups_(block_neurons / lanes_),
        blocks_((groups_ + block_groups_ - 1) / block_groups_),
        team_(static_cast<int>(std::min<std::size_t>(static_cast<std::size_t>(threads), blocks_))),
        chunk_(team_ > 1 ? team_samples : simd::wide_samples),
        scratch_(kernels_.wide_scratch * groups_ * (chunk_ / simd::wide_samples)),
        partial_f_(2 * blocks_ * chunk_) {}

  std::size_t advance(std::span<const simd::UpdateStep<Real>> steps,
                      const std::atomic<bool>& stop) override {
    std::size_t made = steps.size();
    team([&](int member, int size) {
      for (std::size_t t = 0; t < steps.size(); ++t) {
        if (batch_ != nullptr) {
          if (member == 0) batch_->next();
          meet(size);
        }
        if (!compute_gradient(member, size, stop)) {
          if (member == 0) made = t;
          return;
        }
        for_blocks(member, size, [&](std::size_t first, std::size_t number) {
          const std::size_t L = lanes_, d = dimension_;
          state_.update(first * d * L, number * d * L, steps[t]);
          state_.update(state_.b_offset() + first * L, number * L, steps[t]);
          state_.update(state_.a_offset() + first * L, number * L, steps[t]);
        });
        if (member == 0) state_.update(state_.c_offset(), lanes_, steps[t]);
        meet(size);
      }
    });
    return made;
  }

  void predict(Real* out) const {  // (D,)
    Real f[simd::wide_samples];
    for (std::size_t j = 0; j < samples_.count(); j += simd::wide_samples) {
      Real sum[simd::wide_samples];
      std::fill_n(sum, simd::wide_samples, state_.parameters()[state_.c_offset()]);
      for (std::size_t block = 0; block < blocks_; ++block) {
        act_.wide_values(layer_of(block), samples_.view(), j, f, nullptr);
        for (std::size_t k = 0; k < simd::wide_samples; ++k) sum[k] += f[k];
      }
      std::copy_n(sum, std::min(simd::wide_samples, samples_.count() - j), out + j);
    }
  }

 private:
  bool compute_gradient(const std::atomic<bool>& stop) override {
    bool whole = true;
    team([&](int member, int size) {
      const bool mine = compute_gradient(member, size, stop);
      if (member == 0) whole = mine;
    });
    return whole;
  }

  template <class Body>
  void team(const Body& body) {
    if (team_ <= 1)
      body(0, 1);
    else
      parallel_team(team_, body);
  }

  static void meet(int size) {
    if (size > 1) team_barrier();
  }

  template <class Body>
  void for_blocks(int member, int size, const Body& body) const {
    for (std::size_t block = static_cast<std::size_t>(member); block < blocks_;
         block += static_cast<std::size_t>(size))
      body(block * block_groups_, std::min(block_groups_, groups_ - block * block_groups_));
  }

  simd::Layer<Real> layer_of(std::size_t block) const {
    return state_.layer(block * block_groups_,
                        std::min(block_groups_, groups_ - block * block_groups_));
  }

  // Every member takes its blocks; at each few samples all meet once to know f. Two sets of
  // partial f are used in turn, so that nobody overwrites what another still reads.
  bool compute_gradient(int member, int size, const std::atomic<bool>& stop) {
    Real sum_c = 0, block_c = 0;
    for_blocks(member, size, [&](std::size_t first, std::size_t number) {
      clear(state_.total(), first, number);
    });
    for (std::size_t j = 0; j < samples_.padded(); j += chunk_) {
      const std::size_t turn = j / chunk_ % 2, count = std::min(chunk_, samples_.padded() - j);
      if (member == 0)
        stopping_[turn] = j % simd::sample_block == 0 && stop.load(std::memory_order_relaxed);
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
      Real residual[team_samples];
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

  // Start the next block of samples; add the last one to the total if it was not the first.
  void fold(int member, int size, bool add) {
    for_blocks(member, size, [&](std::size_t first, std::size_t number) {
      const std::size_t L = lanes_, d = dimension_;
      if (add) {
        simd::vectors<Real>().add(state_.total() + first * d * L, state_.partial() + first * d * L,
                                  number * d * L);
        for (const std::size_t at : {state_.b_offset() + first * L, state_.a_offset() + first * L})
          simd::vectors<Real>().add(state_.total() + at, state_.partial() + at, number * L);
      }
      clear(state_.partial(), first, number);
    });
  }

  void clear(Real* sums, std::size_t first, std::size_t number) const {
    const std::size_t L = lanes_, d = dimension_;
    std::fill_n(sums + first * d * L, number * d * L, Real(0));
    std::fill_n(sums + state_.b_offset() + first * L, number * L, Real(0));
    std::fill_n(sums + state_.a_offset() + first * L, number * L, Real(0));
  }

  // The neurons that only fill the last lanes must stay zero.
  void clear_spare_lanes() {
    const std::size_t L = lanes_, d = dimension_;
    for (std::size_t i = width_; i < groups_ * L; ++i) {
      for (std::size_t k = 0; k < d; ++k) state_.total()[(i / L * d + k) * L + i % L] = 0;
      state_.total()[state_.b_offset() + i] = 0;
      state_.total()[state_.a_offset() + i] = 0;
    }
  }

  // Of the `number` groups from `first` at the samples from k on, within a chunk.
  Real* scratch_of(std::size_t first, std::size_t number, std::size_t k) {
    return scratch_.data() + kernels_.wide_scratch * (first * (chunk_ / simd::wide_samples) +
                                                      number * (k / simd::wide_samples));
  }

  using LaneStepper<Real>::width_, LaneStepper<Real>::dimension_, LaneStepper<Real>::lanes_;
  using LaneStepper<Real>::groups_, LaneStepper<Real>::state_;

  const simd::DenseKernels<Real>& kernels_;
  const simd::ActivationKernels<Real>& act_;
  std::unique_ptr<Minibatch<Real>> batch_;  // null: all samples at every step
  const PaddedSamples<Real>& samples_;
  std::size_t block_groups_, blocks_;
  int team_;
  std::size_t chunk_;
  bool stopping_[2] = {false, false};
  Aligned<Real> scratch_, partial_f_;
};

}  // namespace ltens::dense
