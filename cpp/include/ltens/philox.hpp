// Philox4x64-10 (Salmon, Moraes, Dror, Shaw 2011): random words as a function of a counter.
#pragma once

#include <array>
#include <cstdint>

namespace ltens {

using PhiloxKey = std::array<std::uint64_t, 2>;
using PhiloxBlock = std::array<std::uint64_t, 4>;

// Inline: drawing a batch is little else.
inline PhiloxBlock philox(PhiloxBlock counter, PhiloxKey key) {
  __extension__ using Wide = unsigned __int128;
  const auto high = [](Wide product) { return static_cast<std::uint64_t>(product >> 64); };
  const auto low = [](Wide product) { return static_cast<std::uint64_t>(product); };
  for (int round = 0; round < 10; ++round) {
    const Wide first = static_cast<Wide>(0xD2E7470EE14C6C93U) * counter[0];
    const Wide second = static_cast<Wide>(0xCA5A826395121157U) * counter[2];
    counter = {high(second) ^ counter[1] ^ key[0], low(second), high(first) ^ counter[3] ^ key[1],
               low(first)};
    key[0] += 0x9E3779B97F4A7C15U;
    key[1] += 0xBB67AE8584CAA73BU;
  }
  return counter;
}

}  // namespace ltens
