// What a benchmark asks of a core: how fast it does vector instructions of one kind.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace ltens {

enum class PortProbe {
  fma,     // fused multiply-add
  mixed,   // half of them, half bitwise: the most that vector arithmetic of any port may reach
  divide,  // division
  root,    // square root
  load,    // a pack from the first level cache
  store,   // a pack to it
};

std::span<const std::string_view> port_probe_names();
std::optional<PortProbe> port_probe_named(std::string_view name);

// Execute instructions of the kind with the instruction set in use, on the calling thread; their
// number, 12 in each round.
template <class Real>
std::size_t probe_port(PortProbe kind, std::size_t rounds);

// How the kernels of the instruction set in use go through their work.
struct KernelShape {
  std::size_t lanes;  // Reals in one pack
  std::size_t block;  // samples that a narrow network takes together
};

template <class Real>
KernelShape kernel_shape();

}  // namespace ltens
