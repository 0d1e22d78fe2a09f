// What an engine gives the trainer: some networks that can be advanced step by step.
#pragma once

#include <atomic>
#include <cstddef>
#include <span>
#include <vector>

#include "../simd/vector_kernels.hpp"
#include "ltens/networks.hpp"

namespace ltens {

template <class Real>
class Stepper {
 public:
  virtual ~Stepper() = default;
  // One step of the optimiser for each entry; returns the number of whole steps made, fewer than
  // asked only if `stop` was set.
  virtual std::size_t advance(std::span<const simd::UpdateStep<Real>> steps,
                              const std::atomic<bool>& stop) = 0;
  // The gradient at the present parameters, without a step. Throws Stopped once `stop` is set.
  virtual void gradient(const Networks<Real>& out, const std::atomic<bool>& stop) = 0;
  virtual void read(const Networks<Real>& out) const = 0;
  // For each network: are all parameters and moments finite?
  virtual std::vector<bool> finite() const = 0;
};

}  // namespace ltens
