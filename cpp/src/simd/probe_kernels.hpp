// Loops of one kind of instruction each, one table for each instruction set.
#pragma once

#include <cstddef>

#include "port_probe.hpp"

namespace ltens::simd {

// Independent instructions in one round.
inline constexpr std::size_t probe_chains = 12;

template <class Real>
struct ProbeKernels {
  Real (*probe)(PortProbe, std::size_t rounds, Real* memory);  // memory (probe_chains, lanes)
};

}  // namespace ltens::simd
