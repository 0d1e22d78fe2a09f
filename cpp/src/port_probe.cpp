#include "ltens/port_probe.hpp"

#include "aligned.hpp"
#include "names.hpp"
#include "simd/dispatch.hpp"

namespace ltens {

namespace {

// In the order of PortProbe.
constexpr Names<PortProbe, 6> names{{"fma", "mixed", "divide", "root", "load", "store"}};

}  // namespace

std::span<const std::string_view> port_probe_names() { return names.of; }

std::optional<PortProbe> port_probe_named(std::string_view name) { return names.find(name); }

template <class Real>
std::size_t probe_port(PortProbe kind, std::size_t rounds) {
  const auto& kernels = simd::dense<Real>();
  Aligned<Real> memory(simd::probe_chains * kernels.lanes);
  kernels.probe(kind, rounds, memory.data());
  return rounds * simd::probe_chains;
}

template <class Real>
KernelShape kernel_shape() {
  return {simd::dense<Real>().lanes, simd::dense<Real>().narrow_block};
}

template std::size_t probe_port<float>(PortProbe, std::size_t);
template std::size_t probe_port<double>(PortProbe, std::size_t);
template KernelShape kernel_shape<float>();
template KernelShape kernel_shape<double>();

}  // namespace ltens
