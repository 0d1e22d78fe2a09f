// Wide networks: one network at a time, lanes are neurons, and f is swept from left to right.
//
// Between neighbouring bends f = A x + B, so a segment adds
//   sum r = A dX + B dQ - dY,   sum r x = A dXX + B dX - dXY
// with the differences of two prefix rows. Either the bends are kept sorted by (index, neuron), or,
// when there are no fewer neurons than samples, collected in a bin for each index. The order is a
// function of the parameters alone, so are the bits.
#pragma once

#include "hinges.hpp"
#include "reduce.hpp"

namespace {

using ltens::simd::PiecewiseScratch;
using ltens::simd::row_size;

// f = slope x + offset from the sample where it is, and the sums (r, r x) before it.
struct Sweep {
  explicit Sweep(double slope, double offset) : line{slope, offset} {}

  // Go on to the sample of this row.
  void advance(const double* row) {
    const Pair x = pair_at(row), q = pair_at(row + 2), y = pair_at(row + 4);
    const Pair slope = {line[0], line[0]}, offset = {line[1], line[1]};
    sums += pair_fma(slope, x - last_x, pair_fma(offset, q - last_q, last_y - y));
    last_x = x;
    last_q = q;
    last_y = y;
  }

  Pair line;
  Pair sums{}, last_x{}, last_q{}, last_y{};
};

// Arrays over the neurons, carved from scratch.sums; there are `neurons` of them, padding included.
// `before` has room for as many ties again.
struct WideMemory {
  WideMemory(double* from, std::size_t neurons)
      : slope(from),
        offset(from + neurons),
        before_r(from + 2 * neurons),
        before_rx(from + 4 * neurons),
        tied_r(from + 6 * neurons),
        tied_rx(from + 7 * neurons) {}
  double *slope, *offset;        // changes of f at the bend
  double *before_r, *before_rx;  // (2 neurons,)
  double *tied_r, *tied_rx;
};

// The changes at the bends; returns f = slope x + offset left of all of them.
template <class Act, class Real>
inline Sweep prepare(const Layer<Real>& layer, Real c, double centre, const WideMemory& memory) {
  constexpr int W = ways<double>;
  constexpr std::size_t H = lanes<double>;
  PackD slope[W]{}, offset[W]{};
  for (std::size_t i = 0; i < layer.groups * lanes<Real>; i += W * H)
#pragma GCC unroll 8
    for (int u = 0; u < W; ++u) {
      const std::size_t at = i + static_cast<std::size_t>(u) * H;
      const Bend bend = bend_of<Act>(neurons_at(layer, at, centre));
      store(memory.slope + at, bend.slope_change);
      store(memory.offset + at, bend.offset_change);
      slope[u] += bend.slope;
      offset[u] += bend.offset;
    }
  return Sweep(tree_sum<double>(slope), static_cast<double>(c) + tree_sum<double>(offset));
}

constexpr std::uint64_t key_of(std::int32_t index, std::uint64_t neuron) {
  return static_cast<std::uint64_t>(index) << 32 | neuron;
}
constexpr std::size_t neuron_of(std::uint64_t key) { return key & 0xffffffff; }
constexpr std::size_t index_of(std::uint64_t key) { return key >> 32; }

// Insertion into the order of the last step, which is nearly right. False, with all neurons still
// in `order`, if that takes more than `bound` moves.
inline bool sort_again(std::uint64_t* order, const std::int32_t* index, std::size_t width,
                       std::size_t bound) {
  std::size_t moves = 0;
  std::uint64_t largest = 0;
  for (std::size_t i = 0; i < width; ++i) {
    const std::uint64_t neuron = neuron_of(order[i]), key = key_of(index[neuron], neuron);
    if (key >= largest) {
      order[i] = largest = key;
      continue;
    }
    std::size_t to = i;
    for (; to > 0 && order[to - 1] > key; --to) order[to] = order[to - 1];
    order[to] = key;
    moves += i - to;
    if (moves > bound) return false;
  }
  return true;
}

// Sort keys by index, bytes from the lowest; equal ones stay as they are.
inline void radix_sort(std::uint64_t* keys, std::uint64_t* spare, std::size_t size,
                       std::int32_t largest) {
  std::uint64_t *from = keys, *to = spare;
  for (int shift = 32; shift < 64 && largest >> (shift - 32) > 0; shift += 8) {
    std::size_t place[256] = {};
    for (std::size_t i = 0; i < size; ++i) ++place[from[i] >> shift & 255];
    std::size_t sum = 0;
    for (std::size_t& p : place) {
      const std::size_t number = p;
      p = sum;
      sum += number;
    }
    for (std::size_t i = 0; i < size; ++i) to[place[from[i] >> shift & 255]++] = from[i];
    std::uint64_t* const other = from;
    from = to;
    to = other;
  }
  if (from != keys)
    for (std::size_t i = 0; i < size; ++i) keys[i] = from[i];
}

constexpr std::size_t moves_per_neuron = 4;     // insertions beyond this cost more than a new sort
constexpr std::int32_t steps_of_patience = 16;  // new sorts before insertion is tried again

inline void sort_bends(PiecewiseScratch& scratch, std::size_t width, std::int32_t samples) {
  if (scratch.patience == 0) {
    if (sort_again(scratch.order, scratch.index, width, moves_per_neuron * width)) return;
    scratch.patience = steps_of_patience;
  }
  --scratch.patience;
  for (std::size_t n = 0; n < width; ++n) scratch.order[n] = key_of(scratch.index[n], n);
  radix_sort(scratch.order, scratch.spare, width, samples);
}

template <class Real>
inline void sweep_sorted(Sweep& sweep, const std::uint64_t* order, std::size_t size,
                         std::size_t width, const SortedSamples<Real>& samples,
                         const WideMemory& memory) {
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t n = neuron_of(order[i]);
    sweep.advance(samples.rows + row_size * index_of(order[i]));
    memory.before_r[n] = sweep.sums[0];
    memory.before_rx[n] = sweep.sums[1];
    if (n < width) sweep.line += Pair{memory.slope[n], memory.offset[n]};
  }
}

// With ties the sweep stops at their other ends too, as neurons from `width` on that change
// nothing.
template <class Real>
inline void sweep_with_ties(Sweep& sweep, PiecewiseScratch& scratch, std::size_t ties,
                            std::size_t width, const SortedSamples<Real>& samples,
                            const WideMemory& memory) {
  for (std::size_t n = 0; n < width; ++n) scratch.order[n] = key_of(scratch.index[n], n);
  for (std::size_t i = 0; i < ties; ++i)
    scratch.order[width + i] = key_of(scratch.ties[i].other, width + i);
  radix_sort(scratch.order, scratch.spare, width + ties, samples.count);
  sweep_sorted(sweep, scratch.order, width + ties, width, samples, memory);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < width + ties; ++i)
    if (neuron_of(scratch.order[i]) < width) scratch.order[kept++] = scratch.order[i];
}

template <class Real>
inline void sweep_bins(Sweep& sweep, PiecewiseScratch& scratch, std::size_t ties, std::size_t width,
                       const SortedSamples<Real>& samples, const WideMemory& memory) {
  const std::size_t count = static_cast<std::size_t>(samples.count) + 1;
  double *changes = scratch.bins, *sums = scratch.bins + 2 * count;
  for (std::size_t i = 0; i < 2 * count; ++i) changes[i] = 0;
  for (std::size_t n = 0; n < width; ++n) {
    double* bin = changes + 2 * scratch.index[n];
    *reinterpret_cast<Pair*>(bin) = pair_at(bin) + Pair{memory.slope[n], memory.offset[n]};
  }
  for (std::size_t k = 0; k < count; ++k) {
    sweep.advance(samples.rows + row_size * k);
    *reinterpret_cast<Pair*>(sums + 2 * k) = sweep.sums;
    sweep.line += pair_at(changes + 2 * k);
  }
  const auto give = [&](std::size_t n, std::int32_t index) {
    memory.before_r[n] = sums[2 * index];
    memory.before_rx[n] = sums[2 * index + 1];
  };
  for (std::size_t n = 0; n < width; ++n) give(n, scratch.index[n]);
  for (std::size_t i = 0; i < ties; ++i) give(width + i, scratch.ties[i].other);
}

// The sums over the samples with z = 0, zero for most neurons.
inline void collect_ties(const PiecewiseScratch& scratch, std::size_t ties, std::size_t width,
                         std::size_t neurons, const WideMemory& memory) {
  for (std::size_t n = 0; n < neurons; ++n) memory.tied_r[n] = memory.tied_rx[n] = 0;
  for (std::size_t i = 0; i < ties; ++i) {
    const Tie& tie = scratch.ties[i];
    const auto n = static_cast<std::size_t>(tie.neuron);
    const std::size_t one = tie.other > scratch.index[n] ? n : width + i,
                      other = one == n ? width + i : n;
    memory.tied_r[n] = memory.before_r[other] - memory.before_r[one];
    memory.tied_rx[n] = memory.before_rx[other] - memory.before_rx[one];
  }
}

// The gradient of L by the sweep above, in float64 whatever the Real of the parameters. Overwrites
// the scratch but for the order. Error: a few eps sum_n |a_n| (|w_n x| + |b_n|) times the square
// root of the number of bends in the sums of the residual.
template <template <class> class Act, class Real>
void piecewise_wide(const Layer<Real>& layer, std::size_t width, const Real* c,
                    const SortedSamples<Real>& samples, const Gradient<Real>& gradient,
                    Real* grad_c, PiecewiseScratch& scratch) {
  constexpr std::size_t H = lanes<double>;
  using A = Act<Real>;
  const std::size_t neurons = layer.groups * lanes<Real>;
  std::size_t ties =
      locate<Real, has_ties<A>>(layer.w, layer.b, neurons, samples, scratch.index, scratch.ties);
  while (ties > 0 && static_cast<std::size_t>(scratch.ties[ties - 1].neuron) >= width) --ties;
  const WideMemory memory(scratch.sums, neurons);
  Sweep sweep = prepare<A>(layer, *c, samples.centre, memory);
  if (scratch.bins != nullptr) {
    sweep_bins(sweep, scratch, ties, width, samples, memory);
  } else if (ties > 0) {
    sweep_with_ties(sweep, scratch, ties, width, samples, memory);
  } else {
    sort_bends(scratch, width, samples.count);
    sweep_sorted(sweep, scratch.order, width, width, samples, memory);
  }
  sweep.advance(samples.rows + row_size * static_cast<std::size_t>(samples.count));
  if constexpr (has_ties<A>) collect_ties(scratch, ties, width, neurons, memory);
  const Sums whole = {all(sweep.sums[0]), all(sweep.sums[1])};
  for (std::size_t i = 0; i < neurons; i += H)
    store_gradient<A>(gradient, i, neurons_at(layer, i, samples.centre),
                      {load(memory.before_r + i), load(memory.before_rx + i)}, whole,
                      {load(memory.tied_r + i), load(memory.tied_rx + i)}, samples.centre);
  *grad_c = static_cast<Real>(sweep.sums[0]);
}

}  // namespace
