// The activations of the hidden layer and their names.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace ltens {

enum class Activation {
  relu,
  leaky_relu,
  abs,
  silu,
  gelu,
  tanh,
  sigmoid,
  softplus,
  erf,
  sin,
  square,
};

inline constexpr int activation_count = 11;
inline constexpr double leaky_slope = 0.01;

std::span<const std::string_view> activation_names();
std::optional<Activation> activation_named(std::string_view name);

}  // namespace ltens
