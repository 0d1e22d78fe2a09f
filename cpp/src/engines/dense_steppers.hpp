// The dense engine: the definition, all samples against all neurons, O(N D d) a step.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <type_traits>

#include "../simd/output_kernels.hpp"
#include "../training/batches.hpp"
#include "../training/samples.hpp"
#include "split.hpp"
#include "stepper.hpp"

namespace ltens::dense {

// From this width on the lanes are neurons of one network instead of networks.
inline constexpr std::size_t wide_from = 256;
inline bool is_wide(std::size_t width) { return width >= wide_from; }

// How many networks one stepper takes when lanes are networks.
template <class Real>
std::size_t networks_per_group();

// Lanes of networks, or wide ones one by one.
template <class Real>
Split split(const Networks<Real>& networks, int threads) {
  if (is_wide(networks.width)) return Split::one_by_one(networks.count, threads);
  return Split::lanes(networks.count, networks_per_group<std::remove_const_t<Real>>(), threads);
}

// A stepper over the given networks (as many as networks_per_group, or one if wide), which are
// read now. `threads` work inside a wide network.
template <class Real>
std::unique_ptr<Stepper<Real>> stepper(const Networks<Real>& networks,
                                       const PaddedSamples<Real>& samples, int threads);

// A stepper over one network of any width, lanes being its neurons: every step sees the next batch.
template <class Real>
std::unique_ptr<Stepper<Real>> minibatch_stepper(const Networks<Real>& network,
                                                 const PaddedSamples<Real>& samples,
                                                 BatchStream stream, int threads);

// Some samples of one network after the other: take(s, first, count, f) with f (C, padded count) of
// the network s at the samples first .. first + count, at most sample_block.
template <class Real>
using TakeOutputs =
    std::function<void(std::size_t s, std::size_t first, std::size_t count, const Real* f)>;

// f of networks with one output. Throws Stopped.
template <class Real>
void predict(const ConstNetworks<std::type_identity_t<Real>>& networks,
             const PaddedSamples<Real>& samples, const TakeOutputs<Real>& take,
             const std::atomic<bool>& stop);

// f of all outputs. Throws Stopped.
template <class Real>
void predict_outputs(const ConstNetworks<std::type_identity_t<Real>>& networks,
                     const PaddedSamples<Real>& samples, const TakeOutputs<Real>& take,
                     const std::atomic<bool>& stop);

// Where f of each output begins in what `take` gets.
inline std::size_t padded_count(std::size_t count) {
  return (count + simd::output_samples - 1) / simd::output_samples * simd::output_samples;
}

}  // namespace ltens::dense
