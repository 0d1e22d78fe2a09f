// How wrong the gradient on an engine's nodes is, in float64 and over all parameters of a network:
//
//     || g_K - g || / || g ||,
//
// with g of all samples. It may be large where the losses agree: samples far out, which no
// polynomial of few degrees reaches, can weigh little in one and much in the other.
#pragma once

#include <algorithm>

#include "../engines/dense_steppers.hpp"
#include "../engines/engine.hpp"
#include "ltens/stopping.hpp"
#include "owned_networks.hpp"

namespace ltens {

// Whether the distance of two networks' parameters is at most `share` of the norm of the second.
inline bool near(const ConstNetworks<double>& one, const ConstNetworks<double>& other,
                 double share) {
  double distance = 0, norm = 0;
  const auto add = [&](const double* a, const double* b, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      distance += (a[i] - b[i]) * (a[i] - b[i]);
      norm += b[i] * b[i];
    }
  };
  add(one.w, other.w, one.width * one.dimension);
  add(one.b, other.b, one.width);
  add(one.a, other.a, one.width * one.outputs);
  add(one.c, other.c, one.outputs);
  return distance <= share * share * norm;
}

// Put the gradient of all samples, which is at hand once it is measured, in the place of one that
// is off by more than `rtol`. Throws Stopped.
template <class Real>
void hold_gradient_error(const Networks<Real>& networks, const PaddedSamples<double>& samples,
                         const Surrogate& surrogate, double rtol, int threads,
                         const std::atomic<bool>& stop, const Networks<Real>& gradient) {
  OwnedNetworks<double> exact(networks);
  const std::size_t most = dense::is_wide(networks.width) ? 1 : dense::networks_per_group<double>();
  for (std::size_t s = 0; s < networks.count; s += most) {
    const auto part = exact.view().slice(s, std::min(most, networks.count - s));
    OwnedNetworks<double> full(part, part.count), seen(part, part.count);
    dense::stepper(part, samples, threads)->gradient(full.view(), stop);
    dense::stepper(part, surrogate.samples, threads)->gradient(seen.view(), stop);
    for (std::size_t i = 0; i < part.count; ++i) {
      const auto right = full.view().slice(i, 1);
      if (near(seen.view().slice(i, 1), right, rtol)) continue;
      const auto to = gradient.slice(s + i, 1);
      const auto round = [](double number) { return static_cast<Real>(number); };
      std::transform(right.w, right.w + right.width * right.dimension, to.w, round);
      std::transform(right.b, right.b + right.width, to.b, round);
      std::transform(right.a, right.a + right.width * right.outputs, to.a, round);
      std::transform(right.c, right.c + right.outputs, to.c, round);
    }
  }
}

}  // namespace ltens
