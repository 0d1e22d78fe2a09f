// The quadrature engine: the dense kernel on the K nodes of a Gauss rule instead of D samples.
#pragma once

#include "engine.hpp"

namespace ltens::quadrature {

extern const Engine engine;

}  // namespace ltens::quadrature
