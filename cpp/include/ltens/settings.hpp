// How to train, what came of it, and how to watch or stop it.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "ltens/philox.hpp"

namespace ltens {

// How a gradient moves the parameters, t = 1, 2, ..., in PyTorch's form:
//   adam: m <- beta1 m + (1 - beta1) g,  v <- beta2 v + (1 - beta2) g^2,
//         p <- p - lr_t m^ / (sqrt(v^) + epsilon),  m^ = m / (1 - beta1^t),  v^ = v / (1 - beta2^t)
//   sgd:  m <- momentum m + g,  p <- p - lr_t m
enum class Optimizer : std::uint8_t { adam, sgd };

std::span<const std::string_view> optimizer_names();
std::optional<Optimizer> optimizer_named(std::string_view name);

// The learning rate of step t:
//   step:     lr * lr_decay^floor((t - 1) / lr_decay_every)
//   cosine:   lr * (1 + cos(pi (t - 1) / steps)) / 2
//   constant: lr
enum class Schedule : std::uint8_t { step, cosine, constant };

std::span<const std::string_view> schedule_names();
std::optional<Schedule> schedule_named(std::string_view name);

// The gradient of a step is that of the whole task, or of the loss of `batch_size` samples drawn
// without replacement from a shuffled task, shuffled again when it is used up; a batch that is not
// smaller than the task is the task.
struct Training {
  std::uint64_t steps;
  double lr;
  double lr_decay;
  std::uint64_t lr_decay_every;
  double beta1;
  double beta2;
  double epsilon;
  Optimizer optimizer = Optimizer::adam;
  double momentum = 0;
  Schedule schedule = Schedule::step;
  std::uint64_t batch_size = 0;        // 0: the whole task
  std::uint64_t held_out_every = 100;  // steps between looks at held-out data
  std::uint64_t patience = 0;          // looks without a better loss until a stop; 0: no stop
  std::array<double, 4> lr_factors = {1, 1, 1, 1};  // of w, b, a, c; 0 keeps a layer as it is
};

// From where batches are drawn: word i of the network with label `seed` is word i % 4 of
// philox(counter = (4, width, seed, i / 4), key), see batches.hpp.
struct Draws {
  PhiloxKey key{};
  const std::uint64_t* seeds = nullptr;  // (S,), needed for batches only
};

enum class Status : std::uint8_t { ok = 0, diverged = 1, cancelled = 2 };

// Read and written by the training loop; owned by the caller, who may use it from another thread.
struct Control {
  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> done{0};  // network-steps finished
};

// Where the results go. Losses are those of the task they are evaluated on, in float64.
struct Outcome {
  const std::uint64_t* checkpoints;  // (K,) ascending numbers of updates
  std::size_t checkpoint_count;      // K
  double* loss;                      // (S,)
  double* history;                   // (S, K)
  std::uint8_t* status;              // (S,) a Status
  std::uint64_t* steps;              // (S,) updates made
  double* engine_error;              // (S,) see rtol of train; 0 if the engine is exact
  std::uint64_t* nodes;              // (S,) samples that stood for all, 0 if all were used
  std::uint8_t* engine;              // (S,) the engine of the result, an index of engine_names()
  double* held_out_loss;             // (S,) of the parameters returned; NaN without held-out data
  std::uint64_t* best_step;          // (S,) the updates made to the parameters returned
};

}  // namespace ltens
