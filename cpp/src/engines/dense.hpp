// The dense engine's entry in the registry.
#pragma once

#include "engine.hpp"

namespace ltens::dense {

extern const Engine engine;

}  // namespace ltens::dense
