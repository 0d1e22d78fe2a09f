// The piecewise engine's kernels, one table for each instruction set, and the plain data they take.
//
// A hinge is a neuron of a piecewise-linear activation: s(z) = z for z > 0, rest z otherwise, in
// one dimension. It bends where w x + b changes sign, and all a gradient needs of it is between
// which two of the sorted samples that is: its index k, 0 .. D, the number of samples left of the
// bend.
#pragma once

#include <cstddef>
#include <cstdint>

#include "dense_kernels.hpp"

namespace ltens::simd {

// Row k of the prefix sums over the samples before index k is one cache line:
//   sum f x, sum f x^2, sum f, sum f x, sum f y, sum f x y, 0, 0
// with f_j = 2 q_j and x_j measured from the centre. The doubled entry lets pairs be loaded.
inline constexpr std::size_t row_size = 8;

// A number the size of a Real, for tables that are gathered from.
template <class Real>
struct IndexOf;
template <>
struct IndexOf<float> {
  using type = std::int32_t;
};
template <>
struct IndexOf<double> {
  using type = std::int64_t;
};

// Where to look for a breakpoint t: g = round((t - low) scale), held within 0 .. last, is either
// its index already (samples on a grid: first is null), or first[g] is the number of samples of
// smaller g. Only a guess: the sign of w x + b at the neighbouring samples decides.
template <class Real>
struct SortedSamples {
  const double* rows;                         // (D + 1, row_size)
  const Real* x;                              // (D + 2,) -inf, the samples ascending, +inf
  const typename IndexOf<Real>::type* first;  // (last + 1,) or null
  Real low, scale, last;
  double centre;
  std::int32_t count;  // D
};

// A neuron of abs with z = 0 exactly on samples: those between its index and `other`.
struct Tie {
  std::int32_t neuron, other;
};

// Working memory of one group of lanes (narrow) or one network (wide). Sizes are in the engine.
struct PiecewiseScratch {
  std::int32_t* index;   // (neurons,)
  Tie* ties;             // (neurons,)
  double* sums;          // narrow: narrow_sums for each neuron; wide: 8 for each neuron
  std::uint64_t* order;  // wide: (2 N,) index and neuron, ascending; kept from step to step
  std::uint64_t* spare;  // wide: (2 N,)
  double* bins;          // wide: (D + 1, 4) if N >= D
  std::int32_t patience;
};

template <class Real>
struct HingeKernels {
  // The gradient of L in `gradient` and grad_c. Lanes are networks; sums over pairs of neurons.
  void (*narrow)(const Layer<Real>&, const Real* c, const SortedSamples<Real>&,
                 const Gradient<Real>&, Real* grad_c, PiecewiseScratch&);
  // The same for one network of `width` neurons, the lanes of all groups in a row; one sweep over
  // the sorted breakpoints.
  void (*wide)(const Layer<Real>&, std::size_t width, const Real* c, const SortedSamples<Real>&,
               const Gradient<Real>&, Real* grad_c, PiecewiseScratch&);
};

template <class Real>
struct PiecewiseKernels {
  std::size_t narrow_sums;  // doubles per neuron, for the width rounded up by narrow_tile
  std::size_t narrow_tile;
  HingeKernels<Real> of[activation_count];  // null where the activation is not piecewise linear
};

}  // namespace ltens::simd
