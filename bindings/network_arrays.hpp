// Four arrays of parameters as Networks.
#pragma once

#include <array>

#include "arrays.hpp"
#include "ltens/networks.hpp"

namespace ltens::bindings {

inline Activation activation(const std::string& name) {
  if (const auto found = activation_named(name)) return *found;
  throw py::value_error("activation '" + name + "' is not known");
}

struct Parameters {
  py::array w, b, a, c;
  std::array<const char*, 4> names = {"w", "b", "a", "c"};

  template <class Real>
  Networks<Real> view(Activation act) {
    const auto [s, n, d] = shape();
    return {out<Real>(w, names[0], {s, n, d}), out<Real>(b, names[1], {s, n}),
            out<Real>(a, names[2], {s, n}),    out<Real>(c, names[3], {s}),
            static_cast<std::size_t>(s),       static_cast<std::size_t>(n),
            static_cast<std::size_t>(d),       act};
  }

  template <class Real>
  ConstNetworks<Real> read_only_view(Activation act) const {
    const auto [s, n, d] = shape();
    return {in<Real>(w, names[0], {s, n, d}), in<Real>(b, names[1], {s, n}),
            in<Real>(a, names[2], {s, n}),    in<Real>(c, names[3], {s}),
            static_cast<std::size_t>(s),      static_cast<std::size_t>(n),
            static_cast<std::size_t>(d),      act};
  }

 private:
  std::array<py::ssize_t, 3> shape() const {  // S, N, d
    return {length(w, names[0], 0), length(w, names[0], 1), length(w, names[0], 2)};
  }
};

}  // namespace ltens::bindings
