#include <pybind11/stl.h>

#include "module.hpp"
#include "simd/port_probe.hpp"
#include "unlocked.hpp"

namespace ltens::bindings {

namespace py = pybind11;

namespace {

void require_dtype(const std::string& dtype) {
  if (dtype != "float32" && dtype != "float64")
    throw py::value_error("dtype is '" + dtype + "', but must be float32 or float64");
}

}  // namespace

void register_port_probe(py::module_& module) {
  module.def("port_probes", [] {
    return std::vector<std::string>(port_probe_names().begin(), port_probe_names().end());
  });
  module.def(
      "port_probe",
      [](const std::string& kind, const std::string& dtype, std::size_t rounds) {
        const auto named = port_probe_named(kind);
        if (!named) throw py::value_error("kind '" + kind + "' is not one of port_probes()");
        require_dtype(dtype);
        const Unlocked unlocked;
        return dtype == "float32" ? probe_port<float>(*named, rounds)
                                  : probe_port<double>(*named, rounds);
      },
      py::kw_only(), py::arg("kind"), py::arg("dtype"), py::arg("rounds"));
  module.def(
      "kernel_shape",
      [](const std::string& dtype) {
        require_dtype(dtype);
        const auto [lanes, block] =
            dtype == "float32" ? kernel_shape<float>() : kernel_shape<double>();
        return py::dict(py::arg("lanes") = lanes, py::arg("block") = block);
      },
      py::kw_only(), py::arg("dtype"));
}

}  // namespace ltens::bindings
