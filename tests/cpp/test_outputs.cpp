// Several outputs and the losses of classes: the dense engine against the Eigen twin and against
// central differences; bits that depend on no company; errors counted; outputs without bounds.
//
// Tolerance: as in test_dense.cpp, sums of terms of size <= scale, each rounded a few times.
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>
#include <utility>

#include "batch.hpp"
#include "check.hpp"
#include "ltens/reference.hpp"
#include "ltens/trainer.hpp"

namespace {

using ltens::Activation, ltens::Loss;

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

struct Problem {
  std::size_t count, width, dimension, samples, outputs;
  Loss loss;
  bool soft;
};

Problem drawn(std::mt19937& random, bool brief) {
  const auto below = [&](std::size_t bound) { return std::size_t(random()) % bound; };
  const std::size_t widths[] = {1, 2, 9, 40, 255, 256, 300, brief ? 270u : 1100u};
  Problem p{};
  p.count = 1 + below(18);
  p.width = widths[below(8)];
  p.dimension = 1 + below(9);
  p.samples = 1 + below(300);
  p.outputs = 1 + below(12);
  p.soft = below(2) == 1;
  if (p.width >= 256) p.count = 1 + p.count % 3;
  if (below(3) > 0) p.loss = p.outputs == 1 ? Loss::logistic : Loss::cross_entropy;
  return p;
}

void check_gradient(const Problem& p, Activation act, int threads) {
  const auto batch = [&] { return Batch<double>(p.count, p.width, p.dimension, act, p.outputs); };
  auto networks = batch(), fast = batch(), slow = batch();
  networks.draw();
  const OutputTask<double> task(p.samples, p.dimension, p.outputs, p.loss, p.soft);
  std::vector<double> loss(p.count);
  ltens::loss_and_gradient(networks.view(), task.view(), task.view(), "dense", 1e-3, threads,
                           loss.data(), fast.view());
  ltens::reference::gradient(networks.view(), task.view(), slow.view());
  double scale = 0;
  for (const auto* of : {&slow.w, &slow.b, &slow.a, &slow.c})
    for (const double g : *of) scale = std::max(scale, std::abs(g));
  scale = std::max(scale, 0.01);  // residuals of order one may cancel in a gradient
  CHECK(largest_difference(fast.w, slow.w) <= 1e-12 * scale);
  CHECK(largest_difference(fast.b, slow.b) <= 1e-12 * scale);
  CHECK(largest_difference(fast.a, slow.a) <= 1e-12 * scale);
  CHECK(largest_difference(fast.c, slow.c) <= 1e-12 * scale);
  for (std::size_t s = 0; s < p.count; ++s) {
    const double expected = ltens::reference::loss(networks.view(), s, task.view());
    CHECK(std::abs(loss[s] - expected) <= 1e-12 * std::max(1.0, expected));
  }
}

// The slope along (1, 1, ..., 1) of one array; h = eps^(1/3) balances truncation h^2 L'''/6 and
// rounding eps L/h, both about h^2 = 4e-11 times the third power of the length of the step.
void check_central_differences(std::size_t outputs, Loss loss, std::size_t width) {
  Batch<double> networks(2, width, 2, Activation::tanh, outputs), gradient = networks;
  networks.draw();
  const OutputTask<double> task(50, 2, outputs, loss, true);
  const auto losses = [&](Batch<double>& slopes) {
    std::vector<double> all(2);
    ltens::loss_and_gradient(networks.view(), task.view(), task.view(), "dense", 1e-3, 1,
                             all.data(), slopes.view());
    return all;
  };
  losses(gradient);
  constexpr double h = 6e-6;
  for (auto member : {&Batch<double>::w, &Batch<double>::b, &Batch<double>::a, &Batch<double>::c}) {
    auto& array = networks.*member;
    auto ignored = gradient;
    const auto start = array;
    for (double& p : array) p += h;
    const auto above = losses(ignored);
    array = start;
    for (double& p : array) p -= h;
    const auto below = losses(ignored);
    array = start;
    const auto& slopes = gradient.*member;
    const std::size_t each = slopes.size() / 2;
    for (std::size_t s = 0; s < 2; ++s) {
      double slope = 0;
      for (std::size_t i = 0; i < each; ++i) slope += slopes[s * each + i];
      const double length = std::sqrt(static_cast<double>(each));
      CHECK(std::abs((above[s] - below[s]) / (2 * h) - slope) <= 4e-10 * length * length * length);
    }
  }
}

template <class Real>
struct Trained {
  Trained(const Problem& p, std::uint64_t first_seed, const ltens::Training& training, int threads)
      : networks(p.count, p.width, p.dimension, Activation::silu, p.outputs), results(p.count) {
    networks.draw(first_seed);
    const OutputTask<Real> task(p.samples, p.dimension, p.outputs, p.loss, p.soft);
    const OutputTask<double> exact(p.samples, p.dimension, p.outputs, p.loss, p.soft);
    const OutputTask<double> aside(37, p.dimension, p.outputs, p.loss, p.soft);
    const auto held_out = aside.view();
    std::vector<std::uint64_t> seeds;
    for (std::size_t s = 0; s < p.count; ++s) seeds.push_back(first_seed + s);
    ltens::Control control;
    ltens::train(networks.view(), task.view(), exact.view(), training, "dense", 1e-3, threads,
                 control, results.view(), {nullptr, &held_out}, {{1, 2}, seeds.data()});
  }
  Batch<Real> networks;
  Results results;
};

// The last of 19 networks (5 wide ones) together on two threads, and alone on one or three.
template <class Real>
void check_company(Problem p, std::uint64_t batch_size) {
  ltens::Training training{.steps = 30, .lr_decay_every = 10};
  training.batch_size = batch_size;
  training.held_out_every = 7;
  p.count = p.width < 256 ? 19 : 5;
  const Trained<Real> together(p, 0, training, 2);
  const std::size_t last = p.count - 1;
  p.count = 1;
  for (const int threads : {1, 3}) {
    const Trained<Real> alone(p, last, training, threads);
    for (auto member : {&Batch<Real>::w, &Batch<Real>::b, &Batch<Real>::a, &Batch<Real>::c}) {
      const auto& one = alone.networks.*member;
      const auto& all = together.networks.*member;
      CHECK(
          std::equal(one.begin(), one.end(), all.end() - static_cast<std::ptrdiff_t>(one.size())));
    }
    const auto& one = alone.results.of[0];
    const auto& same = together.results.of[last];
    CHECK(one.loss == same.loss && one.held_out_loss == same.held_out_loss);
    if (p.loss != Loss::mse)
      CHECK(one.error == same.error && one.held_out_error == same.held_out_error);
    else
      CHECK(std::isnan(one.error) && std::isnan(one.held_out_error));
  }
}

void check_training_against_reference(Loss loss, std::size_t outputs, std::size_t width) {
  const ltens::Training training{.steps = 100, .lr_decay_every = 40};
  Batch<double> slow(3, width, 2, Activation::silu, outputs), fast = slow;
  slow.draw();
  fast.draw();
  const OutputTask<double> task(60, 2, outputs, loss);
  ltens::reference::train(slow.view(), task.view(), training);
  Results results(3);
  ltens::Control control;
  ltens::train(fast.view(), task.view(), task.view(), training, "dense", 1e-3, 2, control,
               results.view());
  // As in test_trainer.cpp.
  CHECK(largest_difference(fast.w, slow.w) < 1e-9);
  CHECK(largest_difference(fast.a, slow.a) < 1e-9);
  CHECK(largest_difference(fast.c, slow.c) < 1e-9);
}

template <class Real>
Results judged(Batch<Real>& networks, const OutputTask<Real>& task, std::size_t count) {
  Results results(count);
  ltens::Control control;
  ltens::train(networks.view(), task.view(), task.view(), {.steps = 0}, "dense", 1e-3, 1, control,
               results.view());
  return results;
}

// A network without weights says what c says; its error is a count over D.
void check_error() {
  for (const std::size_t width : {4, 300}) {
    Batch<double> networks(3, width, 1, Activation::relu, 3);
    networks.c = {0, 0, 0, -1, 5, 2, 1e4, -1e4, 1e4};  // of equals the first
    OutputTask<double> task(7, 1, 3, Loss::cross_entropy);
    const std::size_t labels[] = {0, 0, 1, 2, 1, 1, 2};
    std::fill(task.y.begin(), task.y.end(), 0.0);
    for (std::size_t j = 0; j < 7; ++j) task.y[3 * j + labels[j]] = 1;
    const auto equal = judged(networks, task, 3);
    CHECK(equal.of[0].error == 5.0 / 7);
    CHECK(equal.of[1].error == 4.0 / 7);
    CHECK(equal.of[2].error == 5.0 / 7);
    CHECK(std::abs(equal.of[0].loss - std::log(3.0)) < 1e-15);
    // log 2, and 2e4 for each of the three labels 1.
    CHECK(std::abs(equal.of[2].loss - (std::log(2.0) + 3 * 2e4 / 7)) < 1e-11);
    std::fill(task.grid.q.begin(), task.grid.q.end(), 0.25);
    task.grid.q[6] = 2.5;  // of 4
    CHECK(judged(networks, task, 3).of[0].error == (4 * 0.25 + 2.5) / 4);
  }
  Batch<double> one(2, 3, 1, Activation::relu);
  one.c = {-3, 0.5};
  OutputTask<double> task(5, 1, 1, Loss::logistic);
  task.y = {0, 1, 0.5, 0.25, 1};
  const auto results = judged(one, task, 2);
  CHECK(results.of[0].error == 3.0 / 5);
  CHECK(results.of[1].error == 2.0 / 5);
}

// A certain network has a loss far below the last place of 1, and its gradient is not zero.
void check_certain() {
  Batch<float> networks(1, 4, 1, Activation::relu, 3), gradient = networks;
  networks.c = {0, 50, -10};
  OutputTask<float> task(16, 1, 3, Loss::cross_entropy);
  OutputTask<double> exact(16, 1, 3, Loss::cross_entropy);
  for (std::size_t j = 0; j < 48; ++j) exact.y[j] = task.y[j] = j % 3 == 1;
  double loss = 0;
  ltens::loss_and_gradient(networks.view(), task.view(), exact.view(), "dense", 1e-3, 1, &loss,
                           gradient.view());
  const double expected = std::exp(-50.0);  // and e^-60
  CHECK(std::abs(loss - expected) < 1e-4 * expected);
  CHECK(std::abs(static_cast<double>(gradient.c[1]) + expected) < 1e-4 * expected);
  CHECK(std::abs(static_cast<double>(gradient.c[0]) - expected) < 1e-4 * expected);
}

// Outputs that overflow or are NaN: diverged, the loss not finite, no neighbour touched.
template <class Real>
void check_divergence(std::size_t outputs, Loss loss, std::size_t width) {
  const OutputTask<Real> task(40, 2, outputs, loss);
  const OutputTask<double> exact(40, 2, outputs, loss);
  const auto run = [&](const auto& change) {
    Batch<Real> networks(3, width, 2, Activation::silu, outputs);
    networks.draw();
    change(networks);
    Results results(3);
    ltens::Control control;
    ltens::train(networks.view(), task.view(), exact.view(), {.steps = 50}, "dense", 1e-3, 2,
                 control, results.view());
    return std::pair(networks, results);
  };
  const auto healthy = run([](Batch<Real>&) {});
  constexpr Real infinity = std::numeric_limits<Real>::infinity();
  for (const Real bad : {infinity, -infinity, std::numeric_limits<Real>::quiet_NaN()})
    for (auto member : {&Batch<Real>::w, &Batch<Real>::a, &Batch<Real>::c}) {
      const auto poisoned = run([&](Batch<Real>& batch) {
        auto& array = batch.*member;
        array[array.size() / 3] = bad;  // of network 1
      });
      const auto& results = poisoned.second.of;
      CHECK(results[1].status == ltens::Status::diverged);
      CHECK(!std::isfinite(results[1].loss));
      for (const std::size_t s : {0, 2}) {
        CHECK(results[s].status == ltens::Status::ok);
        CHECK(results[s].loss == healthy.second.of[s].loss);
        CHECK(poisoned.first.c[s * outputs] == healthy.first.c[s * outputs]);
      }
    }
  // Outputs of 1e4 are numbers like others.
  const auto large = run([&](Batch<Real>& batch) {
    for (Real& a : batch.a) a *= Real(1e4);
  });
  for (const auto& result : large.second.of) {
    CHECK(result.status == ltens::Status::ok);
    CHECK(std::isfinite(result.loss) && result.loss > 1);
  }
}

void check_refusals() {
  Batch<double> two(1, 4, 1, Activation::relu, 2), one(1, 4, 1, Activation::relu);
  const OutputTask<double> classes(9, 1, 2, Loss::cross_entropy), single(9, 1, 1, Loss::mse);
  auto softmax_of_one = single.view(), logistic_of_two = classes.view();
  softmax_of_one.loss = Loss::cross_entropy;
  logistic_of_two.loss = Loss::logistic;
  const auto refused = [](Batch<double>& networks, const ltens::Task<double>& task,
                          const ltens::Task<double>& exact, std::string_view engine) {
    double loss = 0;
    auto gradient = networks;
    try {
      ltens::loss_and_gradient(networks.view(), task, exact, engine, 1e-3, 1, &loss,
                               gradient.view());
    } catch (const std::invalid_argument&) {
      return true;
    }
    return false;
  };
  CHECK(!refused(two, classes.view(), classes.view(), "dense"));
  CHECK(refused(two, classes.view(), classes.view(), "piecewise"));
  CHECK(refused(two, single.view(), single.view(), "dense"));
  CHECK(refused(two, classes.view(), logistic_of_two, "dense"));
  CHECK(refused(two, logistic_of_two, logistic_of_two, "dense"));
  CHECK(refused(one, softmax_of_one, softmax_of_one, "dense"));
}

}  // namespace

// Any argument makes fewer and smaller trainings: sanitizers slow this down tenfold.
int main(int arguments, char**) {
  const bool brief = arguments > 1;
  std::mt19937 random(1);
  for (int i = 0; i < (brief ? 20 : 150); ++i)
    check_gradient(drawn(random, brief), static_cast<Activation>(i % ltens::activation_count),
                   1 + i % 3);
  for (const std::size_t width : {5, 260}) {
    check_central_differences(1, Loss::logistic, width);
    check_central_differences(4, Loss::cross_entropy, width);
    check_central_differences(4, Loss::mse, width);
  }
  for (const std::size_t width : {10, brief ? 260 : 1100})
    for (const std::uint64_t batch : {0, 20}) {
      check_company<float>({1, width, 9, 300, 10, Loss::cross_entropy, false}, batch);
      check_company<double>({1, width, 2, 70, 3, Loss::cross_entropy, true}, batch);
      check_company<float>({1, width, 2, 70, 1, Loss::logistic, false}, batch);
      check_company<float>({1, width, 3, 70, 5, Loss::mse, false}, batch);
    }
  for (const std::size_t width : {10, 260}) {
    check_training_against_reference(Loss::cross_entropy, 3, width);
    check_training_against_reference(Loss::logistic, 1, width);
    check_training_against_reference(Loss::mse, 2, width);
  }
  check_error();
  check_certain();
  for (const std::size_t width : {6, 300}) {
    check_divergence<float>(3, Loss::cross_entropy, width);
    check_divergence<double>(3, Loss::mse, width);
    check_divergence<float>(1, Loss::logistic, width);
  }
  check_refusals();
  return failures();
}
