// A batch of two-layer networks f_k(x) = c_k + sum_i a_ki act(w_i . x + b_i), k = 1..C, as a view
// of arrays.
#pragma once

#include <cstddef>
#include <type_traits>

#include "ltens/activation.hpp"

namespace ltens {

template <class Real>
struct Networks {
  Real* w;                // (S, N, d)
  Real* b;                // (S, N)
  Real* a;                // (S, C, N)
  Real* c;                // (S, C)
  std::size_t count;      // S
  std::size_t width;      // N
  std::size_t dimension;  // d
  Activation activation;
  std::size_t outputs = 1;  // C

  // The networks first .. first + number - 1, in the same memory.
  Networks slice(std::size_t first, std::size_t number) const {
    return {w + first * width * dimension,
            b + first * width,
            a + first * outputs * width,
            c + first * outputs,
            number,
            width,
            dimension,
            activation,
            outputs};
  }

  // What may be written may be read.
  operator Networks<const Real>() const
    requires(!std::is_const_v<Real>)
  {
    return {w, b, a, c, count, width, dimension, activation, outputs};
  }
};

// Networks that are only read.
template <class Real>
using ConstNetworks = Networks<const Real>;

}  // namespace ltens
