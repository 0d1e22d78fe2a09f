// A task: samples, targets and the weight q_j of each in the loss.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace ltens {

// L of outputs f_k(x), k = 1..C, and targets y_jk:
//   mse:           sum_j q_j sum_k (f_k(x_j) - y_jk)^2
//   cross_entropy: sum_j q_j (log sum_k exp f_k(x_j) - sum_k y_jk f_k(x_j)), C >= 2
//   logistic:      sum_j q_j (log(1 + exp f(x_j)) - y_j f(x_j)), C = 1
enum class Loss : std::uint8_t { mse, cross_entropy, logistic };

std::span<const std::string_view> loss_names();
std::optional<Loss> loss_named(std::string_view name);

// Whether a loss is defined for so many outputs.
constexpr bool takes_outputs(Loss loss, std::size_t outputs) {
  return loss == Loss::mse || (loss == Loss::logistic) == (outputs == 1);
}

template <class Real>
struct Task {
  const Real* x;            // (D, d)
  const Real* y;            // (D, C)
  const Real* weights;      // (D,) the q_j, used as they are
  std::size_t samples;      // D
  std::size_t dimension;    // d
  std::size_t outputs = 1;  // C
  Loss loss = Loss::mse;
};

}  // namespace ltens
