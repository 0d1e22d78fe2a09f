// The dense engine against the Eigen twin, for every activation, narrow and wide.
//
// Tolerance: sums of at most N D terms of size <= scale, each rounded a few times; 1e-12 of the
// largest gradient leaves a factor of about 10 over the worst seen.
#include <algorithm>
#include <cmath>

#include "batch.hpp"
#include "check.hpp"
#include "ltens/reference.hpp"
#include "ltens/trainer.hpp"

namespace {

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

double largest(const std::vector<double>& a) {
  double result = 0;
  for (const double v : a) result = std::max(result, std::abs(v));
  return result;
}

void check_gradient(ltens::Activation act, std::size_t width, std::size_t d, std::size_t samples,
                    int threads) {
  Batch<double> networks(3, width, d, act), fast(3, width, d, act), slow(3, width, d, act);
  networks.draw();
  const GridTask<double> task(samples, d);
  double loss[3];
  ltens::loss_and_gradient(networks.view(), task.view(), task.view(), "dense", 1e-3, threads, loss,
                           fast.view());
  ltens::reference::gradient(networks.view(), task.view(), slow.view());
  const double scale =
      std::max({largest(slow.w), largest(slow.b), largest(slow.a), largest(slow.c)});
  CHECK(largest_difference(fast.w, slow.w) <= 1e-12 * scale);
  CHECK(largest_difference(fast.b, slow.b) <= 1e-12 * scale);
  CHECK(largest_difference(fast.a, slow.a) <= 1e-12 * scale);
  CHECK(largest_difference(fast.c, slow.c) <= 1e-12 * scale);
  for (std::size_t s = 0; s < 3; ++s) {
    const double expected = ltens::reference::loss(networks.view(), s, task.view());
    CHECK(std::abs(loss[s] - expected) <= 1e-12 * expected);
  }
}

}  // namespace

// Any argument leaves out the largest width: sanitizers slow this down tenfold.
int main(int arguments, char**) {
  for (int act = 0; act < ltens::activation_count; ++act)
    for (const std::size_t d : {1, 3})
      for (const std::size_t width : {1, 9, 255, 256, 1100}) {
        if (arguments > 1 && width > 256) continue;
        for (const std::size_t samples : {1, 9, 300})
          check_gradient(static_cast<ltens::Activation>(act), width, d, samples, 2);
      }
  return failures();
}
