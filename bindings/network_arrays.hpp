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
    const py::ssize_t k = outputs();
    return {out<Real>(w, names[0], {s, n, d}),
            out<Real>(b, names[1], {s, n}),
            k == 1 ? out<Real>(a, names[2], {s, n}) : out<Real>(a, names[2], {s, k, n}),
            k == 1 ? out<Real>(c, names[3], {s}) : out<Real>(c, names[3], {s, k}),
            static_cast<std::size_t>(s),
            static_cast<std::size_t>(n),
            static_cast<std::size_t>(d),
            act,
            static_cast<std::size_t>(k)};
  }

  template <class Real>
  ConstNetworks<Real> read_only_view(Activation act) const {
    const auto [s, n, d] = shape();
    const py::ssize_t k = outputs();
    return {in<Real>(w, names[0], {s, n, d}),
            in<Real>(b, names[1], {s, n}),
            k == 1 ? in<Real>(a, names[2], {s, n}) : in<Real>(a, names[2], {s, k, n}),
            k == 1 ? in<Real>(c, names[3], {s}) : in<Real>(c, names[3], {s, k}),
            static_cast<std::size_t>(s),
            static_cast<std::size_t>(n),
            static_cast<std::size_t>(d),
            act,
            static_cast<std::size_t>(k)};
  }

 private:
  std::array<py::ssize_t, 3> shape() const {  // S, N, d
    return {length(w, names[0], 0), length(w, names[0], 1), length(w, names[0], 2)};
  }

  // C: a is (S, N) for one output, else (S, C, N).
  py::ssize_t outputs() const {
    if (a.ndim() != 3) return 1;
    if (a.shape(1) < 2)
      throw py::value_error(std::string(names[2]) + " has an unexpected shape " + shape_text(a));
    return a.shape(1);
  }
};

}  // namespace ltens::bindings
