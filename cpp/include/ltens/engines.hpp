// The engines by name: to which problems each applies, what a step costs, which one is cheapest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "ltens/activation.hpp"
#include "ltens/task.hpp"

namespace ltens {

// All that the choice of an engine may depend on.
struct Problem {
  std::size_t width;      // N
  std::size_t samples;    // D
  std::size_t dimension;  // d
  Activation activation;
  bool float64;
  std::size_t batch = 0;    // samples of a step, 0 for all
  std::size_t outputs = 1;  // C
  Loss loss = Loss::mse;
};

// A batch that is not smaller than the task is the task: 0.
inline std::size_t batch_of(std::uint64_t size, std::size_t samples) {
  return size < samples ? static_cast<std::size_t>(size) : 0;
}

// The names of all engines; the first one is the definition, applies to everything and is exact.
std::span<const std::string_view> engine_names();

// The six below throw std::invalid_argument for an engine that does not exist.
bool engine_applies(std::string_view engine, const Problem& problem);

// What the engine asks of a problem, such as "a one-dimensional task and silu".
std::string engine_needs(std::string_view engine);

// Predicted nanoseconds of one core for one step of one network. The constants stand in the source:
// the same on every machine.
double engine_cost(std::string_view engine, const Problem& problem);

// How many networks one core trains together in the time of one: the lanes of the vectors in use, 1
// where lanes are not networks. For the planning of time; no result depends on it.
std::size_t networks_side_by_side(std::string_view engine, const Problem& problem);

// Bytes of memory that training so many networks takes on so many threads, besides the arrays that
// are given to it; with `other_samples` on which losses are evaluated, too.
double training_bytes(std::string_view engine, const Problem& problem, std::size_t networks,
                      int threads, std::size_t other_samples = 0);

// std::invalid_argument says why, if the engine does not apply.
void require_engine(std::string_view engine, const Problem& problem);

// The cheapest engine that applies.
std::string_view choose_engine(const Problem& problem);

}  // namespace ltens
