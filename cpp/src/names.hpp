// Names of the members of an enumeration, in its order.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace ltens {

// Where `name` stands among `names`.
constexpr std::optional<std::size_t> position_of(std::string_view name,
                                                 std::span<const std::string_view> names) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

template <class Enum, std::size_t count>
struct Names {
  std::array<std::string_view, count> of;

  constexpr std::optional<Enum> find(std::string_view name) const {
    const auto position = position_of(name, of);
    if (!position) return std::nullopt;
    return static_cast<Enum>(*position);
  }
};

}  // namespace ltens
