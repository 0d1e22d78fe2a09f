// The loss of the full task in float64, and its 0/1 error.
#pragma once

#include <algorithm>
#include <limits>
#include <vector>

#include "../engines/dense_steppers.hpp"
#include "../simd/dispatch.hpp"
#include "owned_networks.hpp"

namespace ltens {

// Sums over blocks of samples, then over the blocks.
class BlockSum {
 public:
  void add(double term) { block_ += term; }
  void end_block() {
    total_ += block_;
    block_ = 0;
  }
  double total() const { return total_; }

 private:
  double total_ = 0, block_ = 0;
};

// The weight of the samples whose class is mistaken, over that of all: with equal weights, their
// number over D.
class ZeroOneError {
 public:
  explicit ZeroOneError(const PaddedSamples<double>& samples)
      : view_(samples.view()), outputs_(samples.outputs()), count_(samples.count()) {
    for (std::size_t j = 1; j < count_; ++j) equal_ = equal_ && view_.factor[j] == view_.factor[0];
    for (std::size_t j = 0; j < count_; ++j) all_.add(weight(j));
    all_.end_block();
  }

  // Whether class and target of sample j differ, f_k at f + k stride; NaN if an f is.
  double mistaken(std::size_t j, const double* f, std::size_t stride) const {
    for (std::size_t k = 0; k < outputs_; ++k)
      if (f[k * stride] != f[k * stride]) return std::numeric_limits<double>::quiet_NaN();
    if (outputs_ == 1) return (f[0] > 0) != (view_.y[j] >= 0.5);
    return largest(f, stride) != largest(view_.y + j, view_.stride);
  }

  double weight(std::size_t j) const { return equal_ ? 1 : view_.factor[j]; }
  double share(double mistaken_weight) const { return mistaken_weight / all_.total(); }

 private:
  std::size_t largest(const double* of, std::size_t stride) const {
    std::size_t best = 0;
    for (std::size_t k = 1; k < outputs_; ++k)
      if (of[k * stride] > of[best * stride]) best = k;
    return best;
  }

  simd::Samples<double> view_;
  std::size_t outputs_, count_;
  bool equal_ = true;
  BlockSum all_;
};

// L = sum_j q_j (f(x_j) - y_j)^2 of one output.
inline void exact_squared_loss(const ConstNetworks<double>& networks,
                               const PaddedSamples<double>& samples, double* loss,  // (S,)
                               const std::atomic<bool>& stop) {
  const auto view = samples.view();
  std::vector<BlockSum> sum(networks.count);
  dense::predict<double>(
      networks, samples,
      [&](std::size_t s, std::size_t first, std::size_t count, const double* f) {
        for (std::size_t i = 0; i < count; ++i) {
          const double residual = f[i] - view.y[first + i];
          sum[s].add(0.5 * view.factor[first + i] * residual * residual);
        }
        sum[s].end_block();
      },
      stop);
  for (std::size_t s = 0; s < networks.count; ++s) loss[s] = sum[s].total();
}

// Any loss of any number of outputs, and the 0/1 error if it is not null.
inline void exact_loss_of_outputs(const ConstNetworks<double>& networks,
                                  const PaddedSamples<double>& samples, double* loss,
                                  double* error,  // (S,), (S,)
                                  const std::atomic<bool>& stop) {
  const auto view = samples.view();
  const ZeroOneError errors(samples);
  std::vector<BlockSum> sum(networks.count), wrong(networks.count);
  Aligned<double> f(networks.outputs * simd::sample_block), each(simd::sample_block);
  dense::predict_outputs<double>(
      networks, samples,
      [&](std::size_t s, std::size_t first, std::size_t count, const double* outputs) {
        const std::size_t padded = dense::padded_count(count);
        std::copy_n(outputs, networks.outputs * padded, f.data());
        simd::outputs<double>().losses(samples.loss(), networks.outputs, view, first, padded,
                                       f.data(), padded, each.data());
        for (std::size_t i = 0; i < count; ++i) {
          const std::size_t j = first + i;
          sum[s].add(0.5 * view.factor[j] * each.data()[i]);
          if (error != nullptr)
            wrong[s].add(errors.weight(j) * errors.mistaken(j, f.data() + i, padded));
        }
        sum[s].end_block();
        wrong[s].end_block();
      },
      stop);
  for (std::size_t s = 0; s < networks.count; ++s) {
    loss[s] = sum[s].total();
    if (error != nullptr) error[s] = errors.share(wrong[s].total());
  }
}

// The loss, and the 0/1 error if it is not null: NaN where there are no classes. Throws Stopped.
template <class Real>
void exact_loss(const Networks<Real>& networks, const PaddedSamples<double>& samples,
                const std::atomic<bool>& stop, double* loss,
                double* error = nullptr) {  // (S,), (S,)
  throw_if(stop);
  OwnedNetworks<double> exact(networks);
  const bool squared = samples.loss() == Loss::mse;
  if (squared && networks.outputs == 1)
    exact_squared_loss(exact.view(), samples, loss, stop);
  else
    exact_loss_of_outputs(exact.view(), samples, loss, squared ? nullptr : error, stop);
  if (error != nullptr && squared)
    std::fill_n(error, networks.count, std::numeric_limits<double>::quiet_NaN());
}

}  // namespace ltens
