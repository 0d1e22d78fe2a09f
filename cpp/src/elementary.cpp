#include "ltens/elementary.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

#include "names.hpp"
#include "simd/dispatch.hpp"

namespace ltens {

namespace {

constexpr std::array<std::string_view, simd::elementary_functions> names = {
    "exp", "expm1", "tanh", "log1p", "erf", "erfcx", "sin", "cos", "log1p_positive",
};

template <class Real>
const simd::ElementaryKernels<Real>& kernels(const simd::KernelTable& table) {
  if constexpr (sizeof(Real) == 4)
    return table.elementary32;
  else
    return table.elementary64;
}

// What a kernel takes at once: aligned, a whole number of packs of any width.
template <class Real>
struct Block {
  static constexpr std::size_t size = 256;
  alignas(64) Real at[size] = {};
};

// Call body(first, number) for blocks of at most Block::size elements.
template <class Real, class Body>
void in_blocks(std::size_t count, const Body& body) {
  for (std::size_t first = 0; first < count; first += Block<Real>::size)
    body(first, std::min(Block<Real>::size, count - first));
}

}  // namespace

std::span<const std::string_view> elementary_names() { return names; }

template <class Real>
void elementary(std::string_view function, std::string_view simd, const Real* x, std::size_t count,
                Real* out) {
  const auto found = position_of(function, names);
  if (!found) throw std::invalid_argument("function '" + std::string(function) + "' is not known");
  const auto kernel = kernels<Real>(simd::named(simd)).function[*found];
  in_blocks<Real>(count, [&](std::size_t first, std::size_t number) {
    Block<Real> from, to;
    std::copy_n(x + first, number, from.at);
    kernel(from.at, from.size, to.at);
    std::copy_n(to.at, number, out + first);
  });
}

template <class Real>
void activation_at(Activation activation, std::string_view simd, const Real* z, std::size_t count,
                   Real* value, Real* slope) {
  const auto kernel =
      kernels<Real>(simd::named(simd)).activation[static_cast<std::size_t>(activation)];
  in_blocks<Real>(count, [&](std::size_t first, std::size_t number) {
    Block<Real> from, h, g;
    std::copy_n(z + first, number, from.at);
    kernel(from.at, from.size, h.at, g.at);
    std::copy_n(h.at, number, value + first);
    std::copy_n(g.at, number, slope + first);
  });
}

template void elementary(std::string_view, std::string_view, const float*, std::size_t, float*);
template void elementary(std::string_view, std::string_view, const double*, std::size_t, double*);
template void activation_at(Activation, std::string_view, const float*, std::size_t, float*,
                            float*);
template void activation_at(Activation, std::string_view, const double*, std::size_t, double*,
                            double*);

}  // namespace ltens
