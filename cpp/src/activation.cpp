#include "ltens/activation.hpp"

#include "names.hpp"

namespace ltens {

namespace {

constexpr Names<Activation, activation_count> names = [] {
  Names<Activation, activation_count> list{};
  for (const ActivationInfo& row : activations)
    list.of[static_cast<std::size_t>(row.id)] = row.name;
  return list;
}();

// A row out of place, without a name or without a cost, would be found by users only.
constexpr bool complete() {
  std::size_t place = 0;
  for (const ActivationInfo& row : activations) {
    if (static_cast<std::size_t>(row.id) != place++ || row.name.empty()) return false;
    if (row.piecewise_linear && (row.homogeneous != 1 || row.nodes > 0)) return false;
    for (const auto& of_dtype : row.cost)
      for (const double cost : of_dtype)
        if (!(cost > 0)) return false;
  }
  return true;
}
static_assert(complete());

}  // namespace

std::span<const std::string_view> activation_names() { return names.of; }

std::optional<Activation> activation_named(std::string_view name) { return names.find(name); }

}  // namespace ltens
