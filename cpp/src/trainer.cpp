#include "ltens/trainer.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "adam_schedule.hpp"
#include "engines/registry.hpp"
#include "loss.hpp"
#include "parallel.hpp"

namespace ltens {

namespace {

constexpr std::size_t check_every = 64;  // steps between looks at divergence

// Steps that take about 20 ms, so that stopping and progress are prompt.
std::size_t prompt_steps(double nanoseconds_per_step) {
  const double steps = 20e6 / std::max(1.0, nanoseconds_per_step);
  return static_cast<std::size_t>(std::clamp(steps, 1.0, static_cast<double>(check_every)));
}

template <class Real>
Problem problem_of(const Networks<Real>& networks, const Task<Real>& task) {
  return {networks.width, task.samples, task.dimension, networks.activation,
          sizeof(Real) == sizeof(double)};
}

// The engine of that name, which must exist and apply.
const Engine& applicable(std::string_view name, const Problem& problem) {
  require_engine(name, problem);
  return engine_named(name);
}

// Trains the networks of one stepper and writes their results.
template <class Real>
class Group {
 public:
  Group(const Networks<Real>& networks, std::size_t first, const Outcome& outcome,
        const Prepared<Real>& engine, const PaddedSamples<double>& exact, int threads)
      : networks_(networks),
        first_(first),
        outcome_(outcome),
        exact_(exact),
        stepper_(engine.stepper(networks, threads)),
        frozen_(networks.count, false),
        now_(networks) {}

  void train(const Training& training, Control& control, std::size_t chunk) {
    AdamSchedule schedule(training);
    std::size_t done = 0, checkpoint = 0;
    record(done, checkpoint);
    while (done < training.steps && !control.stop.load(std::memory_order_relaxed)) {
      const std::size_t until = next_stop(done, checkpoint, chunk, training.steps);
      const auto steps = schedule.next<Real>(until - done);
      const std::size_t made = stepper_->advance(steps, control.stop);
      done += made;
      control.done.fetch_add(made * networks_.count, std::memory_order_relaxed);
      if (made < steps.size()) break;
      if (done % check_every == 0 || done == training.steps) freeze_diverged(done);
      record(done, checkpoint);
    }
    finish(done, done < training.steps ? Status::cancelled : Status::ok);
  }

 private:
  std::size_t next_stop(std::size_t done, std::size_t checkpoint, std::size_t chunk,
                        std::size_t last) const {
    std::size_t until = std::min({done + chunk, (done / check_every + 1) * check_every, last});
    if (checkpoint < outcome_.checkpoint_count)
      until = std::min<std::size_t>(until, outcome_.checkpoints[checkpoint]);
    return until;
  }

  // The history of all checkpoints that stand at `done`.
  void record(std::size_t done, std::size_t& checkpoint) {
    const std::size_t count = outcome_.checkpoint_count;
    if (checkpoint == count || outcome_.checkpoints[checkpoint] != done) return;
    read();
    std::vector<double> loss(networks_.count);
    exact_loss(networks_, exact_, loss.data());
    for (; checkpoint < count && outcome_.checkpoints[checkpoint] == done; ++checkpoint)
      for (std::size_t s = 0; s < networks_.count; ++s)
        outcome_.history[(first_ + s) * count + checkpoint] = loss[s];
  }

  // Bring the parameters home, except those of frozen networks, which are there already.
  void read() {
    now_ = Copy(networks_);
    stepper_->read(now_.view(networks_));
    now_.give(networks_, frozen_);
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
        outcome_.status[first_ + s] = static_cast<std::uint8_t>(Status::diverged);
        outcome_.steps[first_ + s] = done;
      }
  }

  void finish(std::size_t done, Status status) {
    read();
    exact_loss(networks_, exact_, outcome_.loss + first_);
    for (std::size_t s = 0; s < networks_.count; ++s)
      if (!frozen_[s]) {
        outcome_.status[first_ + s] = static_cast<std::uint8_t>(status);
        outcome_.steps[first_ + s] = done;
      }
  }

  // A set of parameters of the group's shape.
  struct Copy {
    explicit Copy(const Networks<Real>& like)
        : w(like.count * like.width * like.dimension),
          b(like.count * like.width),
          a(like.count * like.width),
          c(like.count) {}
    Networks<Real> view(const Networks<Real>& like) {
      return {w.data(),   b.data(),   a.data(),       c.data(),
              like.count, like.width, like.dimension, like.activation};
    }
    void give(const Networks<Real>& to, const std::vector<bool>& except) const {
      const auto part = [&](const std::vector<Real>& from, Real* out) {
        const std::size_t size = from.size() / to.count;
        for (std::size_t s = 0; s < to.count; ++s)
          if (!except[s]) std::copy_n(from.data() + s * size, size, out + s * size);
      };
      part(w, to.w);
      part(b, to.b);
      part(a, to.a);
      part(c, to.c);
    }
    std::vector<Real> w, b, a, c;
  };

  const Networks<Real> networks_;
  std::size_t first_;
  const Outcome& outcome_;
  const PaddedSamples<double>& exact_;
  std::unique_ptr<Stepper<Real>> stepper_;
  std::vector<bool> frozen_;
  Copy now_;
};

}  // namespace

template <class Real>
void train(const Networks<Real>& networks, const Task<Real>& task, const Task<double>& exact,
           const Training& training, std::string_view engine, int threads, Control& control,
           const Outcome& outcome) {
  const Problem problem = problem_of(networks, task);
  const Engine& chosen = applicable(engine, problem);
  const auto prepared = chosen.prepare<Real>()(task, exact, problem);
  const PaddedSamples<double> exact_samples(exact);
  const Split split = prepared->split(networks, threads);
  const std::size_t chunk = prompt_steps(chosen.cost(problem) * static_cast<double>(split.group));
  std::fill_n(outcome.history, networks.count * outcome.checkpoint_count,
              std::numeric_limits<double>::quiet_NaN());
  parallel_for(split.outer, split.count, [&](std::size_t i) {
    const std::size_t first = i * split.group;
    const auto part = networks.slice(first, std::min(split.group, networks.count - first));
    Group<Real>(part, first, outcome, *prepared, exact_samples, split.inner)
        .train(training, control, chunk);
  });
}

template <class Real>
void loss_and_gradient(const Networks<Real>& networks, const Task<Real>& task,
                       const Task<double>& exact, std::string_view engine, int threads,
                       double* loss, const Networks<Real>& gradient) {
  const Problem problem = problem_of(networks, task);
  const auto prepared = applicable(engine, problem).prepare<Real>()(task, exact, problem);
  const PaddedSamples<double> exact_samples(exact);
  const Split split = prepared->split(networks, threads);
  parallel_for(split.outer, split.count, [&](std::size_t i) {
    const std::size_t first = i * split.group;
    const std::size_t number = std::min(split.group, networks.count - first);
    const auto part = networks.slice(first, number);
    exact_loss(part, exact_samples, loss + first);
    prepared->stepper(part, split.inner)->gradient(gradient.slice(first, number));
  });
}

#define LTENS_INSTANTIATE(Real)                                                                  \
  template void train(const Networks<Real>&, const Task<Real>&, const Task<double>&,             \
                      const Training&, std::string_view, int, Control&, const Outcome&);         \
  template void loss_and_gradient(const Networks<Real>&, const Task<Real>&, const Task<double>&, \
                                  std::string_view, int, double*, const Networks<Real>&);
LTENS_INSTANTIATE(float)
LTENS_INSTANTIATE(double)
#undef LTENS_INSTANTIATE

}  // namespace ltens
