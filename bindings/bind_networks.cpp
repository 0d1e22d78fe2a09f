#include <pybind11/stl.h>

#include "ltens/initialisation.hpp"
#include "ltens/trainer.hpp"
#include "module.hpp"
#include "network_arrays.hpp"
#include "unlocked.hpp"
#include "waiting.hpp"

namespace ltens::bindings {

namespace {

py::dict described(const ActivationInfo& activation) {
  return py::dict(
      py::arg("name") = activation.name, py::arg("homogeneous") = activation.homogeneous,
      py::arg("piecewise_linear") = activation.piecewise_linear,
      py::arg("left_slope") = activation.left_slope, py::arg("nodes") = activation.nodes);
}

std::vector<std::string> strings(std::span<const std::string_view> names) {
  return {names.begin(), names.end()};
}

void bind_initialise(const std::string& scheme, const std::array<double, 4>& scales,
                     std::size_t law_width, const py::array& key, const py::array& seeds,
                     py::array w, py::array b, py::array a, py::array c) {
  const auto law = initialisation_named(scheme);
  if (!law) throw py::value_error("initialisation '" + scheme + "' is not known");
  const auto* k = in<std::uint64_t>(key, "key", {2});
  for_real(w, "w", [&]<class Real>(Real) {
    const auto networks = Parameters{w, b, a, c}.view<Real>(Activation::relu);
    const auto* labels =
        in<std::uint64_t>(seeds, "seeds", {static_cast<py::ssize_t>(networks.count)});
    require_apart({{"w", w}, {"b", b}, {"a", a}, {"c", c}}, {{"key", key}, {"seeds", seeds}});
    const Unlocked unlocked;
    initialise(*law, {scales, law_width}, {k[0], k[1]}, labels, networks);
  });
}

void bind_predict(py::array w, py::array b, py::array a, py::array c, const std::string& act,
                  const py::array& x, int threads, py::array to) {
  for_real(w, "w", [&]<class Real>(Real) {
    const auto networks = Parameters{w, b, a, c}.read_only_view<Real>(activation(act));
    const py::ssize_t m = length(x, "x");
    const auto* points = in<Real>(x, "x", {m, static_cast<py::ssize_t>(networks.dimension)});
    const auto s = static_cast<py::ssize_t>(networks.count);
    const auto k = static_cast<py::ssize_t>(networks.outputs);
    auto* values = k == 1 ? out<Real>(to, "out", {s, m}) : out<Real>(to, "out", {s, m, k});
    require_apart({{"out", to}}, {{"w", w}, {"b", b}, {"a", a}, {"c", c}, {"x", x}});
    const auto number = static_cast<std::size_t>(m);
    run_stoppable(operations(networks, number), [&](const auto& stop) {
      predict(networks, points, number, threads, values, stop);
    });
  });
}

}  // namespace

void register_networks(py::module_& module) {
  using py::arg;
  module.def("activations", [] { return strings(activation_names()); });
  module.def("activation_info", [] {
    std::vector<py::dict> rows;
    for (const ActivationInfo& activation : activations) rows.push_back(described(activation));
    return rows;
  });
  module.def("initialisations", [] { return strings(initialisation_names()); });
  module.def("optimizers", [] { return strings(optimizer_names()); });
  module.def("schedules", [] { return strings(schedule_names()); });
  module.def("initialise", bind_initialise, py::kw_only(), arg("scheme"), arg("scales"),
             arg("law_width"), arg("key"), arg("seeds"), arg("w"), arg("b"), arg("a"), arg("c"));
  module.def("predict", bind_predict, py::kw_only(), arg("w"), arg("b"), arg("a"), arg("c"),
             arg("activation"), arg("x"), arg("threads"), arg("out"));
}

}  // namespace ltens::bindings
