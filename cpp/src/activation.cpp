#include "ltens/activation.hpp"

#include <algorithm>
#include <array>

namespace ltens {

namespace {
constexpr std::array<std::string_view, activation_count> names = {
    "relu",    "leaky_relu", "abs", "silu", "gelu",   "tanh",
    "sigmoid", "softplus",   "erf", "sin",  "square",
};
}

std::span<const std::string_view> activation_names() { return names; }

std::optional<Activation> activation_named(std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Activation>(found - names.begin());
}

}  // namespace ltens
