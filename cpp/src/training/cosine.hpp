// The cosine from +, - and * alone, so that its bits are the same with every C library.
#pragma once

#include <cmath>

namespace ltens {

inline double cosine_of_turns(double turns) {   // cos(2 pi turns) for turns in [0, 1]
  const double folded = std::abs(turns - 0.5);  // cos(2 pi t) = -cos(2 pi folded)
  const bool far = folded > 0.25;               // beyond a quarter turn: mirror
  const double angle = 6.283185307179586477 * (far ? 0.5 - folded : folded);
  const double u = angle * angle;
  double sum = 0;
  for (int k = 24; k >= 2; k -= 2) sum = (1 - sum) * u / (k * (k - 1));
  return far ? 1 - sum : sum - 1;
}

}  // namespace ltens
