#include "arrays.hpp"
#include "ltens/philox.hpp"
#include "module.hpp"
#include "unlocked.hpp"

namespace ltens::bindings {

void register_philox(py::module_& module) {
  module.def(
      "philox",
      [](const py::array& key, const py::array& counters, py::array words) {
        const py::ssize_t n = length(counters, "counters");
        const auto* k = in<std::uint64_t>(key, "key", {2});
        const auto* from = in<std::uint64_t>(counters, "counters", {n, 4});
        auto* to = out<std::uint64_t>(words, "out", {n, 4});
        require_apart({{"out", words}}, {{"key", key}, {"counters", counters}});
        const Unlocked unlocked;
        for (py::ssize_t i = 0; i < n; ++i, from += 4, to += 4) {
          const PhiloxBlock block = philox({from[0], from[1], from[2], from[3]}, {k[0], k[1]});
          std::copy(block.begin(), block.end(), to);
        }
      },
      py::kw_only(), py::arg("key"), py::arg("counters"), py::arg("out"));
}

}  // namespace ltens::bindings
