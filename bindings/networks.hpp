// Four arrays of parameters as Networks.
#pragma once

#include "arrays.hpp"
#include "ltens/networks.hpp"

namespace ltens::bindings {

inline Activation activation(const std::string& name) {
  if (const auto found = activation_named(name)) return *found;
  throw py::value_error("activation '" + name + "' is not known");
}

struct Parameters {
  py::array w, b, a, c;

  template <class Real>
  Networks<Real> view(Activation act) {
    const py::ssize_t s = length(w, "w", 0), n = length(w, "w", 1), d = length(w, "w", 2);
    return {out<Real>(w, "w", {s, n, d}), out<Real>(b, "b", {s, n}),
            out<Real>(a, "a", {s, n}),    out<Real>(c, "c", {s}),
            static_cast<std::size_t>(s),  static_cast<std::size_t>(n),
            static_cast<std::size_t>(d),  act};
  }
};

}  // namespace ltens::bindings
