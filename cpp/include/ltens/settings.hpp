// How to train.
#pragma once

#include <array>
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
//   sign: m <- momentum m + g,  p <- p - lr_t sign(m)
// With a weight decay, adam adds it to the gradient, g <- g + weight_decay p; the others decouple
// it, p <- p - lr_t weight_decay p before the step: adamw is adam but for that.
enum class Optimizer : std::uint8_t { adam, sgd, adamw, sign };

std::span<const std::string_view> optimizer_names();
std::optional<Optimizer> optimizer_named(std::string_view name);

// The learning rate of step t is lr times min(1, t / warmup), if there is a warm-up, times
//   step:     lr_decay^floor((t - 1) / lr_decay_every)
//   cosine:   lr_floor + (1 - lr_floor) (1 + cos(pi (t - 1) / steps)) / 2
//   constant: 1
//   wsd:      1, and over the last `cooldown` of the steps a line down to lr_floor at step steps +
//   1 power:    (1 + (t - 1) / lr_power_time)^(-lr_power)
enum class Schedule : std::uint8_t { step, cosine, constant, wsd, power };

std::span<const std::string_view> schedule_names();
std::optional<Schedule> schedule_named(std::string_view name);

// The gradient of a step is that of the whole task, or of the loss of `batch_size` samples drawn
// without replacement from a shuffled task, shuffled again when it is used up; a batch that is not
// smaller than the task is the task. The defaults are the first paper's protocol.
struct Training {
  std::uint64_t steps = 50'000;
  double lr = 0.01;
  double lr_decay = 0.2;
  std::uint64_t lr_decay_every = 10'000;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  Optimizer optimizer = Optimizer::adam;
  double momentum = 0.9;
  Schedule schedule = Schedule::step;
  std::uint64_t batch_size = 0;        // 0: the whole task
  std::uint64_t held_out_every = 100;  // steps between looks at held-out data
  std::uint64_t patience = 0;          // looks without a better loss until a stop; 0: no stop
  std::array<double, 4> lr_factors = {1, 1, 1, 1};    // of w, b, a, c; 0 keeps a layer as it is
  std::array<double, 4> weight_decay = {0, 0, 0, 0};  // of w, b, a, c; below 0 they grow
  std::uint64_t warmup = 0;                           // steps
  double lr_floor = 0;
  double cooldown = 0.2;
  double lr_power = 0.5;
  double lr_power_time = 1000;  // steps
};

// visit(name, value) for each setting, so that they can be handed on without knowing them.
template <class Visit>
void for_each_setting(Training& training, const Visit& visit) {
  visit("steps", training.steps);
  visit("lr", training.lr);
  visit("lr_decay", training.lr_decay);
  visit("lr_decay_every", training.lr_decay_every);
  visit("beta1", training.beta1);
  visit("beta2", training.beta2);
  visit("epsilon", training.epsilon);
  visit("optimizer", training.optimizer);
  visit("momentum", training.momentum);
  visit("schedule", training.schedule);
  visit("batch_size", training.batch_size);
  visit("held_out_every", training.held_out_every);
  visit("patience", training.patience);
  visit("lr_factors", training.lr_factors);
  visit("weight_decay", training.weight_decay);
  visit("warmup", training.warmup);
  visit("lr_floor", training.lr_floor);
  visit("cooldown", training.cooldown);
  visit("lr_power", training.lr_power);
  visit("lr_power_time", training.lr_power_time);
}

// From where batches are drawn: word i of the network with label `seed` is word i % 4 of
// philox(counter = (4, width, seed, i / 4), key), see batches.hpp.
struct Draws {
  PhiloxKey key{};
  const std::uint64_t* seeds = nullptr;  // (S,), needed for batches only
};

}  // namespace ltens
