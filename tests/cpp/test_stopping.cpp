// A flag that is set stops every function that loops over data, wherever it is.
#include <atomic>

#include "batch.hpp"
#include "check.hpp"
#include "ltens/gauss_rule.hpp"
#include "ltens/trainer.hpp"

namespace {

using ltens::Activation;

template <class Work>
bool stops(const Work& work) {
  try {
    work();
  } catch (const ltens::Stopped&) {
    return true;
  }
  return false;
}

// Of any engine and kind of network, at samples enough for every look.
template <class Real>
void check_gradient_and_values(const char* engine, Activation activation, std::size_t width) {
  Batch<Real> networks(3, width, 1, activation), gradient(3, width, 1, activation);
  networks.draw();
  const GridTask<Real> task(5000, 1);
  const GridTask<double> exact(5000, 1);
  double loss[3];
  std::vector<Real> out(3 * 5000);
  const std::atomic<bool> stop{true};
  for (const int threads : {1, 2}) {
    const auto differentiate = [&](const std::atomic<bool>& flag) {
      ltens::loss_and_gradient(networks.view(), task.view(), exact.view(), engine, 1e-3, threads,
                               loss, gradient.view(), flag);
    };
    const auto predict = [&](const std::atomic<bool>& flag) {
      ltens::predict<Real>(networks.view(), task.view().x, 5000, threads, out.data(), flag);
    };
    CHECK(stops([&] { differentiate(stop); }));
    CHECK(stops([&] { predict(stop); }));
    CHECK(!stops([&] { differentiate(ltens::never_stopped); }));
    CHECK(!stops([&] { predict(ltens::never_stopped); }));
  }
}

void check_preparation() {
  const GridTask<double> task(10'000, 1);
  const std::atomic<bool> stop{true};
  CHECK(stops([&] { ltens::MergedSamples(task.view(), stop); }));
  const ltens::MergedSamples merged(task.view());
  CHECK(stops([&] { ltens::gauss_rule(merged, 10, stop); }));
}

// Stopped before it begins: cancelled, without losses, and as they were.
void check_training(const char* engine, Activation activation) {
  Batch<float> networks(2, 300, 1, activation);
  networks.draw();
  const auto before = networks.w;
  const GridTask<float> task(200'000, 1);
  const GridTask<double> exact(200'000, 1);
  Results results(2);
  ltens::Control control;
  control.stop = true;
  ltens::train(networks.view(), task.view(), exact.view(), {.steps = 5}, engine, 1e-3, 2, control,
               results.view());
  CHECK(networks.w == before);
  for (std::size_t s = 0; s < 2; ++s) {
    const ltens::Result& result = results.view().results[s];
    CHECK(result.status == ltens::Status::cancelled);
    CHECK(result.steps == 0);
    CHECK(result.loss != result.loss);
  }
}

}  // namespace

int main() {
  for (const std::size_t width : {10, 3000}) {
    check_gradient_and_values<float>("dense", Activation::silu, width);
    check_gradient_and_values<double>("quadrature", Activation::tanh, width);
    check_gradient_and_values<float>("piecewise", Activation::relu, width);
  }
  check_preparation();
  check_training("dense", Activation::silu);
  check_training("quadrature", Activation::silu);
  check_training("piecewise", Activation::relu);
  return failures();
}
