// The networks of one stepper: trained together, watched, each frozen when it diverges and stopped
// when its held-out loss no longer falls.
#pragma once

#include <algorithm>
#include <bit>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include "batches.hpp"
#include "early_stopping.hpp"
#include "engine_error.hpp"
#include "ltens/results.hpp"
#include "ltens/stopping.hpp"
#include "owned_networks.hpp"
#include "step_schedule.hpp"

namespace ltens {

inline constexpr std::size_t check_every = 64;  // steps between looks at divergence

// An engine's error is measured at these steps, whatever history is asked for: what is found
// decides which networks are trained again, and that must not depend on who is watching.
inline bool measures_error(std::size_t done, std::size_t last) {
  return done == 0 || done == last || (done >= check_every && std::has_single_bit(done));
}

// On what all groups of a training are judged.
struct PaddedEvaluationTasks {
  const PaddedSamples<double>& task;
  const PaddedSamples<double>& evaluation;  // may be the task
  const PaddedSamples<double>* held_out;    // may be null
};

template <class Real>
class Group {
 public:
  Group(const Networks<Real>& networks, std::size_t first, const Outcome& outcome,
        const Prepared<Real>& engine, const PaddedEvaluationTasks& tasks, const Training& training,
        std::unique_ptr<Stepper<Real>> stepper, const std::atomic<bool>& stop_evaluations)
      : networks_(networks),
        first_(first),
        outcome_(outcome),
        surrogate_(engine.surrogate()),
        tasks_(tasks),
        training_(training),
        stepper_(std::move(stepper)),
        stop_(stop_evaluations),
        frozen_(networks.count, false),
        error_(networks.count, 0.0),
        loss_(networks.count),
        mistaken_(networks.count) {
    if (tasks.held_out != nullptr) stopping_.emplace(networks, *tasks.held_out, training);
  }

  // `chunk` steps are made between looks at `control`. A group of which no network has an error of
  // at most `rtol` any more is given up. Where an evaluation is stopped, networks are cancelled and
  // their losses NaN.
  void train(Control& control, std::size_t chunk, double rtol) {
    StepSchedule schedule(training_);
    std::size_t done = 0;
    completes([&] { look(done); });
    while (done < training_.steps && !control.stop.load(std::memory_order_relaxed) && hope(rtol)) {
      const auto steps = schedule.next<Real>(next_stop(done, chunk) - done);
      const std::size_t made = stepper_->advance(steps, control.stop);
      done += made;
      control.done.fetch_add(made * networks_.count, std::memory_order_relaxed);
      if (made < steps.size()) break;
      if (done % check_every == 0 || done == training_.steps) freeze_diverged(done);
      completes([&] { look(done); });
    }
    finish(done, done < training_.steps ? Status::cancelled : Status::ok);
  }

 private:
  std::size_t next_stop(std::size_t done, std::size_t chunk) const {
    std::size_t until = std::min({done + chunk, (done / check_every + 1) * check_every,
                                  static_cast<std::size_t>(training_.steps)});
    if (checkpoint_ < outcome_.checkpoint_count)
      until = std::min<std::size_t>(until, outcome_.checkpoints[checkpoint_]);
    if (stopping_) until = std::min(until, stopping_->next_look(done));
    return until;
  }

  // Is the network's result settled, whatever its lane does from now on?
  bool settled(std::size_t s) const { return frozen_[s] || (stopping_ && stopping_->stopped(s)); }

  bool hope(double rtol) const {
    for (std::size_t s = 0; s < networks_.count; ++s)
      if (!settled(s) && error_[s] <= rtol) return true;
    return false;
  }

  // At `done` steps: the history of the checkpoints that stand here, the engine's error, and the
  // loss on held-out data.
  void look(std::size_t done) {
    const std::size_t count = outcome_.checkpoint_count;
    const bool recorded = checkpoint_ < count && outcome_.checkpoints[checkpoint_] == done;
    const bool held_out = stopping_ && stopping_->looks_at(done, training_.steps);
    const bool measured =
        surrogate_ != nullptr && (held_out || measures_error(done, training_.steps));
    if (!recorded && !measured && !held_out) return;
    read();
    if (recorded) {
      evaluate(done);
      for (; checkpoint_ < count && outcome_.checkpoints[checkpoint_] == done; ++checkpoint_)
        for (std::size_t s = 0; s < networks_.count; ++s)
          if (!(stopping_ && stopping_->stopped(s))) record(s, (first_ + s) * count + checkpoint_);
    }
    if (measured) measure(done);
    if (held_out) {
      std::vector<bool> left_out(networks_.count);
      for (std::size_t s = 0; s < networks_.count; ++s) {
        left_out[s] = settled(s);
        if (!left_out[s]) steps_seen(s, done);
      }
      stopping_->look(networks_, done, left_out, stop_);
    }
  }

  void record(std::size_t s, std::size_t place) {
    outcome_.history[place] = loss_[s];
    if (outcome_.error_history != nullptr) outcome_.error_history[place] = mistaken_[s];
  }

  // The loss and 0/1 error of the present parameters on the evaluation task.
  void evaluate(std::size_t done) {
    if (evaluated_ == done) return;
    exact_loss(networks_, tasks_.evaluation, stop_, loss_.data(), mistaken_.data());
    evaluated_ = done;
  }

  // The engine's error at the present parameters of the networks that are not settled.
  void measure(std::size_t done) {
    std::vector<double> loss(networks_.count), error = error_;
    if (&tasks_.evaluation == &tasks_.task) {
      evaluate(done);
      loss = loss_;
    } else {
      exact_loss(networks_, tasks_.task, stop_, loss.data());
    }
    raise_engine_error(networks_, *surrogate_, stop_, loss.data(), error.data());
    for (std::size_t s = 0; s < networks_.count; ++s)
      if (!settled(s)) error_[s] = error[s];
    measured_ = done;
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
    for (std::size_t s = 0; s < networks_.count; ++s) any |= !finite[s] && !settled(s);
    if (!any) return;
    read();
    for (std::size_t s = 0; s < networks_.count; ++s)
      if (!finite[s] && !settled(s)) {
        frozen_[s] = true;
        error_[s] = std::numeric_limits<double>::infinity();
        result(s).status = Status::diverged;
        steps_seen(s, done);
      }
  }

  Result& result(std::size_t s) const { return outcome_.results[first_ + s]; }

  void steps_seen(std::size_t s, std::size_t done) { result(s).steps = done; }

  void finish(std::size_t done, Status status) {
    read();
    const bool measured =
        surrogate_ == nullptr || measured_ == done || completes([&] { measure(done); });
    for (std::size_t s = 0; s < networks_.count; ++s) {
      if (!settled(s)) steps_seen(s, done);
      Result& of = result(s);
      if (!frozen_[s]) of.status = settled(s) ? Status::ok : status;
      of.engine_error = surrogate_ == nullptr ? 0 : measured ? error_[s] : unknown;
      const bool found = stopping_ && stopping_->found(s);
      of.best_step = found ? stopping_->step(s) : of.steps;
      of.held_out_loss = found ? stopping_->loss(s) : unknown;
      of.held_out_error = found ? stopping_->error(s) : unknown;
      if (found) stopping_->give(s, networks_);
    }
    if (stopping_) evaluated_ = never;
    const bool evaluated = completes([&] { evaluate(done); });
    for (std::size_t s = 0; s < networks_.count; ++s) {
      result(s).loss = evaluated ? loss_[s] : unknown;
      result(s).error = evaluated ? mistaken_[s] : unknown;
      if (!measured || !evaluated) result(s).status = Status::cancelled;
    }
  }

  // False if the evaluations were stopped.
  template <class Evaluations>
  static bool completes(const Evaluations& evaluations) {
    try {
      evaluations();
      return true;
    } catch (const Stopped&) {
      return false;
    }
  }

  static constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  static constexpr std::size_t never = std::numeric_limits<std::size_t>::max();

  const Networks<Real> networks_;
  std::size_t first_;
  const Outcome& outcome_;
  const Surrogate* surrogate_;
  const PaddedEvaluationTasks& tasks_;
  const Training& training_;
  std::unique_ptr<Stepper<Real>> stepper_;
  const std::atomic<bool>& stop_;  // of evaluations
  std::optional<EarlyStopping<Real>> stopping_;
  std::vector<bool> frozen_;
  std::vector<double> error_, loss_, mistaken_;  // of the engine; of the task; its 0/1 error
  std::size_t checkpoint_ = 0;
  std::size_t evaluated_ = never, measured_ = never;
};

}  // namespace ltens
