// The activations of the hidden layer, and what the engines must know of each: the one list. The
// kernels' functions stand in the same order in simd/activations.hpp.
#pragma once

#include <cstddef>
#include <iterator>
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
  relu2,
  mish,
};

struct ActivationInfo {
  Activation id;
  std::string_view name;
  int homogeneous = 0;            // p > 0 where act(s z) = s^p act(z) for all s > 0
  bool piecewise_linear = false;  // slope 1 for z > 0, left_slope for z < 0
  double left_slope = 0;
  // Those the quadrature engine starts with: few enough to be fast, and enough for nearly all
  // networks trained by the first paper's protocol. 0: it does not apply, the activation is not
  // analytic and the error would fall like a power of the nodes only.
  std::size_t nodes = 0;
  // Of the dense kernels, ns of one core per neuron and sample: {narrow, wide} for float32 and
  // float64. Fitted on AVX-512 cores by `python -m bench.cost_model`, which prints these numbers.
  double cost[2][2] = {};
};

// tanh, sigmoid and mish have their poles closest to the axis for the |w| that training gives them.
inline constexpr ActivationInfo activations[] = {
    {.id = Activation::relu,
     .name = "relu",
     .homogeneous = 1,
     .piecewise_linear = true,
     .cost = {{0.11, 0.12}, {0.23, 0.23}}},
    {.id = Activation::leaky_relu,
     .name = "leaky_relu",
     .homogeneous = 1,
     .piecewise_linear = true,
     .left_slope = 0.01,
     .cost = {{0.12, 0.13}, {0.26, 0.24}}},
    {.id = Activation::abs,
     .name = "abs",
     .homogeneous = 1,
     .piecewise_linear = true,
     .left_slope = -1,
     .cost = {{0.16, 0.17}, {0.33, 0.33}}},
    {.id = Activation::silu, .name = "silu", .nodes = 16, .cost = {{0.40, 0.43}, {1.1, 1.2}}},
    {.id = Activation::gelu, .name = "gelu", .nodes = 16, .cost = {{0.83, 0.84}, {2.8, 3.8}}},
    {.id = Activation::tanh, .name = "tanh", .nodes = 24, .cost = {{0.57, 0.59}, {1.5, 1.4}}},
    {.id = Activation::sigmoid, .name = "sigmoid", .nodes = 24, .cost = {{0.45, 0.46}, {1.1, 1.1}}},
    {.id = Activation::softplus,
     .name = "softplus",
     .nodes = 16,
     .cost = {{0.85, 0.90}, {3.0, 2.4}}},
    {.id = Activation::erf, .name = "erf", .nodes = 16, .cost = {{1.1, 1.0}, {3.7, 4.9}}},
    {.id = Activation::sin, .name = "sin", .nodes = 16, .cost = {{0.58, 0.52}, {1.3, 1.2}}},
    {.id = Activation::square,
     .name = "square",
     .homogeneous = 2,
     .nodes = 16,
     .cost = {{0.12, 0.11}, {0.24, 0.24}}},
    {.id = Activation::relu2,
     .name = "relu2",
     .homogeneous = 2,
     .cost = {{0.12, 0.12}, {0.25, 0.24}}},
    {.id = Activation::mish, .name = "mish", .nodes = 24, .cost = {{0.79, 0.82}, {2.0, 2.0}}},
};

inline constexpr int activation_count = std::size(activations);

constexpr const ActivationInfo& info(Activation activation) {
  return activations[static_cast<std::size_t>(activation)];
}

std::span<const std::string_view> activation_names();
std::optional<Activation> activation_named(std::string_view name);

}  // namespace ltens
