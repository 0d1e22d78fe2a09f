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
    require_writeable(w, names[0]);
    require_writeable(b, names[1]);
    require_writeable(a, names[2]);
    require_writeable(c, names[3]);
    return read_only_view<Real>(act);
  }

  // For functions that only read, though Networks has no type that says so.
  template <class Real>
  Networks<Real> read_only_view(Activation act) const {
    const py::ssize_t s = length(w, names[0], 0), n = length(w, names[0], 1),
                      d = length(w, names[0], 2);
    return {const_cast<Real*>(in<Real>(w, names[0], {s, n, d})),
            const_cast<Real*>(in<Real>(b, names[1], {s, n})),
            const_cast<Real*>(in<Real>(a, names[2], {s, n})),
            const_cast<Real*>(in<Real>(c, names[3], {s})),
            static_cast<std::size_t>(s),
            static_cast<std::size_t>(n),
            static_cast<std::size_t>(d),
            act};
  }
};

}  // namespace ltens::bindings
