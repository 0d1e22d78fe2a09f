// The loss L = sum_j q_j (f(x_j) - y_j)^2 of the full task in float64.
#pragma once

#include <vector>

#include "../engines/dense_steppers.hpp"

namespace ltens {

// Parameters of one or a few networks in float64, whatever they came in.
class ExactNetworks {
 public:
  template <class Real>
  explicit ExactNetworks(const Networks<Real>& from)
      : w_(from.w, from.w + from.count * from.width * from.dimension),
        b_(from.b, from.b + from.count * from.width),
        a_(from.a, from.a + from.count * from.width),
        c_(from.c, from.c + from.count),
        width_(from.width),
        dimension_(from.dimension),
        activation_(from.activation) {}

  Networks<double> view() {
    return {w_.data(), b_.data(), a_.data(), c_.data(), c_.size(), width_, dimension_, activation_};
  }

 private:
  std::vector<double> w_, b_, a_, c_;
  std::size_t width_, dimension_;
  Activation activation_;
};

template <class Real>
void exact_loss(const Networks<Real>& networks, const PaddedSamples<double>& samples,
                double* loss) {  // (S,)
  ExactNetworks exact(networks);
  std::vector<double> f(networks.count * samples.count());
  dense::predict(exact.view(), samples, f.data());
  const auto view = samples.view();
  for (std::size_t s = 0; s < networks.count; ++s) {
    double total = 0, block = 0;
    for (std::size_t j = 0; j < samples.count(); ++j) {
      const double residual = f[s * samples.count() + j] - view.y[j];
      block += 0.5 * view.factor[j] * residual * residual;
      if ((j + 1) % simd::sample_block == 0 || j + 1 == samples.count()) {
        total += block;
        block = 0;
      }
    }
    loss[s] = total;
  }
}

}  // namespace ltens
