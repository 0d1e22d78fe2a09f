// A batch that owns its memory, and a task on a grid, for tests.
#pragma once

#include <cmath>
#include <vector>

#include "ltens/initialisation.hpp"
#include "ltens/networks.hpp"
#include "ltens/results.hpp"
#include "ltens/settings.hpp"
#include "ltens/task.hpp"

template <class Real>
struct Batch {
  Batch(std::size_t count, std::size_t width, std::size_t dimension, ltens::Activation act,
        std::size_t outputs = 1)
      : w(count * width * dimension),
        b(count * width),
        a(count * outputs * width),
        c(count * outputs),
        count_(count),
        width_(width),
        dimension_(dimension),
        outputs_(outputs),
        act_(act) {}

  ltens::Networks<Real> view() {
    return {w.data(), b.data(), a.data(), c.data(), count_, width_, dimension_, act_, outputs_};
  }

  void draw(std::uint64_t first_seed = 0) {
    std::vector<std::uint64_t> seeds(count_);
    for (std::size_t s = 0; s < seeds.size(); ++s) seeds[s] = first_seed + s;
    ltens::initialise(ltens::Initialisation::torch, {}, {1, 2}, seeds.data(), view());
  }

  std::vector<Real> w, b, a, c;

 private:
  std::size_t count_, width_, dimension_, outputs_;
  ltens::Activation act_;
};

template <class Real>
struct GridTask {
  GridTask(std::size_t samples, std::size_t dimension)
      : x(samples * dimension),
        y(samples),
        q(samples, Real(1) / static_cast<Real>(samples)),
        dimension_(dimension) {
    for (std::size_t j = 0; j < samples; ++j) {
      double sum = 0;
      for (std::size_t k = 0; k < dimension; ++k) {
        const double at =
            -2 + 4 * std::fmod(static_cast<double>((j + 1) * (k + 1)) * 0.6180339887, 1);
        x[j * dimension + k] = static_cast<Real>(at);
        sum += at * at;
      }
      y[j] = static_cast<Real>(sum);
    }
  }

  ltens::Task<Real> view() const { return {x.data(), y.data(), q.data(), y.size(), dimension_}; }

  std::vector<Real> x, y, q;

 private:
  std::size_t dimension_;
};

// The samples of GridTask with targets for a loss: |x|^2 - k for mse, else a class by intervals of
// the first coordinate, as its label or, where `soft`, as two equal probabilities.
template <class Real>
struct OutputTask {
  OutputTask(std::size_t samples, std::size_t dimension, std::size_t outputs, ltens::Loss loss,
             bool soft = false)
      : grid(samples, dimension), y(samples * outputs), outputs_(outputs), loss_(loss) {
    for (std::size_t j = 0; j < samples; ++j) {
      Real* const target = y.data() + j * outputs;
      const auto place = static_cast<std::size_t>(3 * (grid.x[j * dimension] + 2));
      if (loss == ltens::Loss::mse) {
        for (std::size_t k = 0; k < outputs; ++k) target[k] = grid.y[j] - static_cast<Real>(k);
      } else if (outputs == 1) {
        target[0] = soft ? Real(0.5) : static_cast<Real>(place % 2);
      } else {
        target[place % outputs] = soft ? Real(0.5) : Real(1);
        if (soft) target[(place + 1) % outputs] = Real(0.5);
      }
    }
  }

  ltens::Task<Real> view() const {
    auto task = grid.view();
    task.y = y.data();
    task.outputs = outputs_;
    task.loss = loss_;
    return task;
  }

  GridTask<Real> grid;
  std::vector<Real> y;  // (D, C)

 private:
  std::size_t outputs_;
  ltens::Loss loss_;
};

// Memory for what a training gives, without a history.
struct Results {
  explicit Results(std::size_t count) : of(count) {}
  ltens::Outcome view() { return {nullptr, 0, of.data(), nullptr}; }

  // One field of all networks.
  template <class T>
  std::vector<T> column(T ltens::Result::* field) const {
    std::vector<T> values;
    for (const ltens::Result& result : of) values.push_back(result.*field);
    return values;
  }

  std::vector<ltens::Result> of;  // (S,)
};
