// The networks of one stepper: trained together, watched, each frozen when it diverges.
#pragma once

#include <bit>
#include <limits>

#include "adam_schedule.hpp"
#include "engine_error.hpp"
#include "owned_networks.hpp"

namespace ltens {

inline constexpr std::size_t check_every = 64;  // steps between looks at divergence

// An engine's error is measured at these steps, whatever history is asked for: what is found
// decides which networks are trained again, and that must not depend on who is watching.
inline bool measures_error(std::size_t done, std::size_t last) {
  return done == 0 || done == last || (done >= check_every && std::has_single_bit(done));
}

template <class Real>
class Group {
 public:
  Group(const Networks<Real>& networks, std::size_t first, const Outcome& outcome,
        const Prepared<Real>& engine, const PaddedSamples<double>& exact, int threads)
      : networks_(networks),
        first_(first),
        outcome_(outcome),
        surrogate_(engine.surrogate()),
        exact_(exact),
        stepper_(engine.stepper(networks, threads)),
        frozen_(networks.count, false),
        error_(networks.count, 0.0),
        loss_(networks.count) {}

  // `chunk` steps are made between looks at `control`. A group of which no network has an error of
  // at most `rtol` any more is given up.
  void train(const Training& training, Control& control, std::size_t chunk, double rtol) {
    AdamSchedule schedule(training);
    std::size_t done = 0;
    look(done, training.steps);
    while (done < training.steps && !control.stop.load(std::memory_order_relaxed) && hope(rtol)) {
      const auto steps = schedule.next<Real>(next_stop(done, chunk, training.steps) - done);
      const std::size_t made = stepper_->advance(steps, control.stop);
      done += made;
      control.done.fetch_add(made * networks_.count, std::memory_order_relaxed);
      if (made < steps.size()) break;
      if (done % check_every == 0 || done == training.steps) freeze_diverged(done);
      look(done, training.steps);
    }
    finish(done, done < training.steps ? Status::cancelled : Status::ok);
  }

 private:
  std::size_t next_stop(std::size_t done, std::size_t chunk, std::size_t last) const {
    std::size_t until = std::min({done + chunk, (done / check_every + 1) * check_every, last});
    if (checkpoint_ < outcome_.checkpoint_count)
      until = std::min<std::size_t>(until, outcome_.checkpoints[checkpoint_]);
    return until;
  }

  bool hope(double rtol) const {
    for (std::size_t s = 0; s < networks_.count; ++s)
      if (!frozen_[s] && error_[s] <= rtol) return true;
    return false;
  }

  // At `done` steps: the history of the checkpoints that stand here, and the engine's error.
  void look(std::size_t done, std::size_t last) {
    const std::size_t count = outcome_.checkpoint_count;
    const bool recorded = checkpoint_ < count && outcome_.checkpoints[checkpoint_] == done;
    const bool measured = surrogate_ != nullptr && measures_error(done, last);
    if (!recorded && !measured) return;
    evaluate(done);
    for (; checkpoint_ < count && outcome_.checkpoints[checkpoint_] == done; ++checkpoint_)
      for (std::size_t s = 0; s < networks_.count; ++s)
        outcome_.history[(first_ + s) * count + checkpoint_] = loss_[s];
    if (measured) raise_engine_error(networks_, *surrogate_, loss_.data(), error_.data());
  }

  // Parameters and losses after `done` steps.
  void evaluate(std::size_t done) {
    if (evaluated_ == done) return;
    read();
    exact_loss(networks_, exact_, loss_.data());
    evaluated_ = done;
  }

  // Bring the parameters home, except those of frozen networks, which are there already.
  void read() {
    OwnedNetworks<Real> now(networks_, networks_.count);
    stepper_->read(now.view());
    for (std::size_t s = 0; s < networks_.count; ++s)
      if (!frozen_[s]) copy(now.view(), s, networks_, s);
  }

  void freeze_diverged(std::size_t done) {
    const auto finite = stepper_->finite();
    bool any = false;
    for (std::size_t s = 0; s < networks_.count; ++s) any |= !finite[s] && !frozen_[s];
    if (!any) return;
    read();
    for (std::size_t s = 0; s < networks_.count; ++s)
      if (!finite[s] && !frozen_[s]) {
        frozen_[s] = true;
        error_[s] = std::numeric_limits<double>::infinity();
        outcome_.status[first_ + s] = static_cast<std::uint8_t>(Status::diverged);
        outcome_.steps[first_ + s] = done;
      }
  }

  void finish(std::size_t done, Status status) {
    const bool measured = evaluated_ == done;
    evaluate(done);
    if (surrogate_ != nullptr && !measured)
      raise_engine_error(networks_, *surrogate_, loss_.data(), error_.data());
    for (std::size_t s = 0; s < networks_.count; ++s) {
      outcome_.loss[first_ + s] = loss_[s];
      outcome_.engine_error[first_ + s] = surrogate_ == nullptr ? 0 : error_[s];
      if (frozen_[s]) continue;
      outcome_.status[first_ + s] = static_cast<std::uint8_t>(status);
      outcome_.steps[first_ + s] = done;
    }
  }

  const Networks<Real> networks_;
  std::size_t first_;
  const Outcome& outcome_;
  const Surrogate* surrogate_;
  const PaddedSamples<double>& exact_;
  std::unique_ptr<Stepper<Real>> stepper_;
  std::vector<bool> frozen_;
  std::vector<double> error_, loss_;
  std::size_t checkpoint_ = 0;
  std::size_t evaluated_ = std::numeric_limits<std::size_t>::max();
};

}  // namespace ltens
