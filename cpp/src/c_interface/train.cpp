#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "handles.hpp"
#include "ltens/engines.hpp"
#include "ltens/trainer.hpp"

namespace ltens::c_interface {

namespace {

constexpr double default_rtol = 1e-3;

// The engine's name, once it is known that the task and the engine go with the networks.
std::string engine_for(const ltens_networks& nets, const ltens_task& task, const char* given,
                       std::uint64_t batch_size) {
  require(nets.dimension == task.dimension,
          "networks have dimension " + std::to_string(nets.dimension) + ", but the task has " +
              std::to_string(task.dimension));
  const bool float64 = std::holds_alternative<Parameters<double>>(nets.values);
  require(float64 || task.fits_float32,
          "a number of the task is too large for float32: use LTENS_FLOAT64");
  const std::size_t batch = batch_size == 0 ? 0 : batch_of(batch_size, task.samples);
  const Problem problem{.width = nets.width,
                        .samples = task.samples,
                        .dimension = task.dimension,
                        .activation = nets.activation,
                        .float64 = float64,
                        .batch = batch};
  const std::string name = given == nullptr ? "auto" : given;
  if (name == "auto") return std::string(choose_engine(problem));
  require_engine(name, problem);
  return name;
}

double tolerance(double rtol) {
  require(rtol >= 0 && rtol < 1e300, "rtol must be finite and at least 0");
  return rtol == 0 ? default_rtol : rtol;
}

// The two rules about several settings, as in Python.
void require_consistent(const Training& training) {
  const double steps = static_cast<double>(training.steps);
  const double falling = training.schedule == Schedule::wsd ? training.cooldown * steps : 0;
  require(static_cast<double>(training.warmup) + falling <= steps,
          "warmup and cooldown together must not be longer than the run");
  require(training.patience == 0, "patience needs held-out data, which the C interface has not");
  if (training.optimizer == Optimizer::adam) return;
  for (std::size_t i = 0; i < 4; ++i)
    require(training.lr * training.lr_factors[i] * training.weight_decay[i] < 1,
            "weight_decay times the learning rate must be below 1");
}

// Call `work` in a thread of its own, `progress` in this one, some twenty times a second. Whatever
// happens, the worker has ended before this returns.
template <class Work>
void watched(Control& control, ltens_progress progress, void* user, const Work& work) {
  std::mutex mutex;
  std::condition_variable ended;
  bool finished = false;
  std::exception_ptr failure;
  std::thread worker([&] {
    try {
      work();
    } catch (...) {
      failure = std::current_exception();
    }
    const std::lock_guard lock(mutex);
    finished = true;
    ended.notify_one();
  });
  std::unique_lock lock(mutex);
  while (!ended.wait_for(lock, std::chrono::milliseconds(50), [&] { return finished; })) {
    lock.unlock();
    if (progress(control.done.load(), user) != 0) control.stop = true;
    lock.lock();
  }
  lock.unlock();
  worker.join();
  if (failure) std::rethrow_exception(failure);
}

ltens_result result_of(const Result& result) {
  return {.loss = result.loss,
          .steps = result.steps,
          .outcome = static_cast<std::uint64_t>(result.status)};
}

}  // namespace

}  // namespace ltens::c_interface

using namespace ltens::c_interface;

ltens_status ltens_train(ltens_networks* networks, const ltens_task* task,
                         const ltens_training* training, const char* engine, double rtol,
                         int threads, ltens_progress progress, void* user, ltens_result* results,
                         size_t size) {
  return guarded([&] {
    auto& nets = opened(networks, "networks");
    const auto& data = opened(task, "task");
    const ltens::Training settings =
        training == nullptr ? ltens::Training{} : opened(training, "training").settings;
    require_consistent(settings);
    const std::string name = engine_for(nets, data, engine, settings.batch_size);
    const double allowed = tolerance(rtol);
    require(threads > 0, "threads must be above 0");
    require(results != nullptr, "results is null");
    require_size(size, nets.count, "results");
    std::vector<ltens::Result> made(nets.count);
    ltens::Control control;
    const auto work = [&] {
      std::visit(
          [&]<class Real>(Parameters<Real>& parameters) {
            ltens::train(nets.view(parameters), data.view<Real>(), data.view<double>(), settings,
                         name, allowed, threads, control,
                         {.checkpoints = nullptr,
                          .checkpoint_count = 0,
                          .results = made.data(),
                          .history = nullptr},
                         {}, {.key = nets.key, .seeds = nets.seeds.data()});
          },
          nets.values);
    };
    progress == nullptr ? work() : watched(control, progress, user, work);
    std::transform(made.begin(), made.end(), results, result_of);
    if (!control.stop) return LTENS_OK;
    return failed(LTENS_CANCELLED, "the progress function stopped the training");
  });
}

ltens_status ltens_loss_and_gradient(const ltens_networks* networks, const ltens_task* task,
                                     const char* engine, double rtol, int threads, double* loss,
                                     size_t size, ltens_networks* gradient) {
  return guarded([&] {
    const auto& nets = opened(networks, "networks");
    const auto& data = opened(task, "task");
    const std::string name = engine_for(nets, data, engine, 0);
    const double allowed = tolerance(rtol);
    require(threads > 0, "threads must be above 0");
    require(loss != nullptr, "loss is null");
    require_size(size, nets.count, "loss");
    auto& slopes = opened(gradient, "gradient");
    require(&slopes != &nets, "gradient and networks must not be the same");
    require(slopes.count == nets.count && slopes.width == nets.width &&
                slopes.dimension == nets.dimension && slopes.values.index() == nets.values.index(),
            "gradient must have the sizes and the real type of networks");
    std::visit(
        [&]<class Real>(const Parameters<Real>& parameters) {
          ltens::loss_and_gradient<Real>(nets.view(parameters), data.view<Real>(),
                                         data.view<double>(), name, allowed, threads, loss,
                                         slopes.view(std::get<Parameters<Real>>(slopes.values)));
        },
        nets.values);
    return LTENS_OK;
  });
}
