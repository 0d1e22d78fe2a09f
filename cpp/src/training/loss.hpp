// The loss L = sum_j q_j (f(x_j) - y_j)^2 of the full task in float64.
#pragma once

#include <vector>

#include "../engines/dense_steppers.hpp"
#include "owned_networks.hpp"

namespace ltens {

template <class Real>
void exact_loss(const Networks<Real>& networks, const PaddedSamples<double>& samples,
                double* loss) {  // (S,)
  OwnedNetworks<double> exact(networks);
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
