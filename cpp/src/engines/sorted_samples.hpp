// A one-dimensional task made ready for the piecewise kernels: sorted, with prefix sums.
#pragma once

#include <vector>

#include "../aligned.hpp"
#include "../simd/piecewise_kernels.hpp"
#include "ltens/stopping.hpp"
#include "ltens/task.hpp"

namespace ltens::piecewise {

// 64 bytes of prefix sums per sample. Each is summed in twice the precision and rounded once.
template <class Real>
class SortedSamples {
 public:
  explicit SortedSamples(const Task<Real>& task, const std::atomic<bool>& stop = never_stopped);
  simd::SortedSamples<Real> view() const;
  std::size_t count() const { return x_.size() - 2; }

 private:
  void sum_up(const std::vector<std::size_t>& order, const Task<Real>& task, SeldomLook& look);
  void make_guesses(SeldomLook& look);
  bool try_grid(double low, double spacing);
  void fill_buckets(double low, double range, SeldomLook& look);

  std::vector<Real> x_;
  Aligned<double> rows_;
  std::vector<typename simd::IndexOf<Real>::type> first_;
  double centre_;
  Real low_ = 0, scale_ = 0, last_ = 0;
};

}  // namespace ltens::piecewise
