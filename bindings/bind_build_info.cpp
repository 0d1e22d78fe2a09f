#include <pybind11/stl.h>

#include "ltens/build_info.hpp"
#include "module.hpp"

namespace ltens::bindings {

namespace py = pybind11;

void register_build_info(py::module_& module) {
  module.def("build_info", [] {
    const BuildInfo info = build_info();
    py::dict result;
    result["version"] = info.version;
    result["compiler"] = info.compiler;
    result["build_type"] = info.build_type;
    result["eigen"] = info.eigen;
    result["openmp"] = info.openmp;
    result["simd_compiled"] = info.simd_compiled;
    result["simd_supported"] = info.simd_supported;
    result["simd_active"] = info.simd_active;
    result["numerics_version"] = numerics_version;
    result["numerics_id"] = info.numerics_id;
    return result;
  });
}

}  // namespace ltens::bindings
