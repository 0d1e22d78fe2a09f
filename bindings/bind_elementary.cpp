#include <pybind11/stl.h>

#include "ltens/elementary.hpp"
#include "module.hpp"
#include "network_arrays.hpp"
#include "unlocked.hpp"

namespace ltens::bindings {

namespace {

void bind_elementary(const std::string& function, const std::string& simd, const py::array& x,
                     py::array to) {
  for_real(x, "x", [&]<class Real>(Real) {
    const py::ssize_t n = length(x, "x");
    const auto* from = in<Real>(x, "x", {n});
    auto* values = out<Real>(to, "out", {n});
    require_apart({{"out", to}}, {{"x", x}});
    const Unlocked unlocked;
    elementary(function, simd, from, static_cast<std::size_t>(n), values);
  });
}

void bind_activation(const std::string& name, const std::string& simd, const py::array& z,
                     py::array value, py::array slope) {
  for_real(z, "z", [&]<class Real>(Real) {
    const py::ssize_t n = length(z, "z");
    const auto* from = in<Real>(z, "z", {n});
    auto* values = out<Real>(value, "value", {n});
    auto* slopes = out<Real>(slope, "slope", {n});
    const Activation act = activation(name);
    require_apart({{"value", value}, {"slope", slope}}, {{"z", z}});
    const Unlocked unlocked;
    activation_at(act, simd, from, static_cast<std::size_t>(n), values, slopes);
  });
}

}  // namespace

void register_elementary(py::module_& module) {
  using py::arg;
  module.def("elementary_functions", [] {
    return std::vector<std::string>(elementary_names().begin(), elementary_names().end());
  });
  module.def("elementary", bind_elementary, py::kw_only(), arg("function"), arg("simd"), arg("x"),
             arg("out"));
  module.def("activation", bind_activation, py::kw_only(), arg("activation"), arg("simd"), arg("z"),
             arg("value"), arg("slope"));
}

}  // namespace ltens::bindings
