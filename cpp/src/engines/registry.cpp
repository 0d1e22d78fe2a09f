#include "registry.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

#include "../names.hpp"
#include "dense.hpp"
#include "dense_steppers.hpp"
#include "footprint.hpp"
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

double training_bytes(std::string_view engine, const Problem& problem, std::size_t networks,
                      int threads, std::size_t other_samples) {
  const Footprint own = engine_named(engine).footprint(problem, networks, threads);
  Problem exact = problem;
  exact.float64 = true;
  const bool wide = dense::is_wide(problem.width);
  const std::size_t group = std::max(own.split.group, wide ? 1 : lanes_of(exact));
  // an evaluation: the networks in float64, in order and in lanes, and h and h' of several outputs
  const double parameters = static_cast<double>(group) * numbers_of(problem);
  const double hidden = has_plain_loss(problem)
                            ? 0
                            : 2 * 16 * static_cast<double>(problem.width) *
                                  (wide ? 1.0 : static_cast<double>(lanes_of(exact)));
  const double evaluation = 8 * (2 * parameters + hidden);
  const double at_once = static_cast<double>(std::min<std::size_t>(
      static_cast<std::size_t>(std::max(1, own.split.outer)), own.split.count));
  const double samples = static_cast<double>(problem.samples) + static_cast<double>(other_samples);
  return own.prepared + at_once * (own.stepper + evaluation) +
         8 * numbers_of_samples(problem, samples);
}

std::string_view choose_engine(const Problem& problem) {
  const Engine* best = all.front();
  for (const Engine* engine : all)
    if (engine->applies(problem) && engine->cost(problem) < best->cost(problem)) best = engine;
  return best->name;
}

}  // namespace ltens
