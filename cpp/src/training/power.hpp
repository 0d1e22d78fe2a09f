// Logarithm and power from +, -, *, / and powers of two alone, so that their bits are the same with
// every C library.
#pragma once

#include <cmath>

namespace ltens {

inline double sum_odd_series(double s) {  // atanh(s)/s for |s| <= 0.172
  const double u = s * s;
  double sum = 0;
  for (int k = 25; k >= 1; k -= 2) sum = sum * u + 1.0 / k;
  return sum;
}

inline double natural_log(double x) {
  int exponent = 0;
  double m = std::frexp(x, &exponent);  // x = m 2^exponent, m in [1/2, 1)
  if (m < 0.70710678118654752) {
    m *= 2;
    --exponent;
  }
  const double s = (m - 1) / (m + 1);
  return 2 * s * sum_odd_series(s) + exponent * 0.69314718055994531;
}

// exp(x) for |x| <= 700: x = k log 2 + r, |r| <= 0.35, and 17 terms of the series. Error: that of
// r, one rounding of x.
inline double exponential(double x) {
  const double k = std::floor(x / 0.69314718055994531 + 0.5);
  const double r = (x - k * 0.693147180369123816490) - k * 1.90821492927058770002e-10;
  double sum = 1;
  for (int n = 17; n >= 1; --n) sum = 1 + sum * r / n;
  return std::ldexp(sum, static_cast<int>(k));
}

// x^p for x >= 1; 0 where it is below 1e-300. Relative error: some roundings of |p log x|.
inline double power_of(double x, double p) {
  const double exponent = p * natural_log(x);
  return exponent < -690 ? 0 : exponential(exponent);
}

}  // namespace ltens
