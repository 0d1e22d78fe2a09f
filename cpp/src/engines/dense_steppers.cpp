#include "dense_steppers.hpp"

#include "dense_narrow_stepper.hpp"
#include "dense_outputs_narrow_stepper.hpp"
#include "dense_outputs_wide_stepper.hpp"
#include "dense_wide_stepper.hpp"

namespace ltens::dense {

namespace {

// One output with the squared loss, which has kernels of its own.
template <class Real>
bool is_plain(const PaddedSamples<Real>& samples) {
  return samples.outputs() == 1 && samples.loss() == Loss::mse;
}

// f of the first networks of a stepper at all samples, block by block.
template <class Real, class Predictor>
void predict_blocks(Predictor predictor, std::size_t networks, std::size_t outputs,
                    std::size_t first_network, const PaddedSamples<Real>& samples,
                    const TakeOutputs<Real>& take, const std::atomic<bool>& stop) {
  std::vector<Real> f(networks * outputs * simd::sample_block);
  for (std::size_t j = 0; j < samples.count(); j += simd::sample_block) {
    const std::size_t count = std::min(simd::sample_block, samples.count() - j);
    const std::size_t padded = padded_count(count);
    predictor.predict(j, padded, f.data(), stop);
    for (std::size_t s = 0; s < networks; ++s)
      take(first_network + s, j, count, f.data() + s * outputs * padded);
  }
}

// The same of all networks, by one kind of stepper for wide and one for narrow ones.
template <class WideOnes, class NarrowOnes, class Real>
void predict_groups(const ConstNetworks<Real>& networks, const PaddedSamples<Real>& samples,
                    const TakeOutputs<Real>& take, const std::atomic<bool>& stop) {
  const bool wide = is_wide(networks.width);
  const std::size_t group = wide ? 1 : networks_per_group<Real>();
  for (std::size_t s = 0; s < networks.count; s += group) {
    const auto part = networks.slice(s, std::min(group, networks.count - s));
    if (wide)
      predict_blocks(WideOnes(part, samples), 1, part.outputs, s, samples, take, stop);
    else
      predict_blocks(NarrowOnes(part, samples, Purpose::prediction), part.count, part.outputs, s,
                     samples, take, stop);
  }
}

}  // namespace

template <class Real>
std::size_t networks_per_group() {
  return simd::vectors<Real>().lanes;
}

template <class Real>
std::unique_ptr<Stepper<Real>> stepper(const Networks<Real>& networks,
                                       const PaddedSamples<Real>& samples, int threads) {
  const bool wide = is_wide(networks.width);
  if (!is_plain(samples)) {
    if (wide) return std::make_unique<WideOutputs<Real>>(networks, samples, threads);
    return std::make_unique<NarrowOutputs<Real>>(networks, samples);
  }
  if (wide) return std::make_unique<Wide<Real>>(networks, samples, threads);
  return std::make_unique<Narrow<Real>>(networks, samples);
}

template <class Real>
std::unique_ptr<Stepper<Real>> minibatch_stepper(const Networks<Real>& network,
                                                 const PaddedSamples<Real>& samples,
                                                 BatchStream stream, int threads) {
  auto batch = std::make_unique<Minibatch<Real>>(samples, std::move(stream));
  if (!is_plain(samples))
    return std::make_unique<WideOutputs<Real>>(network, std::move(batch), threads);
  return std::make_unique<Wide<Real>>(network, std::move(batch), threads);
}

template <class Real>
void predict(const ConstNetworks<std::type_identity_t<Real>>& networks,
             const PaddedSamples<Real>& samples, const TakeOutputs<Real>& take,
             const std::atomic<bool>& stop) {
  predict_groups<Wide<Real>, Narrow<Real>, Real>(networks, samples, take, stop);
}

template <class Real>
void predict_outputs(const ConstNetworks<std::type_identity_t<Real>>& networks,
                     const PaddedSamples<Real>& samples, const TakeOutputs<Real>& take,
                     const std::atomic<bool>& stop) {
  predict_groups<WideOutputs<Real>, NarrowOutputs<Real>, Real>(networks, samples, take, stop);
}

template std::size_t networks_per_group<float>();
template std::size_t networks_per_group<double>();
template std::unique_ptr<Stepper<float>> stepper(const Networks<float>&,
                                                 const PaddedSamples<float>&, int);
template std::unique_ptr<Stepper<double>> stepper(const Networks<double>&,
                                                  const PaddedSamples<double>&, int);
template std::unique_ptr<Stepper<float>> minibatch_stepper(const Networks<float>&,
                                                           const PaddedSamples<float>&, BatchStream,
                                                           int);
template std::unique_ptr<Stepper<double>> minibatch_stepper(const Networks<double>&,
                                                            const PaddedSamples<double>&,
                                                            BatchStream, int);
template void predict(const ConstNetworks<float>&, const PaddedSamples<float>&,
                      const TakeOutputs<float>&, const std::atomic<bool>&);
template void predict(const ConstNetworks<double>&, const PaddedSamples<double>&,
                      const TakeOutputs<double>&, const std::atomic<bool>&);
template void predict_outputs(const ConstNetworks<float>&, const PaddedSamples<float>&,
                              const TakeOutputs<float>&, const std::atomic<bool>&);
template void predict_outputs(const ConstNetworks<double>&, const PaddedSamples<double>&,
                              const TakeOutputs<double>&, const std::atomic<bool>&);

}  // namespace ltens::dense
