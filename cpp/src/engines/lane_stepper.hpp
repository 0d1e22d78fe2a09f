// What steppers have in common whose networks lie in lanes: arrays in and out, steps, and the look
// for numbers that are not finite.
#pragma once

#include <atomic>
#include <cstddef>
#include <span>
#include <vector>

#include "../simd/dispatch.hpp"
#include "lane_state.hpp"
#include "ltens/networks.hpp"
#include "ltens/stopping.hpp"
#include "stepper.hpp"

namespace ltens {

// What a lane is: one network of several, or some neurons of one network.
enum class LaneIs { network, neurons };

template <class Real>
class LaneStepper : public Stepper<Real> {
 public:
  std::size_t advance(std::span<const simd::UpdateStep<Real>> steps,
                      const std::atomic<bool>& stop) override {
    for (std::size_t t = 0; t < steps.size(); ++t) {
      if (!compute_gradient(stop)) return t;
      state_.update(0, state_.size(), steps[t]);
    }
    return steps.size();
  }

  void gradient(const Networks<Real>& out, const std::atomic<bool>& stop) override {
    if (!compute_gradient(stop)) throw Stopped();
    give(state_.total(), out);
  }

  void read(const Networks<Real>& out) const override { give(state_.parameters(), out); }

  std::vector<bool> finite() const override {
    std::vector<bool> result(count_, true);
    for (std::size_t i = 0; i < state_.size(); ++i) {
      const std::size_t network = lane_is_ == LaneIs::network ? i % lanes_ : 0;
      if (network < count_ && !state_.finite(i)) result[network] = false;
    }
    return result;
  }

 protected:
  // There are at most as many networks as lanes, or one. Spare lanes hold zeros.
  LaneStepper(const ConstNetworks<Real>& networks, LaneIs lane_is,
              Purpose purpose = Purpose::training)
      : lane_is_(lane_is),
        count_(networks.count),
        width_(networks.width),
        dimension_(networks.dimension),
        outputs_(networks.outputs),
        lanes_(simd::vectors<Real>().lanes),
        groups_(lane_is == LaneIs::network ? width_ : padded(width_) / lanes_),
        state_(groups_, dimension_, lanes_, outputs_, purpose) {
    each(networks, state_.parameters(), [](const Real& number, Real& lane) { lane = number; });
  }

  // The gradient of all networks in state_.total(); false if stopped half-way.
  virtual bool compute_gradient(const std::atomic<bool>& stop) = 0;

  LaneIs lane_is_;
  std::size_t count_, width_, dimension_, outputs_, lanes_, groups_;
  LaneState<Real> state_;

 private:
  static std::size_t padded(std::size_t width) {
    return (width + simd::logical_lanes - 1) / simd::logical_lanes * simd::logical_lanes;
  }

  void give(const Real* lanes, const Networks<Real>& out) const {
    each(out, lanes, [](Real& number, const Real& lane) { number = lane; });
  }

  // Call move(number, lane) for every number of the networks and its place in the lanes.
  template <class Number, class Lane, class Move>
  void each(const Networks<Number>& networks, Lane* lanes, const Move& move) const {
    const std::size_t n = width_, d = dimension_, b = state_.b_offset(), a = state_.a_offset();
    const bool network = lane_is_ == LaneIs::network;
    for (std::size_t s = 0; s < count_; ++s) {
      for (std::size_t i = 0; i < n; ++i) {
        const std::size_t group = network ? i : i / lanes_, lane = network ? s : i % lanes_;
        for (std::size_t k = 0; k < d; ++k)
          move(networks.w[(s * n + i) * d + k], lanes[(group * d + k) * lanes_ + lane]);
        move(networks.b[s * n + i], lanes[b + group * lanes_ + lane]);
        for (std::size_t k = 0; k < outputs_; ++k)
          move(networks.a[(s * outputs_ + k) * n + i],
               lanes[a + (group * outputs_ + k) * lanes_ + lane]);
      }
      for (std::size_t k = 0; k < outputs_; ++k)
        move(networks.c[s * outputs_ + k], lanes[state_.c_offset() + k * lanes_ + s]);
    }
  }
};

}  // namespace ltens
