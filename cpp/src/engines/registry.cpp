#include "registry.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

#include "../names.hpp"
#include "dense.hpp"
#include "piecewise.hpp"
#include "quadrature.hpp"

namespace ltens {

namespace {

const std::array all = {&dense::engine, &piecewise::engine, &quadrature::engine};

}  // namespace

std::span<const Engine* const> engines() { return all; }

const Engine& engine_named(std::string_view name) {
  const auto found = position_of(name, engine_names());
  if (!found) throw std::invalid_argument("engine '" + std::string(name) + "' does not exist");
  return *all[*found];
}

std::span<const std::string_view> engine_names() {
  static const auto names = [] {
    std::array<std::string_view, all.size()> list;
    std::transform(all.begin(), all.end(), list.begin(), [](const Engine* e) { return e->name; });
    return list;
  }();
  return names;
}

bool engine_applies(std::string_view engine, const Problem& problem) {
  return engine_named(engine).applies(problem);
}

std::string engine_needs(std::string_view engine) { return engine_named(engine).needs(); }

double engine_cost(std::string_view engine, const Problem& problem) {
  return engine_named(engine).cost(problem);
}

std::size_t networks_side_by_side(std::string_view engine, const Problem& problem) {
  return engine_named(engine).side_by_side(problem);
}

void require_engine(std::string_view engine, const Problem& problem) {
  if (engine_applies(engine, problem)) return;
  throw std::invalid_argument(
      "engine is '" + std::string(engine) + "', but needs " + engine_needs(engine) +
      "; this one has dimension " + std::to_string(problem.dimension) + " and " +
      std::string(info(problem.activation).name) +
      (problem.batch > 0 ? " and sees batches of " + std::to_string(problem.batch) : "") +
      (problem.outputs > 1 ? ", " + std::to_string(problem.outputs) + " outputs" : "") +
      (problem.loss == Loss::mse
           ? ""
           : " and loss " + std::string(loss_names()[static_cast<std::size_t>(problem.loss)])) +
      ".");
}

std::string_view choose_engine(const Problem& problem) {
  const Engine* best = all.front();
  for (const Engine* engine : all)
    if (engine->applies(problem) && engine->cost(problem) < best->cost(problem)) best = engine;
  return best->name;
}

}  // namespace ltens
