// A task laid out for the kernels: coordinates apart, padded with samples of weight zero.
#pragma once

#include "aligned.hpp"
#include "ltens/task.hpp"
#include "simd/dense_kernels.hpp"

namespace ltens {

template <class Real>
class PaddedSamples {
 public:
  explicit PaddedSamples(const Task<Real>& task)
      : count_(task.samples),
        stride_((task.samples + simd::sample_padding - 1) / simd::sample_padding *
                simd::sample_padding),
        x_(task.dimension * stride_),
        y_(stride_),
        factor_(stride_) {
    for (std::size_t j = 0; j < task.samples; ++j) {
      for (std::size_t k = 0; k < task.dimension; ++k)
        x_.data()[k * stride_ + j] = task.x[j * task.dimension + k];
      if (task.y != nullptr) y_.data()[j] = task.y[j];
      if (task.weights != nullptr) factor_.data()[j] = 2 * task.weights[j];
    }
  }

  std::size_t count() const { return count_; }
  // Up to the end of the last block of 8 that holds a sample.
  std::size_t padded() const { return (count_ + 7) / 8 * 8; }
  simd::Samples<Real> view() const { return {x_.data(), y_.data(), factor_.data(), stride_}; }

 private:
  std::size_t count_, stride_;
  Aligned<Real> x_, y_, factor_;
};

}  // namespace ltens
