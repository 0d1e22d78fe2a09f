#pragma once

#include <pybind11/pybind11.h>

namespace ltens::bindings {

void register_build_info(pybind11::module_& module);
void register_engines(pybind11::module_& module);
void register_elementary(pybind11::module_& module);
void register_networks(pybind11::module_& module);
void register_philox(pybind11::module_& module);
void register_port_probe(pybind11::module_& module);
void register_training(pybind11::module_& module);

}  // namespace ltens::bindings
