#include <pybind11/stl.h>

#include "ltens/engine.hpp"
#include "module.hpp"
#include "networks.hpp"

namespace ltens::bindings {

namespace {

Problem problem_of(std::size_t width, std::size_t samples, std::size_t dimension,
                   const std::string& act, bool float64) {
  return {width, samples, dimension, activation(act), float64};
}

}  // namespace

void register_engines(py::module_& module) {
  using py::arg;
  module.def("engines",
             [] { return std::vector<std::string>(engine_names().begin(), engine_names().end()); });
  module.def(
      "require_engine",
      [](const std::string& engine, std::size_t width, std::size_t samples, std::size_t dimension,
         const std::string& act, bool float64) {
        require_engine(engine, problem_of(width, samples, dimension, act, float64));
      },
      py::kw_only(), arg("engine"), arg("width"), arg("samples"), arg("dimension"),
      arg("activation"), arg("float64"));
  module.def(
      "engine_costs",
      [](std::size_t width, std::size_t samples, std::size_t dimension, const std::string& act,
         bool float64) {
        const auto problem = problem_of(width, samples, dimension, act, float64);
        py::dict costs;
        for (const auto name : engine_names())
          if (engine_applies(name, problem))
            costs[py::str(std::string(name))] = engine_cost(name, problem);
        return costs;
      },
      py::kw_only(), arg("width"), arg("samples"), arg("dimension"), arg("activation"),
      arg("float64"));
  module.def(
      "choose_engine",
      [](std::size_t width, std::size_t samples, std::size_t dimension, const std::string& act,
         bool float64) {
        return std::string(choose_engine(problem_of(width, samples, dimension, act, float64)));
      },
      py::kw_only(), arg("width"), arg("samples"), arg("dimension"), arg("activation"),
      arg("float64"));
}

}  // namespace ltens::bindings
