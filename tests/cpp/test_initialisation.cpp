// A network's start depends on its own label only, and its moments are those of the law.
#include <cmath>

#include "batch.hpp"
#include "check.hpp"

int main() {
  using ltens::Activation;
  Batch<double> all(5, 7, 2, Activation::relu), one(1, 7, 2, Activation::relu);
  all.draw(0);
  one.draw(3);
  for (std::size_t i = 0; i < 14; ++i) CHECK(one.w[i] == all.w[3 * 14 + i]);
  CHECK(one.c[0] == all.c[3]);

  Batch<double> many(4000, 5, 1, Activation::relu);
  std::vector<std::uint64_t> seeds(4000);
  for (std::size_t s = 0; s < seeds.size(); ++s) seeds[s] = s;
  ltens::initialise(ltens::Initialisation::he, {}, {0, 0}, seeds.data(), many.view());
  double mean = 0, square = 0, fourth = 0;
  for (const double w : many.w) {
    mean += w / 20000;
    square += w * w / 20000;
    fourth += w * w * w * w / 20000;
  }
  // Five standard errors of 20,000 normal draws of variance 2.
  CHECK(std::abs(mean) < 5 * std::sqrt(2 / 20000.0));
  CHECK(std::abs(square - 2) < 5 * 2 * std::sqrt(2 / 20000.0));
  CHECK(std::abs(fourth - 12) < 5 * 4 * std::sqrt(96 / 20000.0));
  return failures();
}
