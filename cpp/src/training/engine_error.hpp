// How wrong an engine that approximates is, as measured on the full task.
//
// With the loss L on all samples, the loss L_K on K nodes and the constant R that no network of the
// engine's space can remove, the error is
//
//     |L_K + R - L| / max(L - R, floor),
//
// relative to the part of the loss that training can still change: where R is noise and dominates,
// an error relative to L would hide that the rest is wrong. The floor keeps rounding in L from
// being taken for an error.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "../engines/engine.hpp"
#include "loss.hpp"

namespace ltens {

// Infinite where a loss is not finite.
inline double engine_error(double loss, double seen, const Surrogate& surrogate) {
  const double difference = std::abs(seen + surrogate.constant - loss);
  if (difference == 0) return 0;
  const double error = difference / std::max(loss - surrogate.constant, surrogate.floor);
  return std::isfinite(error) ? error : std::numeric_limits<double>::infinity();
}

// The largest error so far of each network, whose losses on the full task are at hand.
template <class Real>
void raise_engine_error(const Networks<Real>& networks, const Surrogate& surrogate,
                        const std::atomic<bool>& stop, const double* loss,
                        double* error) {  // (S,), (S,)
  std::vector<double> seen(networks.count);
  exact_loss(networks, surrogate.samples, stop, seen.data());
  for (std::size_t s = 0; s < networks.count; ++s)
    error[s] = std::max(error[s], engine_error(loss[s], seen[s], surrogate));
}

}  // namespace ltens
