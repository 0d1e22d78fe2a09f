// The extension module ltens._core: every argument by keyword, no arithmetic.
#include "module.hpp"

#include "ltens/build_info.hpp"
#include "ltens/threads.hpp"
#include "unlocked.hpp"

PYBIND11_MODULE(_core, module, pybind11::mod_gil_not_used()) {
  module.doc() = "Compiled core of ltens; use the functions of the package instead.";
  module.attr("NUMERICS_VERSION") = ltens::numerics_version;
  ltens::unbind_this_thread();
  ltens::bindings::register_exit();
  ltens::bindings::register_build_info(module);
  ltens::bindings::register_engines(module);
  ltens::bindings::register_elementary(module);
  ltens::bindings::register_networks(module);
  ltens::bindings::register_philox(module);
  ltens::bindings::register_port_probe(module);
  ltens::bindings::register_training(module);
}
