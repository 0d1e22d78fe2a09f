// The parameters with the smallest loss on held-out data, and when to stop looking for better ones.
#pragma once

#include <cmath>
#include <limits>

#include "loss.hpp"
#include "ltens/settings.hpp"
#include "owned_networks.hpp"

namespace ltens {

template <class Real>
class EarlyStopping {
 public:
  EarlyStopping(const Networks<Real>& like, const PaddedSamples<double>& held_out,
                const Training& training)
      : held_out_(held_out),
        every_(training.held_out_every),
        patience_(training.patience),
        best_(like, like.count),
        loss_(like.count, std::numeric_limits<double>::infinity()),
        error_(like.count, std::numeric_limits<double>::quiet_NaN()),
        step_(like.count, 0),
        looks_(like.count, 0),
        stopped_(like.count, false) {}

  bool looks_at(std::size_t done, std::size_t last) const {
    return done % every_ == 0 || done == last;
  }
  std::size_t next_look(std::size_t done) const { return (done / every_ + 1) * every_; }

  // At the parameters after `done` steps; networks that are left out stay as they are. Nothing
  // changes if it throws Stopped.
  void look(const Networks<Real>& now, std::size_t done, const std::vector<bool>& left_out,
            const std::atomic<bool>& stop) {
    std::vector<double> loss(now.count), error(now.count);
    exact_loss(now, held_out_, stop, loss.data(), error.data());
    for (std::size_t s = 0; s < now.count; ++s) {
      // What is not finite is left to the search for divergence, or patience would hide it.
      if (left_out[s] || !std::isfinite(loss[s])) continue;
      ++looks_[s];
      if (loss[s] < loss_[s]) {
        loss_[s] = loss[s];
        error_[s] = error[s];
        step_[s] = done;
        looks_[s] = 0;
        copy(now, s, best_.view(), s);
      }
      stopped_[s] = patience_ > 0 && looks_[s] >= patience_;
    }
  }

  bool found(std::size_t s) const { return loss_[s] < std::numeric_limits<double>::infinity(); }
  bool stopped(std::size_t s) const { return stopped_[s]; }
  double loss(std::size_t s) const { return loss_[s]; }
  double error(std::size_t s) const { return error_[s]; }  // 0/1
  std::size_t step(std::size_t s) const { return step_[s]; }
  void give(std::size_t s, const Networks<Real>& to) { copy(best_.view(), s, to, s); }

 private:
  const PaddedSamples<double>& held_out_;
  std::size_t every_;
  std::uint64_t patience_;
  OwnedNetworks<Real> best_;
  std::vector<double> loss_, error_;
  std::vector<std::size_t> step_, looks_;  // looks without a better loss
  std::vector<bool> stopped_;
};

}  // namespace ltens
