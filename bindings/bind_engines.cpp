#include <pybind11/stl.h>

#include "ltens/engines.hpp"
#include "ltens/gauss_rule.hpp"
#include "module.hpp"
#include "network_arrays.hpp"
#include "task_arrays.hpp"
#include "waiting.hpp"

namespace ltens::bindings {

namespace {

Problem problem_of(std::size_t width, std::size_t samples, std::size_t dimension,
                   const std::string& act, bool float64, std::size_t batch, std::size_t outputs,
                   const std::string& loss_name) {
  return {width,   samples,        dimension, activation(act), float64, batch_of(batch, samples),
          outputs, loss(loss_name)};
}

double bind_gauss_rule(const py::array& x, const py::array& y, const py::array& weights,
                       py::array nodes, py::array targets, py::array node_weights) {
  const py::ssize_t samples = length(x, "x"), number = length(nodes, "nodes");
  const Task<double> task{in<double>(x, "x", {samples}), in<double>(y, "y", {samples}),
                          in<double>(weights, "weights", {samples}),
                          static_cast<std::size_t>(samples), 1};
  double* const to[] = {out<double>(nodes, "nodes", {number}),
                        out<double>(targets, "targets", {number}),
                        out<double>(node_weights, "node_weights", {number})};
  GaussRule rule;
  run_stoppable(
      static_cast<double>(samples) * static_cast<double>(number + 64), [&](const auto& stop) {
        rule = gauss_rule(MergedSamples(task, stop), static_cast<std::size_t>(number), stop);
      });
  if (rule.x.size() != static_cast<std::size_t>(number))
    throw std::invalid_argument("nodes is " + std::to_string(number) + ", but there are only " +
                                std::to_string(rule.x.size()) + " different samples.");
  std::copy(rule.x.begin(), rule.x.end(), to[0]);
  std::copy(rule.y.begin(), rule.y.end(), to[1]);
  std::copy(rule.weights.begin(), rule.weights.end(), to[2]);
  return rule.constant;
}

}  // namespace

void register_engines(py::module_& module) {
  using py::arg;
  module.def("engines",
             [] { return std::vector<std::string>(engine_names().begin(), engine_names().end()); });
  module.def(
      "require_engine",
      [](const std::string& engine, std::size_t width, std::size_t samples, std::size_t dimension,
         const std::string& act, bool float64, std::size_t batch, std::size_t outputs,
         const std::string& loss) {
        require_engine(engine,
                       problem_of(width, samples, dimension, act, float64, batch, outputs, loss));
      },
      py::kw_only(), arg("engine"), arg("width"), arg("samples"), arg("dimension"),
      arg("activation"), arg("float64"), arg("batch") = 0, arg("outputs") = 1, arg("loss") = "mse");
  module.def(
      "engine_costs",
      [](std::size_t width, std::size_t samples, std::size_t dimension, const std::string& act,
         bool float64, std::size_t batch, std::size_t outputs, const std::string& loss) {
        const auto problem =
            problem_of(width, samples, dimension, act, float64, batch, outputs, loss);
        py::dict costs;
        for (const auto name : engine_names())
          if (engine_applies(name, problem))
            costs[py::str(std::string(name))] = engine_cost(name, problem);
        return costs;
      },
      py::kw_only(), arg("width"), arg("samples"), arg("dimension"), arg("activation"),
      arg("float64"), arg("batch") = 0, arg("outputs") = 1, arg("loss") = "mse");
  module.def(
      "networks_side_by_side",
      [](const std::string& engine, std::size_t width, std::size_t samples, std::size_t dimension,
         const std::string& act, bool float64, std::size_t batch, std::size_t outputs,
         const std::string& loss) {
        return networks_side_by_side(
            engine, problem_of(width, samples, dimension, act, float64, batch, outputs, loss));
      },
      py::kw_only(), arg("engine"), arg("width"), arg("samples"), arg("dimension"),
      arg("activation"), arg("float64"), arg("batch") = 0, arg("outputs") = 1, arg("loss") = "mse");
  module.def(
      "training_bytes",
      [](const std::string& engine, std::size_t networks, int threads, std::size_t other_samples,
         std::size_t width, std::size_t samples, std::size_t dimension, const std::string& act,
         bool float64, std::size_t batch, std::size_t outputs, const std::string& loss) {
        return training_bytes(
            engine, problem_of(width, samples, dimension, act, float64, batch, outputs, loss),
            networks, threads, other_samples);
      },
      py::kw_only(), arg("engine"), arg("networks"), arg("threads"), arg("other_samples"),
      arg("width"), arg("samples"), arg("dimension"), arg("activation"), arg("float64"),
      arg("batch") = 0, arg("outputs") = 1, arg("loss") = "mse");
  module.def("gauss_rule", bind_gauss_rule, py::kw_only(), arg("x"), arg("y"), arg("weights"),
             arg("nodes"), arg("targets"), arg("node_weights"));
  module.def(
      "choose_engine",
      [](std::size_t width, std::size_t samples, std::size_t dimension, const std::string& act,
         bool float64, std::size_t batch, std::size_t outputs, const std::string& loss) {
        return std::string(choose_engine(
            problem_of(width, samples, dimension, act, float64, batch, outputs, loss)));
      },
      py::kw_only(), arg("width"), arg("samples"), arg("dimension"), arg("activation"),
      arg("float64"), arg("batch") = 0, arg("outputs") = 1, arg("loss") = "mse");
}

}  // namespace ltens::bindings
