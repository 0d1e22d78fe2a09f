// A task laid out for the kernels: coordinates apart, padded with samples of weight zero.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "../aligned.hpp"
#include "../simd/dispatch.hpp"
#include "ltens/stopping.hpp"
#include "ltens/task.hpp"

namespace ltens {

template <class Real>
class PaddedSamples {
 public:
  // Those that batches are gathered from are also kept sample by sample, if that makes it faster.
  explicit PaddedSamples(const Task<Real>& task, bool for_batches = false,
                         const std::atomic<bool>& stop = never_stopped)
      : count_(task.samples),
        stride_(padding_of(task.samples)),
        x_(task.dimension * stride_),
        y_(task.outputs * stride_),
        factor_(stride_),
        loss_(task.loss),
        rows_(for_batches && task.dimension >= 8 ? task.samples * row_width() : 0) {
    SeldomLook look(stop);
    for (std::size_t j = 0; j < task.samples; ++j) {
      look();
      for (std::size_t k = 0; k < task.dimension; ++k)
        x_.data()[k * stride_ + j] = task.x[j * task.dimension + k];
      if (task.y != nullptr)
        for (std::size_t k = 0; k < task.outputs; ++k)
          y_.data()[k * stride_ + j] = task.y[j * task.outputs + k];
      if (task.weights != nullptr) factor_.data()[j] = 2 * task.weights[j];
      if (rows_.size() > 0)
        std::copy_n(task.x + j * task.dimension, task.dimension, rows_.data() + j * row_width());
    }
  }

  // `count` samples of the kind of `like`, all zero; gather() fills them.
  PaddedSamples(std::size_t count, const PaddedSamples& like)
      : count_(count),
        stride_(padding_of(count)),
        x_(like.dimension() * stride_),
        y_(like.outputs() * stride_),
        factor_(stride_),
        loss_(like.loss_) {}

  // The samples `which` of others, their weights times `scale`.
  void gather(const PaddedSamples& from, std::span<const std::uint32_t> which, Real scale) {
    const std::size_t d = dimension();
    if (from.rows_.size() > 0)
      simd::vectors<Real>().gather_rows(from.rows_.data(), from.row_width(), which.data(),
                                        which.size(), d, x_.data(), stride_);
    else
      for (std::size_t k = 0; k < d; ++k)
        pick(from.x_.data() + k * from.stride_, which, Real(1), x_.data() + k * stride_);
    for (std::size_t k = 0; k < outputs(); ++k)
      pick(from.y_.data() + k * from.stride_, which, Real(1), y_.data() + k * stride_);
    pick(from.factor_.data(), which, scale, factor_.data());
  }

  std::size_t count() const { return count_; }
  std::size_t dimension() const { return x_.size() / stride_; }
  std::size_t outputs() const { return y_.size() / stride_; }
  Loss loss() const { return loss_; }
  // Up to the end of the last block of 8 that holds a sample.
  std::size_t padded() const { return (count_ + 7) / 8 * 8; }
  simd::Samples<Real> view() const { return {x_.data(), y_.data(), factor_.data(), stride_}; }

 private:
  static void pick(const Real* from, std::span<const std::uint32_t> which, Real scale, Real* to) {
    for (std::size_t j = 0; j < which.size(); ++j) to[j] = from[which[j]] * scale;
  }

  std::size_t row_width() const { return padding_of(dimension()); }

  static std::size_t padding_of(std::size_t count) {
    return (count + simd::sample_padding - 1) / simd::sample_padding * simd::sample_padding;
  }

  std::size_t count_, stride_;
  Aligned<Real> x_, y_, factor_;
  Loss loss_;
  Aligned<Real> rows_;  // (samples, row_width()), or nothing
};

}  // namespace ltens
