// Losses and their residuals r_k = q dL/df_k, sample by sample. See Loss in ltens/task.hpp.
//
// Where a class is nearly certain, the loss is log(1 + rest) and the residual -rest / (1 + rest),
// with `rest` the sum of the others' exponentials relative to the largest: neither cancels, so that
// losses far below the last place of 1 are right. Sums run over k in its order.
#pragma once

#include "math.hpp"
#include "output_kernels.hpp"

namespace {

using ltens::Loss;
using ltens::simd::output_samples;
using ltens::simd::Samples;

// Targets and weights of positions in lanes: one sample for all lanes, or a sample in each lane.
template <class Real, bool one_sample>
struct Position {
  const Samples<Real>& samples;
  std::size_t first;

  static constexpr std::size_t count = one_sample ? output_samples : output_samples / lanes<Real>;

  Pack<Real> at(const Real* of, std::size_t p) const {
    if constexpr (one_sample)
      return all(of[first + p]);
    else
      return load(of + first + p * lanes<Real>);
  }
  Pack<Real> target(std::size_t k, std::size_t p) const {
    return at(samples.y + k * samples.stride, p);
  }
  Pack<Real> factor(std::size_t p) const { return at(samples.factor, p); }  // 2 q
};

// The largest f_k, and the first k where it stands.
template <class Real>
struct Largest {
  Pack<Real> value;
  typename Types<Real>::Ints place;
};

template <class Real>
inline Largest<Real> largest_of(std::size_t outputs, const Real* f, std::size_t stride) {
  Largest<Real> so_far{load(f), {}};
  for (std::size_t k = 1; k < outputs; ++k) {
    const Pack<Real> next = load(f + k * stride);
    const auto larger = next > so_far.value;
    so_far.value = larger ? next : so_far.value;
    so_far.place = larger ? typename Types<Real>::Ints{} + static_cast<typename Types<Real>::Int>(k)
                          : so_far.place;
  }
  return so_far;
}

// e^(f_k - largest), clamped at e^-87 (e^-708), and what is added to the sum of the others: NaN
// where an f is NaN or the largest is infinite.
template <class Real>
struct Relative {
  Pack<Real> value, other;
};

template <class Real>
inline Relative<Real> relative(Pack<Real> f, const Largest<Real>& largest, std::size_t k) {
  const Pack<Real> e = exponential<Real, Sign::negative>(f - largest.value).value;
  return {e, largest.place == static_cast<typename Types<Real>::Int>(k) ? e - e : e};
}

// f_k at f + k stride of one pack of positions, in place. Error: that of the exponential (1.1 ULP),
// C roundings of `rest`, and four of r.
template <class Real>
inline void softmax_residuals(std::size_t outputs, Real* f, std::size_t stride, Pack<Real> q,
                              const Real* y, std::size_t y_stride, bool one_sample) {
  const auto largest = largest_of(outputs, f, stride);
  Pack<Real> rest{};
  for (std::size_t k = 0; k < outputs; ++k) {
    const auto e = relative(load(f + k * stride), largest, k);
    store(f + k * stride, e.value);
    rest += e.other;
  }
  const Pack<Real> scale = q / (rest + Real(1));
  for (std::size_t k = 0; k < outputs; ++k) {
    const Real* const at = y + k * y_stride;
    const Pack<Real> target = one_sample ? all(*at) : load(at);
    store(f + k * stride, fma(-target, rest, load(f + k * stride) - target) * scale);
  }
}

// q (sigmoid(f) - y), with e^-|f| in the place of `rest`: error as above.
template <class Real>
inline Pack<Real> logistic_residual(Pack<Real> f, Pack<Real> q, Pack<Real> y) {
  const Pack<Real> e = exponential<Real, Sign::negative>(-magnitude<Real>(f)).value;
  const Pack<Real> own = f > Real(0) ? all(Real(1)) : e;
  return fma(-y, e, own - y) * (q / (e + Real(1)));
}

// r of all outputs at output_samples samples, in place: f is (C, positions, lanes).
template <class Real, bool one_sample>
inline void residuals(Loss loss, std::size_t outputs, const Samples<Real>& samples,
                      std::size_t first, Real* f) {
  constexpr std::size_t L = lanes<Real>;
  using At = Position<Real, one_sample>;
  const At at{samples, first};
  constexpr std::size_t stride = At::count * L;
  for (std::size_t p = 0; p < At::count; ++p) {
    Real* const here = f + p * L;
    const Pack<Real> factor = at.factor(p);
    switch (loss) {
      case Loss::mse:
        for (std::size_t k = 0; k < outputs; ++k)
          store(here + k * stride, (load(here + k * stride) - at.target(k, p)) * factor);
        break;
      case Loss::cross_entropy:
        softmax_residuals<Real>(outputs, here, stride, factor * Real(0.5),
                                samples.y + first + (one_sample ? p : p * L), samples.stride,
                                one_sample);
        break;
      case Loss::logistic:
        store(here, logistic_residual<Real>(load(here), factor * Real(0.5), at.target(0, p)));
        break;
    }
  }
}

// log sum_k exp f_k - sum_k y_k f_k of a pack of samples. Error: that of log1p, and a few roundings
// of each y_k (f_k - largest).
template <class Real>
inline Pack<Real> cross_entropy(std::size_t outputs, const Real* f, std::size_t f_stride,
                                const Real* y, std::size_t y_stride) {
  const auto largest = largest_of(outputs, f, f_stride);
  Pack<Real> rest{}, mean{}, left = all(Real(1));  // of the probability; 0 for a distribution
  for (std::size_t k = 0; k < outputs; ++k) {
    const Pack<Real> at = load(f + k * f_stride), target = load(y + k * y_stride);
    rest += relative(at, largest, k).other;
    mean = fma(target, at - largest.value, mean);
    left -= target;
  }
  return fma(left, largest.value, log1p_positive<Real>(rest) - mean);
}

template <class Real>
void losses(Loss loss, std::size_t outputs, const Samples<Real>& samples, std::size_t first,
            std::size_t count, const Real* f, std::size_t f_stride, Real* out) {
  for (std::size_t j = 0; j < count; j += lanes<Real>) {
    const Real* const y = samples.y + first + j;
    Pack<Real> sum{};
    switch (loss) {
      case Loss::mse:
        for (std::size_t k = 0; k < outputs; ++k) {
          const Pack<Real> r = load(f + k * f_stride + j) - load(y + k * samples.stride);
          sum = fma(r, r, sum);
        }
        break;
      case Loss::cross_entropy:
        sum = cross_entropy<Real>(outputs, f + j, f_stride, y, samples.stride);
        break;
      case Loss::logistic: {
        const Pack<Real> at = load(f + j);
        const Pack<Real> e = exponential<Real, Sign::negative>(-magnitude<Real>(at)).value;
        sum = fma(-load(y), at, larger(Pack<Real>{}, at)) + log1p_unit<Real>(e);
        break;
      }
    }
    store(out + j, sum);
  }
}

}  // namespace
