// Parameters, gradient and moments of a group of lanes in one block of memory.
#pragma once

#include <algorithm>
#include <cmath>

#include "../aligned.hpp"
#include "../simd/dispatch.hpp"

namespace ltens {

// What there is besides the parameters: gradients and moments, or nothing where only f is wanted.
enum class Purpose { training, prediction };

// `groups` lane groups of neurons, with one a for each output, and a group of biases c for each
// output: w (groups, d, lanes), b (groups, lanes), a (groups, outputs, lanes), c (outputs, lanes).
template <class Real>
class LaneState {
 public:
  LaneState(std::size_t groups, std::size_t dimension, std::size_t lanes, std::size_t outputs,
            Purpose purpose)
      : groups_(groups),
        dimension_(dimension),
        lanes_(lanes),
        outputs_(outputs),
        size_((groups * (dimension + 1 + outputs) + outputs) * lanes),
        parameters_(size_),
        total_(purpose == Purpose::training ? size_ : 0),
        partial_(total_.size()),
        mean_(total_.size()),
        square_(total_.size()) {}

  std::size_t size() const { return size_; }
  std::size_t b_offset() const { return groups_ * dimension_ * lanes_; }
  std::size_t a_offset() const { return b_offset() + groups_ * lanes_; }
  std::size_t c_offset() const { return a_offset() + groups_ * outputs_ * lanes_; }

  Real* parameters() { return parameters_.data(); }
  const Real* parameters() const { return parameters_.data(); }
  Real* total() { return total_.data(); }
  const Real* total() const { return total_.data(); }
  Real* partial() { return partial_.data(); }

  // The layer of the groups first .. first + number.
  simd::Layer<Real> layer(std::size_t first, std::size_t number) const {
    const Real* p = parameters_.data();
    return {number, dimension_, p + first * dimension_ * lanes_, p + b_offset() + first * lanes_,
            p + a_offset() + first * outputs_ * lanes_};
  }
  simd::Gradient<Real> gradient(Real* of, std::size_t first) const {
    return {of + first * dimension_ * lanes_, of + b_offset() + first * lanes_,
            of + a_offset() + first * outputs_ * lanes_};
  }

  // One step of the optimiser on the elements first .. first + count of the parameters.
  void update(std::size_t first, std::size_t count, const simd::UpdateStep<Real>& step) {
    if (!step.by_layer) return update_alike(first, count, step, 0);
    const std::size_t ends[] = {b_offset(), a_offset(), c_offset(), size_};
    for (int k = 0; k < 4; ++k) {
      const std::size_t from = std::max(first, k == 0 ? 0 : ends[k - 1]);
      const std::size_t until = std::min(first + count, ends[k]);
      if (from >= until) continue;
      auto scaled = step;
      scaled.step_size *= step.factors[k];
      update_alike(from, until - from, scaled, k);
    }
  }

  bool finite(std::size_t element) const {
    return std::isfinite(parameters_.data()[element]) && std::isfinite(mean_.data()[element]) &&
           std::isfinite(square_.data()[element]);
  }

 private:
  // On elements of array `k` of w, b, a, c, or of all if they are alike.
  void update_alike(std::size_t first, std::size_t count, const simd::UpdateStep<Real>& step,
                    int k) {
    using simd::Decay, simd::Rule;
    const auto& kernels = simd::vectors<Real>();
    Real *const p = parameters_.data() + first, *const m = mean_.data() + first;
    Real* const g = total_.data() + first;
    if (step.decay != Decay::none)
      kernels.add_multiple(step.decay == Decay::coupled ? g : p, p, step.decays[k], count);
    switch (step.rule) {
      case Rule::adam: return kernels.adam(p, g, m, square_.data() + first, count, step);
      case Rule::sgd: return kernels.sgd(p, g, m, count, step);
      case Rule::sign: return kernels.sign(p, g, m, count, step);
    }
  }

  std::size_t groups_, dimension_, lanes_, outputs_, size_;
  Aligned<Real> parameters_, total_, partial_, mean_, square_;
};

}  // namespace ltens
