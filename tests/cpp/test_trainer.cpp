// Training against the Eigen twin; bits that depend on no company; divergence and stopping.
#include <cmath>
#include <limits>
#include <vector>

#include "batch.hpp"
#include "check.hpp"
#include "ltens/reference.hpp"
#include "ltens/trainer.hpp"

namespace {

using ltens::Activation;

const ltens::Training protocol{.steps = 100, .lr_decay_every = 40};

// Every optimizer and every schedule, with decay and warm-up.
std::vector<ltens::Training> ways() {
  using ltens::Optimizer, ltens::Schedule;
  ltens::Training adamw{.steps = 100}, sign = adamw, adam = adamw, sgd = adamw;
  adamw.optimizer = Optimizer::adamw;
  adamw.weight_decay = {0.1, 0, 0.2, -0.1};
  adamw.schedule = Schedule::wsd;
  adamw.warmup = 10;
  sign.optimizer = Optimizer::sign;
  sign.lr = 0.001;
  sign.schedule = Schedule::power;
  sign.lr_power_time = 20;
  sign.weight_decay = {0.1, 0.1, 0.1, 0.1};
  adam.weight_decay = {0.01, 0.01, 0.01, 0.01};
  adam.schedule = Schedule::cosine;
  adam.lr_floor = 0.1;
  sgd.optimizer = Optimizer::sgd;
  sgd.lr = 0.001;
  sgd.weight_decay = {0.5, 0, 0, 0};
  return {adamw, sign, adam, sgd};
}

template <class Real>
Results train(Batch<Real>& networks, std::size_t samples, int threads,
              const ltens::Training& training = protocol) {
  const auto view = networks.view();
  const GridTask<Real> task(samples, view.dimension);
  const GridTask<double> exact(samples, view.dimension);
  Results results(view.count);
  ltens::Control control;
  ltens::train(view, task.view(), exact.view(), training, "dense", 1e-3, threads, control,
               results.view());
  return results;
}

void check_against_reference(std::size_t width, const ltens::Training& training) {
  Batch<double> fast(3, width, 1, Activation::silu), slow(3, width, 1, Activation::silu);
  fast.draw();
  slow.draw();
  train(fast, 300, 2, training);
  const GridTask<double> task(300, 1);
  ltens::reference::train(slow.view(), task.view(), training);
  // Rounding grows by the 100 steps' own sensitivity; 1e-9 is the promise of the interface.
  for (std::size_t i = 0; i < slow.w.size(); ++i) CHECK(std::abs(fast.w[i] - slow.w[i]) < 1e-9);
}

template <class Real>
void check_company(std::size_t width) {
  Batch<Real> together(19, width, 1, Activation::silu);
  together.draw();
  train(together, 300, 2);
  for (const int threads : {1, 3}) {
    Batch<Real> alone(1, width, 1, Activation::silu);
    alone.draw(17);
    train(alone, 300, threads);
    for (std::size_t i = 0; i < width; ++i) CHECK(alone.w[i] == together.w[17 * width + i]);
    CHECK(alone.c[0] == together.c[17]);
  }
}

void check_divergence() {
  Batch<float> networks(4, 5, 1, Activation::silu), healthy(4, 5, 1, Activation::silu);
  networks.draw();
  healthy.draw();
  networks.w[1 * 5 + 2] = std::numeric_limits<float>::infinity();
  const auto results = train(networks, 50, 1);
  train(healthy, 50, 1);
  CHECK(results.of[1].status == ltens::Status::diverged);
  for (const std::size_t s : {0, 2, 3}) {
    CHECK(results.of[s].status == ltens::Status::ok);
    CHECK(networks.c[s] == healthy.c[s]);
  }
}

void check_stop() {
  Batch<float> networks(4, 5, 1, Activation::silu);
  networks.draw();
  const GridTask<float> task(50, 1);
  const GridTask<double> exact(50, 1);
  Results results(4);
  ltens::Control control;
  control.stop = true;
  ltens::train(networks.view(), task.view(), exact.view(), protocol, "dense", 1e-3, 1, control,
               results.view());
  for (std::size_t s = 0; s < 4; ++s) {
    CHECK(results.of[s].status == ltens::Status::cancelled);
    CHECK(results.of[s].steps == 0);
  }
}

}  // namespace

// Any argument takes smaller wide networks: sanitizers slow this down tenfold.
int main(int arguments, char**) {
  check_against_reference(10, protocol);
  check_against_reference(arguments > 1 ? 260 : 1100, protocol);
  for (const ltens::Training& way : ways()) check_against_reference(10, way);
  check_company<float>(10);
  check_company<double>(10);
  check_company<float>(arguments > 1 ? 260 : 2100);
  check_company<double>(300);
  check_divergence();
  check_stop();
  return failures();
}
