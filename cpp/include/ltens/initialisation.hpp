// The laws from which networks start, drawn from Philox by logical indices.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "ltens/networks.hpp"
#include "ltens/philox.hpp"

namespace ltens {

enum class Initialisation { torch, lecun, he, xavier, ntk, mean_field };

std::span<const std::string_view> initialisation_names();
std::optional<Initialisation> initialisation_named(std::string_view name);

// How wide the laws are: a scheme's laws for networks of `width` neurons (as many as the networks
// have if 0), times a factor for each of w, b, a and c.
struct Spread {
  std::array<double, 4> factors = {1, 1, 1, 1};
  std::size_t width = 0;
};

// Fill the networks. Parameter `index` of kind `purpose` (0 w, 1 b, 2 a, 3 c) of the network with
// label `seed` comes from philox(counter = (purpose, width, seed, index), key) and nothing else.
// The index of a_ki is k N + i, that of c_k is k, so that the first output is that of a network
// with one. The laws of a and c are those of one output, but for xavier, whose fan-out is C.
template <class Real>
void initialise(Initialisation scheme, const Spread& spread, PhiloxKey key,
                const std::uint64_t* seeds,  // (S,)
                const Networks<Real>& networks);

}  // namespace ltens
