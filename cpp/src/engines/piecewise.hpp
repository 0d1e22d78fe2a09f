// The piecewise engine's entry in the registry: exact gradients of piecewise-linear activations in
// one dimension from prefix sums, at a cost that does not depend on the number of samples.
#pragma once

#include "engine.hpp"

namespace ltens::piecewise {

extern const Engine engine;

}  // namespace ltens::piecewise
