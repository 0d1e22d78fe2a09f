// The power of the schedule against the C library's, over all that a schedule may ask.
#include <cmath>

#include "check.hpp"
#include "training/power.hpp"

int main() {
  for (double x = 1; x < 1e15; x *= 1.37)
    for (double p = -3; p <= 3; p += 0.125) {
      const double expected = std::pow(x, p);
      // |p log x| < 105, of which half a unit in the last place is 7e-15, and a few roundings.
      CHECK(std::abs(ltens::power_of(x, p) - expected) <= 3e-14 * expected);
    }
  CHECK(ltens::power_of(1, -0.5) == 1);
  CHECK(ltens::power_of(1e18, -40) == 0);
  return failures();
}
