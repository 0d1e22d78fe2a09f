// Philox4x64-10 (Salmon, Moraes, Dror, Shaw 2011): random words as a function of a counter.
#pragma once

#include <array>
#include <cstdint>

namespace ltens {

using PhiloxKey = std::array<std::uint64_t, 2>;
using PhiloxBlock = std::array<std::uint64_t, 4>;

PhiloxBlock philox(PhiloxBlock counter, PhiloxKey key);

}  // namespace ltens
