// How to train, what came of it, and how to watch or stop it.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace ltens {

// Full-batch Adam (PyTorch's form) with step decay:
//   m <- beta1 m + (1 - beta1) g,  v <- beta2 v + (1 - beta2) g^2,  t = 1, 2, ...
//   p <- p - lr_t m^ / (sqrt(v^) + epsilon),  m^ = m / (1 - beta1^t),  v^ = v / (1 - beta2^t)
//   lr_t = lr * lr_decay^floor((t - 1) / lr_decay_every)
struct Training {
  std::uint64_t steps;
  double lr;
  double lr_decay;
  std::uint64_t lr_decay_every;
  double beta1;
  double beta2;
  double epsilon;
};

enum class Status : std::uint8_t { ok = 0, diverged = 1, cancelled = 2 };

// Read and written by the training loop; owned by the caller, who may use it from another thread.
struct Control {
  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> done{0};  // network-steps finished
};

// Where the results go. Losses are those of the full task in float64.
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
};

}  // namespace ltens
