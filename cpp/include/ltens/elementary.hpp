// The elementary functions and activations of the kernels by themselves, on a chosen instruction
// set: their error in ULP is measured through this door. Stated in docs/guide/numerics.md.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "ltens/activation.hpp"

namespace ltens {

// exp, expm1, tanh, log1p (x in [0, 1] only), erf, erfcx (x >= 0 only), sin, cos, log1p_positive (x
// >= 0 only)
std::span<const std::string_view> elementary_names();

// out = function(x). `simd` names a supported instruction set, see BuildInfo. Throws
// std::invalid_argument for a function, std::runtime_error for an instruction set that is not
// there.
template <class Real>
void elementary(std::string_view function, std::string_view simd, const Real* x,  // (count,)
                std::size_t count, Real* out);                                    // (count,)

// The activation and its derivative at z.
template <class Real>
void activation_at(Activation activation, std::string_view simd, const Real* z,  // (count,)
                   std::size_t count, Real* value, Real* slope);                 // (count,)

}  // namespace ltens
