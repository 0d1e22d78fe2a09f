#include "sorted_samples.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace ltens::piecewise {

namespace {

// A sum of numbers kept as high + low (Knuth's two-sum): as if in twice the precision.
class LongSum {
 public:
  void add(double term) {
    const double sum = high_ + term, part = sum - high_;
    low_ += (high_ - (sum - part)) + (term - part);
    high_ = sum;
  }
  double value() const { return high_ + low_; }

 private:
  double high_ = 0, low_ = 0;
};

template <class Real>
std::vector<std::size_t> ascending(const Task<Real>& task, SeldomLook& look) {
  std::vector<std::size_t> order(task.samples);
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (!std::is_sorted(task.x, task.x + task.samples))
    std::stable_sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) {
      look();
      return task.x[i] < task.x[j];
    });
  return order;
}

// A grid may be off by this part of its spacing: the guess is then wrong near samples only.
constexpr double grid_tolerance = 0.01;
// Numbers up to here are told apart when the kernel rounds them by a shift of 1.5 2^mantissa bits.
template <class Real>
constexpr std::size_t largest_guess =
    sizeof(Real) == 4 ? std::size_t{1} << 21 : std::size_t{1} << 31;
constexpr std::size_t largest_table = std::size_t{1} << 21;

}  // namespace

template <class Real>
SortedSamples<Real>::SortedSamples(const Task<Real>& task, const std::atomic<bool>& stop)
    : x_(task.samples + 2), rows_((task.samples + 1) * simd::row_size) {
  SeldomLook look(stop);
  const auto order = ascending(task, look);
  x_.front() = -std::numeric_limits<Real>::infinity();
  for (std::size_t k = 0; k < order.size(); ++k) {
    look();
    x_[k + 1] = task.x[order[k]];
  }
  x_.back() = std::numeric_limits<Real>::infinity();
  centre_ = 0.5 * static_cast<double>(x_[1]) + 0.5 * static_cast<double>(x_[order.size()]);
  sum_up(order, task, look);
  make_guesses(look);
}

template <class Real>
void SortedSamples<Real>::sum_up(const std::vector<std::size_t>& order, const Task<Real>& task,
                                 SeldomLook& look) {
  LongSum x, xx, one, y, xy;
  double* row = rows_.data();
  for (const std::size_t j : order) {
    look();
    row += simd::row_size;
    const double at = static_cast<double>(task.x[j]) - centre_,
                 factor = 2 * static_cast<double>(task.weights[j]),
                 target = static_cast<double>(task.y[j]);
    x.add(factor * at);
    xx.add(factor * at * at);
    one.add(factor);
    y.add(factor * target);
    xy.add(factor * at * target);
    const double sums[simd::row_size] = {x.value(), xx.value(), one.value(), x.value(),
                                         y.value(), xy.value(), 0,           0};
    std::copy_n(sums, simd::row_size, row);
  }
}

template <class Real>
void SortedSamples<Real>::make_guesses(SeldomLook& look) {
  const double low = static_cast<double>(x_[1]), range = static_cast<double>(x_[count()]) - low;
  if (!try_grid(low, range / static_cast<double>(count() - 1))) fill_buckets(low, range, look);
  if (std::isfinite(low_) && std::isfinite(scale_)) return;
  first_.clear();  // a range beyond the numbers of Real: every search starts at the first sample
  low_ = scale_ = last_ = 0;
}

template <class Real>
bool SortedSamples<Real>::try_grid(double low, double spacing) {
  if (count() > largest_guess<Real> || !(spacing > 0)) return false;
  for (std::size_t j = 0; j < count(); ++j)
    if (std::abs(static_cast<double>(x_[j + 1]) - (low + static_cast<double>(j) * spacing)) >
        grid_tolerance * spacing)
      return false;
  low_ = static_cast<Real>(low - 0.5 * spacing);
  scale_ = static_cast<Real>(1 / spacing);
  last_ = static_cast<Real>(count());
  return true;
}

template <class Real>
void SortedSamples<Real>::fill_buckets(double low, double range, SeldomLook& look) {
  const std::size_t buckets = std::min(2 * count(), largest_table);
  low_ = static_cast<Real>(low);
  scale_ = static_cast<Real>(static_cast<double>(buckets) / range);
  if (!std::isfinite(scale_)) return;
  last_ = static_cast<Real>(buckets + 1);
  first_.assign(buckets + 2, 0);
  const auto bucket_of = [&](Real x) {
    return static_cast<std::size_t>(
        std::nearbyint(std::clamp((x - low_) * scale_, Real(0), static_cast<Real>(buckets))));
  };
  for (std::size_t j = 0; j < count(); ++j) {
    look();
    ++first_[bucket_of(x_[j + 1]) + 1];
  }
  std::partial_sum(first_.begin(), first_.end(), first_.begin());
}

template <class Real>
simd::SortedSamples<Real> SortedSamples<Real>::view() const {
  return {rows_.data(), x_.data(), first_.empty() ? nullptr : first_.data(), low_, scale_,
          last_,        centre_,   static_cast<std::int32_t>(count())};
}

template class SortedSamples<float>;
template class SortedSamples<double>;

}  // namespace ltens::piecewise
