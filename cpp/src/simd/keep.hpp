// What the forward pass of the dense kernels keeps of a block of samples for the backward pass.
#pragma once

#include "activations.hpp"

namespace {

// How the forward pass leaves a block of samples for the backward pass, in scratch.
enum class Keeping {
  nothing,  // z is made again
  z,        // in more than one dimension z costs more than a store and a load
  mask,     // where z is positive, one bit each
  packs,    // h and g, or Act::keep
};

// The same activation for networks whose scratch would not stay in the first level cache.
template <template <class> class Act>
struct Lean {
  template <class Real>
  using Of = Act<Real>;
  static constexpr bool differs = false;
};
template <>
struct Lean<Silu> {
  template <class Real>
  using Of = LeanSilu<Real>;
  static constexpr bool differs = true;
};
constexpr std::size_t lean_bytes = 24 * 1024;

template <template <class> class Act, class Real, int d>
constexpr Keeping keeping = [] {
  if constexpr (Act<Real>::homogeneous == 0) return Keeping::packs;
  if constexpr (has_masks && Act<Real>::id == Activation::relu) return Keeping::mask;
  return d == 1 ? Keeping::nothing : Keeping::z;
}();

// Reals of scratch for one group of lanes and one sample (of two bytes a mask takes at most).
template <template <class> class Act, class Real, int d>
constexpr std::size_t kept_reals = [] {
  constexpr std::size_t L = lanes<Real>;
  switch (keeping<Act, Real, d>) {
    case Keeping::nothing: return std::size_t{0};
    case Keeping::z: return L;
    case Keeping::mask: return std::size_t{1};
    case Keeping::packs:
      if constexpr (Act<Real>::homogeneous == 0) return Act<Real>::kept * L;
  }
  return std::size_t{0};
}();

// The most that any of them keeps, in any dimension and however wide the network.
template <class Real, template <class> class... Act>
constexpr std::size_t most_kept_reals = [] {
  const std::size_t all[] = {kept_reals<Act, Real, 0>..., kept_reals<Act, Real, 1>...,
                             kept_reals<Lean<Act>::template Of, Real, 1>...};
  std::size_t most = 0;
  for (const std::size_t kept : all)
    if (kept > most) most = kept;
  return most;
}();

}  // namespace
