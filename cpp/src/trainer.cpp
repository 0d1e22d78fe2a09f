#include "ltens/trainer.hpp"

#include <algorithm>
#include <initializer_list>
#include <limits>
#include <memory>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "engines/registry.hpp"
#include "threads/parallel.hpp"
#include "training/gradient_error.hpp"
#include "training/group.hpp"

namespace ltens {

namespace {

// Steps that take about 20 ms, so that stopping and progress are prompt.
std::size_t prompt_steps(double nanoseconds_per_step) {
  const double steps = 20e6 / std::max(1.0, nanoseconds_per_step);
  return static_cast<std::size_t>(std::clamp(steps, 1.0, static_cast<double>(check_every)));
}

// std::invalid_argument unless networks and tasks agree on the outputs and the loss.
template <class Real>
void require_outputs(const ConstNetworks<std::type_identity_t<Real>>& networks,
                     const Task<Real>& task, std::initializer_list<const Task<double>*> others) {
  const auto agrees = [&](const auto& other) {
    return other.outputs == networks.outputs && other.loss == task.loss;
  };
  const auto fits = [&](const Task<double>* other) { return other == nullptr || agrees(*other); };
  if (!agrees(task) || !std::all_of(others.begin(), others.end(), fits))
    throw std::invalid_argument("networks and tasks must have the same outputs and loss");
  if (!takes_outputs(task.loss, task.outputs))
    throw std::invalid_argument(
        std::string(loss_names()[static_cast<std::size_t>(task.loss)]) + " takes " +
        (task.loss == Loss::logistic ? "one output" : "two outputs or more") + ", not " +
        std::to_string(task.outputs));
}

template <class Real>
Problem problem_of(const ConstNetworks<std::type_identity_t<Real>>& networks,
                   const Task<Real>& task, std::uint64_t batch = 0) {
  return {networks.width,
          task.samples,
          task.dimension,
          networks.activation,
          sizeof(Real) == sizeof(double),
          batch_of(batch, task.samples),
          networks.outputs,
          task.loss};
}

// The engine in use: at first the one asked for; for networks it is not good enough for, finer and
// finer ones, and at last the definition.
template <class Real>
class EngineInUse {
 public:
  // Throws Stopped from `prepare` and `refine` once `stop` is set.
  EngineInUse(std::string_view name, const Task<Real>& task, const Task<double>& exact,
              const std::atomic<bool>& stop)
      : task_(task), exact_(exact), stop_(stop), name_(name) {}

  void prepare(const Problem& problem) {
    require_engine(name_, problem);
    problem_ = problem;
    prepared_ = engine_named(name_).template prepare<Real>()(task_, exact_, problem, stop_);
  }

  void refine() {
    prepared_ = prepared_->finer(stop_);
    if (prepared_ != nullptr) return;
    name_ = engine_names().front();
    prepare(problem_);
  }

  const Prepared<Real>& operator*() const { return *prepared_; }
  const Problem& problem() const { return problem_; }
  double cost() const { return engine_cost(name_, problem_); }
  std::uint8_t index() const {
    const auto names = engine_names();
    return static_cast<std::uint8_t>(std::find(names.begin(), names.end(), name_) - names.begin());
  }

 private:
  const Task<Real>& task_;
  const Task<double>& exact_;
  const std::atomic<bool>& stop_;
  std::string_view name_;
  Problem problem_{};
  std::unique_ptr<Prepared<Real>> prepared_;
};

// Memory for the results of a part of the batch.
class PartialOutcome {
 public:
  PartialOutcome(const Outcome& like, std::size_t count)
      : like_(like),
        results_(count),
        history_(count * like.checkpoint_count),
        error_history_(history_.size()) {}

  Outcome view() {
    return {like_.checkpoints, like_.checkpoint_count, results_.data(), history_.data(),
            error_history_.data()};
  }

  // Result i to network s of the whole.
  void give(std::size_t i, std::size_t s) const {
    const std::size_t k = like_.checkpoint_count;
    like_.results[s] = results_[i];
    std::copy_n(history_.data() + i * k, k, like_.history + s * k);
    if (like_.error_history != nullptr)
      std::copy_n(error_history_.data() + i * k, k, like_.error_history + s * k);
  }

 private:
  const Outcome& like_;
  std::vector<Result> results_;
  std::vector<double> history_, error_history_;
};

// Predicted nanoseconds of one core for the loss of all networks, from above.
template <class Real>
double evaluation_cost(const Networks<Real>& networks, const PaddedSamples<double>& samples) {
  return static_cast<double>(networks.count) *
         engine_cost(engine_names().front(),
                     {networks.width, samples.count(), samples.dimension(), networks.activation,
                      true, 0, samples.outputs(), samples.loss()});
}

// A training that is stopped still evaluates its networks if that takes less than 50 ms.
template <class Real>
bool brief_evaluations(const Networks<Real>& networks, const PaddedEvaluationTasks& tasks) {
  double cost = evaluation_cost(networks, tasks.task) + evaluation_cost(networks, tasks.evaluation);
  if (tasks.held_out != nullptr) cost += evaluation_cost(networks, *tasks.held_out);
  return cost < 50e6;
}

// Of a network whose training did not begin.
void cancel(Result& result) {
  constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  result.loss = result.engine_error = result.held_out_loss = unknown;
  result.error = result.held_out_error = unknown;
  result.steps = result.best_step = 0;
  result.status = Status::cancelled;
}

void clear_histories(const Outcome& outcome, std::size_t networks) {
  for (double* const history : {outcome.history, outcome.error_history})
    if (history != nullptr)
      std::fill_n(history, networks * outcome.checkpoint_count,
                  std::numeric_limits<double>::quiet_NaN());
}

template <class Real>
struct Run {
  const Training& training;
  const PaddedEvaluationTasks& tasks;
  const Draws& draws;
  double rtol;
  int threads;
  Control& control;
  const std::atomic<bool>& stop_evaluations;

  // All networks once, with one engine.
  void pass(const Networks<Real>& networks, const EngineInUse<Real>& engine,
            const Outcome& outcome) const {
    const Split split = (*engine).split(networks, threads);
    const std::size_t chunk = prompt_steps(engine.cost() * static_cast<double>(split.group));
    clear_histories(outcome, networks.count);
    for (std::size_t s = 0; s < networks.count; ++s) {
      outcome.results[s].nodes = (*engine).nodes();
      outcome.results[s].engine = engine.index();
    }
    parallel_for(split.outer, split.count, [&](std::size_t i) {
      const std::size_t first = i * split.group;
      const auto part = networks.slice(first, std::min(split.group, networks.count - first));
      if (stop_evaluations) {
        std::for_each_n(outcome.results + first, part.count, cancel);
        return;
      }
      Group<Real>(part, first, outcome, *engine, tasks, training,
                  stepper(part, first, engine, split.inner), stop_evaluations)
          .train(control, chunk, rtol);
    });
  }

  // `first` is the number of the first network among those of the training; the engine that takes
  // batches deals networks one by one and is never refined, so it is that of the label too.
  std::unique_ptr<Stepper<Real>> stepper(const Networks<Real>& part, std::size_t first,
                                         const EngineInUse<Real>& engine, int inside) const {
    const Problem& problem = engine.problem();
    if (problem.batch == 0) return (*engine).stepper(part, inside);
    return (*engine).minibatch_stepper(
        part,
        BatchStream(draws.key, part.width, draws.seeds[first], problem.samples, problem.batch),
        inside);
  }

  // Those of the networks `which` whose engine's error is too large.
  std::vector<std::size_t> failed(const std::vector<std::size_t>& which,
                                  const Outcome& outcome) const {
    std::vector<std::size_t> result;
    for (const std::size_t s : which)
      if (!(outcome.results[s].engine_error <= rtol)) result.push_back(s);
    return result;
  }

  // The networks `which` once more from their start.
  void again(const Networks<Real>& networks, const Networks<Real>& start,
             const std::vector<std::size_t>& which, const EngineInUse<Real>& engine,
             const Outcome& outcome) const {
    for (const std::size_t s : which) control.done.fetch_sub(outcome.results[s].steps);
    OwnedNetworks<Real> part(start, which);
    PartialOutcome results(outcome, which.size());
    pass(part.view(), engine, results.view());
    for (std::size_t i = 0; i < which.size(); ++i) {
      copy(part.view(), i, networks, which[i]);
      results.give(i, which[i]);
    }
  }
};

std::vector<std::size_t> everyone(std::size_t count) {
  std::vector<std::size_t> all(count);
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

}  // namespace

template <class Real>
void train(const Networks<Real>& networks, const Task<Real>& task, const Task<double>& exact,
           const Training& training, std::string_view engine, double rtol, int threads,
           Control& control, const Outcome& outcome, const EvaluationTasks& tasks,
           const Draws& draws) {
  require_outputs(networks, task, {&exact, tasks.evaluation, tasks.held_out});
  EngineInUse<Real> in_use(engine, task, exact, control.stop);
  std::optional<PaddedSamples<double>> samples, evaluation, held_out;
  try {
    in_use.prepare(problem_of(networks, task, training.batch_size));
    samples.emplace(exact, false, control.stop);
    if (tasks.evaluation != nullptr) evaluation.emplace(*tasks.evaluation, false, control.stop);
    if (tasks.held_out != nullptr) held_out.emplace(*tasks.held_out, false, control.stop);
  } catch (const Stopped&) {
    clear_histories(outcome, networks.count);
    std::for_each_n(outcome.results, networks.count, cancel);
    for (std::size_t s = 0; s < networks.count; ++s) outcome.results[s].engine = in_use.index();
    return;
  }
  if (in_use.problem().batch > 0 && draws.seeds == nullptr)
    throw std::invalid_argument("batches are drawn by the labels of the networks: give seeds");
  if (in_use.problem().batch > 0 && task.samples > BatchStream::most_samples)
    throw std::invalid_argument("batches are drawn from at most 2^32 - 1 samples");
  const PaddedEvaluationTasks padded{*samples, evaluation ? *evaluation : *samples,
                                     held_out ? &*held_out : nullptr};
  const auto& stop = brief_evaluations(networks, padded) ? never_stopped : control.stop;
  const Run<Real> run{training, padded, draws, rtol, threads, control, stop};
  if ((*in_use).surrogate() == nullptr) return run.pass(networks, in_use, outcome);

  auto which = everyone(networks.count);
  OwnedNetworks<Real> start(networks, which);
  run.pass(networks, in_use, outcome);
  while (!(which = run.failed(which, outcome)).empty()) {
    try {
      throw_if(control.stop);
      in_use.refine();
    } catch (const Stopped&) {
      for (const std::size_t s : which) outcome.results[s].status = Status::cancelled;
      return;
    }
    run.again(networks, start.view(), which, in_use, outcome);
  }
}

template <class Real>
void loss_and_gradient(const ConstNetworks<std::type_identity_t<Real>>& networks,
                       const Task<Real>& task, const Task<double>& exact, std::string_view engine,
                       double rtol, int threads, double* loss, const Networks<Real>& gradient,
                       const std::atomic<bool>& stop) {
  require_outputs(networks, task, {&exact});
  EngineInUse<Real> in_use(engine, task, exact, stop);
  in_use.prepare(problem_of(networks, task));
  const PaddedSamples<double> samples(exact, false, stop);
  auto which = everyone(networks.count);
  std::vector<double> error(networks.count);
  while (!which.empty()) {
    OwnedNetworks<Real> part(networks, which), slopes(networks, which.size());
    const Split split = (*in_use).split(part.view(), threads);
    parallel_for(split.outer, split.count, [&](std::size_t i) {
      const std::size_t first = i * split.group;
      const std::size_t number = std::min(split.group, which.size() - first);
      const auto group = part.view().slice(first, number);
      std::vector<double> now(number), off(number);
      exact_loss(group, samples, stop, now.data());
      if (const auto* surrogate = (*in_use).surrogate())
        raise_engine_error(group, *surrogate, stop, now.data(), off.data());
      (*in_use).stepper(group, split.inner)->gradient(slopes.view().slice(first, number), stop);
      if (const auto* surrogate = (*in_use).surrogate())
        hold_gradient_error(group, samples, *surrogate, rtol, split.inner, stop,
                            slopes.view().slice(first, number));
      for (std::size_t k = 0; k < number; ++k) {
        loss[which[first + k]] = now[k];
        error[which[first + k]] = off[k];
        copy(slopes.view(), first + k, gradient, which[first + k]);
      }
    });
    std::erase_if(which, [&](std::size_t s) { return error[s] <= rtol; });
    if (!which.empty()) in_use.refine();
  }
}

#define LTENS_INSTANTIATE(Real)                                                                 \
  template void train(const Networks<Real>&, const Task<Real>&, const Task<double>&,            \
                      const Training&, std::string_view, double, int, Control&, const Outcome&, \
                      const EvaluationTasks&, const Draws&);                                    \
  template void loss_and_gradient(const ConstNetworks<Real>&, const Task<Real>&,                \
                                  const Task<double>&, std::string_view, double, int, double*,  \
                                  const Networks<Real>&, const std::atomic<bool>&);
LTENS_INSTANTIATE(float)
LTENS_INSTANTIATE(double)
#undef LTENS_INSTANTIATE

}  // namespace ltens
