// What came of the training of each network, and how to watch or stop it.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string_view>

namespace ltens {

enum class Status : std::uint8_t { ok = 0, diverged = 1, cancelled = 2 };

std::span<const std::string_view> status_names();

// One network. Losses are those of the task they are evaluated on, in float64. The 0/1 error is
// sum_j q_j [argmax_k f_k(x_j) != argmax_k y_jk] / sum_j q_j, where the first of equals is the
// largest; with one output class 1 is f > 0 and y >= 1/2. With equal weights it is the number of
// wrong samples over D, and NaN where an output is NaN.
struct Result {
  double loss;              // of the parameters returned
  double engine_error;      // see rtol of train; 0 if the engine is exact
  double held_out_loss;     // of the parameters returned; NaN without held-out data
  double error;             // 0/1 error of the parameters returned; NaN for mse
  double held_out_error;    // the same on held-out data
  std::uint64_t steps;      // updates made
  std::uint64_t nodes;      // samples that stood for all, 0 if all were used
  std::uint64_t best_step;  // updates made to the parameters returned
  Status status;
  std::uint8_t engine;  // the engine of the result, an index of engine_names()
};

// The same as a table, for those who hand results on without knowing their columns.
struct ResultField {
  const char* name;
  char kind;  // f: floating point, u: unsigned integer
  std::size_t offset, size;
};

#define LTENS_FIELD(name, kind) \
  ResultField { #name, kind, offsetof(Result, name), sizeof(Result::name) }
inline constexpr ResultField result_fields[] = {
    LTENS_FIELD(loss, 'f'),   LTENS_FIELD(engine_error, 'f'),   LTENS_FIELD(held_out_loss, 'f'),
    LTENS_FIELD(error, 'f'),  LTENS_FIELD(held_out_error, 'f'), LTENS_FIELD(steps, 'u'),
    LTENS_FIELD(nodes, 'u'),  LTENS_FIELD(best_step, 'u'),      LTENS_FIELD(status, 'u'),
    LTENS_FIELD(engine, 'u'),
};
#undef LTENS_FIELD

// A field that is missing above would leave a hole.
constexpr bool result_fields_are_complete() {
  std::size_t end = 0;
  for (const ResultField& field : result_fields) {
    if (field.offset != end) return false;
    end += field.size;
  }
  return sizeof(Result) == (end + alignof(Result) - 1) / alignof(Result) * alignof(Result);
}
static_assert(result_fields_are_complete());

// Where the results of a batch go.
struct Outcome {
  const std::uint64_t* checkpoints;  // (K,) ascending numbers of updates
  std::size_t checkpoint_count;      // K
  Result* results;                   // (S,)
  double* history;                   // (S, K) loss at the checkpoints
  double* error_history = nullptr;   // (S, K) 0/1 error there, NaN for mse; null if not wanted
};

// Read and written by the training loop; owned by the caller, who may use it from another thread.
struct Control {
  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> done{0};  // network-steps finished
};

}  // namespace ltens
