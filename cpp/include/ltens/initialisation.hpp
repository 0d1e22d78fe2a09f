// The laws from which networks start, drawn from Philox by logical indices.
#pragma once

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

// Fill the networks. Parameter `index` of kind `purpose` (0 w, 1 b, 2 a, 3 c) of the network with
// label `seed` comes from philox(counter = (purpose, width, seed, index), key) and nothing else.
// `scale` multiplies every draw.
template <class Real>
void initialise(Initialisation scheme, double scale, PhiloxKey key,
                const std::uint64_t* seeds,  // (S,)
                const Networks<Real>& networks);

}  // namespace ltens
