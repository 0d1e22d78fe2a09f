// Trains two networks by the installed library.
#include <ltens/trainer.hpp>
#include <vector>

int main() {
  std::vector<double> w{0.5, -1, 1, -0.5}, b{0.1, 0.2, -0.1, 0}, a{0.3, 0.3, -0.3, 0.2}, c(2);
  const std::vector<double> x{-1, 0, 1}, y{1, 0, 1}, weights(3, 1.0 / 3);
  const ltens::Networks<double> networks{
      w.data(), b.data(), a.data(), c.data(), 2, 2, 1, *ltens::activation_named("relu")};
  const ltens::Task<double> task{x.data(), y.data(), weights.data(), 3, 1};
  ltens::Training training;
  training.steps = 100;
  std::vector<ltens::Result> results(2);
  ltens::Control control;
  ltens::train(networks, task, task, training, "dense", 1e-3, 1, control,
               {.checkpoints = nullptr,
                .checkpoint_count = 0,
                .results = results.data(),
                .history = nullptr});
  for (const ltens::Result& result : results)
    if (result.status != ltens::Status::ok || result.steps != 100) return 1;
}
