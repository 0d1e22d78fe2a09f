// Train an ensemble of networks on y = x^2, watch it, and read what came of it.
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <ltens/build_info.hpp>
#include <ltens/initialisation.hpp>
#include <ltens/trainer.hpp>
#include <numeric>
#include <thread>
#include <vector>

namespace {

constexpr std::size_t members = 16, width = 10, samples = 200;

struct Ensemble {
  std::vector<double> w = std::vector<double>(members * width), b = w, a = w,
                      c = std::vector<double>(members);

  ltens::Networks<double> view() {
    return {.w = w.data(),
            .b = b.data(),
            .a = a.data(),
            .c = c.data(),
            .count = members,
            .width = width,
            .dimension = 1,
            .activation = ltens::Activation::silu};
  }
};

}  // namespace

int main() {
  std::vector<double> x(samples), y(samples), weights(samples, 1.0 / samples);
  for (std::size_t j = 0; j < samples; ++j) {
    x[j] = -2 + 4.0 * static_cast<double>(j) / (samples - 1);
    y[j] = x[j] * x[j];
  }
  const ltens::Task<double> task{.x = x.data(),
                                 .y = y.data(),
                                 .weights = weights.data(),
                                 .samples = samples,
                                 .dimension = 1};

  Ensemble ensemble;
  std::vector<std::uint64_t> seeds(members);
  std::iota(seeds.begin(), seeds.end(), 0u);
  ltens::initialise(ltens::Initialisation::torch, {}, {1, 2}, seeds.data(), ensemble.view());

  // Two threads train; this one looks on, and could set control.stop.
  ltens::Training training;
  training.steps = 2000;
  const std::vector<std::uint64_t> checkpoints = {0, 100, 2000};
  std::vector<double> history(members * checkpoints.size());
  std::vector<ltens::Result> results(members);
  ltens::Control control;
  std::thread work([&] {
    ltens::train(ensemble.view(), task, task, training, "dense", 1e-3, 2, control,
                 {.checkpoints = checkpoints.data(),
                  .checkpoint_count = checkpoints.size(),
                  .results = results.data(),
                  .history = history.data()});
  });
  while (control.done < members * training.steps && !control.stop)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  work.join();

  // The mean of the members is better than a member: lottery tickets average.
  std::vector<double> values(members * samples);
  ltens::predict<double>(ensemble.view(), x.data(), samples, 2, values.data());
  double member_loss = 0, ensemble_loss = 0;
  for (std::size_t j = 0; j < samples; ++j) {
    double mean = 0;
    for (std::size_t s = 0; s < members; ++s) mean += values[s * samples + j] / members;
    ensemble_loss += (mean - y[j]) * (mean - y[j]) / samples;
  }
  for (const ltens::Result& result : results) {
    if (result.status != ltens::Status::ok || result.steps != training.steps) return 1;
    member_loss += result.loss / members;
  }

  Ensemble slopes;
  std::vector<double> loss(members);
  ltens::loss_and_gradient(ensemble.view(), task, task, "dense", 1e-3, 2, loss.data(),
                           slopes.view());
  for (std::size_t s = 0; s < members; ++s)
    if (std::abs(loss[s] - results[s].loss) > 1e-9 * results[s].loss) return 2;

  std::printf("ltens %s: start %.3g, members %.3g, their mean %.3g\n",
              ltens::build_info().version.c_str(), history[0], member_loss, ensemble_loss);
  return ensemble_loss < member_loss && member_loss < history[0] ? 0 : 3;
}
