// The one list of engines. A new engine is one more entry in registry.cpp.
#pragma once

#include <span>

#include "engine.hpp"

namespace ltens {

// The first one is dense: the definition.
std::span<const Engine* const> engines();

// std::invalid_argument if there is none of that name.
const Engine& engine_named(std::string_view name);

}  // namespace ltens
