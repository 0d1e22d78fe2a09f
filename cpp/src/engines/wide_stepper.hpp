// What wide networks have in common, and those of any width that see another batch at every step:
// lanes are neurons of one network, dealt to blocks of fixed size. The partial f of the blocks are
// summed in their order, so the result is the same for any number of threads.
#pragma once

#include <algorithm>
#include <memory>

#include "../threads/parallel.hpp"
#include "../training/batches.hpp"
#include "../training/samples.hpp"
#include "lane_stepper.hpp"

namespace ltens::dense {

template <class Real>
class WideStepper : public LaneStepper<Real> {
 public:
  static constexpr std::size_t block_neurons = 1024;
  // Most samples between two meetings of a team, a divisor of sample_block: rare meetings where
  // other threads must be waited for, a small scratch where not. It changes no bit.
  static constexpr std::size_t team_samples = 64;

  // One thread takes `alone` at once. A team takes fewer than team_samples where the samples of
  // many neurons take milliseconds anyway.
  static std::size_t samples_at_once(std::size_t width, int threads, std::size_t alone) {
    constexpr std::size_t most = std::size_t{1} << 20;  // neurons times samples
    if (threads <= 1 || width <= block_neurons) return alone;
    std::size_t chunk = team_samples;
    while (chunk > alone && chunk * width > most) chunk /= 2;
    return chunk;
  }

  std::size_t advance(std::span<const simd::UpdateStep<Real>> steps,
                      const std::atomic<bool>& stop) override {
    std::size_t made = steps.size();
    team([&](int member, int size) {
      for (std::size_t t = 0; t < steps.size(); ++t) {
        if (batch_ != nullptr) {
          if (member == 0) batch_->next();
          meet(size);
        }
        if (!member_gradient(member, size, stop)) {
          if (member == 0) made = t;
          return;
        }
        for_blocks(member, size, [&](std::size_t first, std::size_t number) {
          const std::size_t L = lanes_, d = dimension_, C = outputs_;
          state_.update(first * d * L, number * d * L, steps[t]);
          state_.update(state_.b_offset() + first * L, number * L, steps[t]);
          state_.update(state_.a_offset() + first * C * L, number * C * L, steps[t]);
        });
        if (member == 0) state_.update(state_.c_offset(), outputs_ * lanes_, steps[t]);
        meet(size);
      }
    });
    return made;
  }

 protected:
  // Either all samples or batches.
  WideStepper(const ConstNetworks<Real>& network, const PaddedSamples<Real>* samples,
              std::unique_ptr<Minibatch<Real>> batch, int threads, std::size_t alone,
              Purpose purpose)
      : LaneStepper<Real>(network, LaneIs::neurons, purpose),
        batch_(std::move(batch)),
        samples_(samples != nullptr ? *samples : batch_->samples()),
        block_groups_(block_neurons / lanes_),
        blocks_((groups_ + block_groups_ - 1) / block_groups_),
        team_(static_cast<int>(std::min<std::size_t>(static_cast<std::size_t>(threads), blocks_))),
        chunk_(samples_at_once(width_, team_, alone)) {}

  // What a member of the team does for the gradient; false if stopped half-way.
  virtual bool member_gradient(int member, int size, const std::atomic<bool>& stop) = 0;

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

  // Start the next block of samples; add the last one to the total if it was not the first.
  void fold(int member, int size, bool add) {
    for_blocks(member, size, [&](std::size_t first, std::size_t number) {
      if (add)
        for_arrays(first, number, [&](std::size_t from, std::size_t count) {
          simd::vectors<Real>().add(state_.total() + from, state_.partial() + from, count);
        });
      clear(state_.partial(), first, number);
    });
  }

  void clear(Real* sums, std::size_t first, std::size_t number) const {
    for_arrays(first, number, [sums](std::size_t from, std::size_t count) {
      std::fill_n(sums + from, count, Real(0));
    });
  }

  // The neurons that only fill the last lanes must stay zero.
  void clear_spare_lanes() {
    const std::size_t L = lanes_, d = dimension_, C = outputs_;
    for (std::size_t i = width_; i < groups_ * L; ++i) {
      for (std::size_t k = 0; k < d; ++k) state_.total()[(i / L * d + k) * L + i % L] = 0;
      state_.total()[state_.b_offset() + i] = 0;
      for (std::size_t k = 0; k < C; ++k)
        state_.total()[state_.a_offset() + (i / L * C + k) * L + i % L] = 0;
    }
  }

  using LaneStepper<Real>::width_, LaneStepper<Real>::dimension_, LaneStepper<Real>::outputs_;
  using LaneStepper<Real>::lanes_, LaneStepper<Real>::groups_, LaneStepper<Real>::state_;

  std::unique_ptr<Minibatch<Real>> batch_;  // null: all samples at every step
  const PaddedSamples<Real>& samples_;
  std::size_t block_groups_, blocks_;
  int team_;
  std::size_t chunk_;  // samples taken at once
  bool stopping_[2] = {false, false};

 private:
  bool compute_gradient(const std::atomic<bool>& stop) override {
    bool whole = true;
    team([&](int member, int size) {
      const bool mine = member_gradient(member, size, stop);
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

  // Call body(from, count) for what w, b and a hold of the groups first .. first + number.
  template <class Body>
  void for_arrays(std::size_t first, std::size_t number, const Body& body) const {
    const std::size_t L = lanes_, d = dimension_, C = outputs_;
    body(first * d * L, number * d * L);
    body(state_.b_offset() + first * L, number * L);
    body(state_.a_offset() + first * C * L, number * C * L);
  }
};

}  // namespace ltens::dense
