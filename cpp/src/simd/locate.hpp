// Between which samples does each hinge bend?
//
// A sample is on the left side of hinge (w, b) if it is active, fma(w, x, b) > 0, and w < 0, or is
// not active and w > 0: the very expression of the dense kernels decides, in the dtype of the
// network. Rounding is monotone in x, so the left samples are the first k of the sorted ones.
#pragma once

#include "convert.hpp"
#include "piecewise_kernels.hpp"

namespace {

using ltens::simd::SortedSamples;
using ltens::simd::Tie;

// The number of samples for which left(x) holds, where it holds for the first of them only; by
// doubling steps from a guess, then halving: O(log D) at worst, O(log distance) near the guess.
template <class Real, class Left>
inline std::int32_t search(const SortedSamples<Real>& samples, std::int32_t guess,
                           const Left& left) {
  const Real* x = samples.x + 1;
  std::int32_t low = 0, high = samples.count;  // left holds below low, not from high on
  std::int32_t step = 1;
  if (guess < high && left(x[guess])) {
    low = guess + 1;
    while (high - low > step && left(x[low + step - 1])) {
      low += step;
      step *= 2;
    }
    if (high - low > step) high = low + step - 1;
  } else {
    high = guess;
    while (high - low > step && !left(x[high - step])) {
      high -= step;
      step *= 2;
    }
    if (high - low > step) low = high - step + 1;
  }
  while (low < high) {
    const std::int32_t middle = low + (high - low) / 2;
    if (left(x[middle]))
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

template <class Real>
inline std::int32_t search_bend(const SortedSamples<Real>& samples, std::int32_t guess, Real w,
                                Real b) {
  if (w < 0) return search(samples, guess, [=](Real x) { return fma_of(w, x, b) > 0; });
  return search(samples, guess, [=](Real x) { return !(fma_of(w, x, b) > 0); });
}

// The other end of the run of samples at which z = 0 exactly.
template <class Real>
inline std::int32_t search_other(const SortedSamples<Real>& samples, std::int32_t guess, Real w,
                                 Real b) {
  if (w == 0) return b == 0 ? 0 : samples.count;
  if (w < 0) return search(samples, guess, [=](Real x) { return fma_of(w, x, b) >= 0; });
  return search(samples, guess, [=](Real x) { return fma_of(w, x, b) < 0; });
}

template <class Real>
constexpr Real whole_magic =
    static_cast<Real>(1.5) *
    static_cast<Real>(static_cast<std::int64_t>(1) << Types<Real>::mantissa_bits);

// A guess at the index of each lane; any value within 0 .. D is allowed.
template <class Real>
inline Ints<Real> guess(const SortedSamples<Real>& samples, Pack<Real> w, Pack<Real> b,
                        Ints<Real> negative) {
  const Pack<Real> at = (-b / w - samples.low) * samples.scale;
  const Pack<Real> held = smaller(larger(at, Pack<Real>{}), all(samples.last));  // NaN to 0
  const Pack<Real> magic = all(whole_magic<Real>);
  const Ints<Real> g =
      reinterpret_cast<Ints<Real>>(held + magic) - reinterpret_cast<Ints<Real>>(magic);
  if (samples.first == nullptr) return g;
  const Ints<Real> k = gather(samples.first, g);
  const Ints<Real> active = fma(w, gather(samples.x + 1, k), b) > Real(0);
  return k + ((active ^ negative) + 1);  // one more if that sample is left
}

// index (count,) of the hinges w, b (count,), count a multiple of the lanes. w = 0 never bends: D.
// With Ties, also the hinges with z = 0 on a sample; returns how many.
template <class Real, bool Ties>
inline std::size_t locate(const Real* w_at, const Real* b_at, std::size_t count,
                          const SortedSamples<Real>& samples, std::int32_t* index, Tie* ties) {
  constexpr int L = lanes<Real>;
  const Ints<Real> end = Ints<Real>{} + samples.count;
  std::size_t found = 0;
  for (std::size_t i = 0; i < count; i += L) {
    const Pack<Real> w = load(w_at + i), b = load(b_at + i);
    const Ints<Real> negative = w < Real(0), flat = ~(negative | (w > Real(0)));
    Ints<Real> k = guess<Real>(samples, w, b, negative);
    const Pack<Real> before = fma(w, gather(samples.x, k), b);
    const Pack<Real> after = fma(w, gather(samples.x + 1, k), b);
    // the sample before must be left, the one after must not
    const Ints<Real> wrong =
        ~flat & (((before > Real(0)) ^ negative) | ~((after > Real(0)) ^ negative));
    k = flat ? end : k;
    store_indices(index + i, k);
    Ints<Real> special = wrong;
    if constexpr (Ties)
      special |= (before == Real(0)) | (after == Real(0)) | (flat & (b == Real(0)));
    if (any<Real>(special))
      for (int lane = 0; lane < L; ++lane) {
        if (special[lane] == 0) continue;
        std::int32_t& at = index[i + static_cast<std::size_t>(lane)];
        const Real lane_w = w[lane], lane_b = b[lane];
        if (wrong[lane] != 0) at = search_bend(samples, at, lane_w, lane_b);
        if constexpr (Ties) {
          const std::int32_t other = search_other(samples, at, lane_w, lane_b);
          if (other != at)
            ties[found++] = {static_cast<std::int32_t>(i) + static_cast<std::int32_t>(lane), other};
        }
      }
  }
  return found;
}

}  // namespace
