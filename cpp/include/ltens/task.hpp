// A regression task: samples, targets and the weight of each in L = sum_j q_j (f(x_j) - y_j)^2.
#pragma once

#include <cstddef>

namespace ltens {

template <class Real>
struct Task {
  const Real* x;          // (D, d)
  const Real* y;          // (D,)
  const Real* weights;    // (D,) the q_j, used as they are
  std::size_t samples;    // D
  std::size_t dimension;  // d
};

}  // namespace ltens
