#include "dense_steppers.hpp"

#include "dense_narrow_stepper.hpp"
#include "dense_wide_stepper.hpp"

namespace ltens::dense {

template <class Real>
std::size_t networks_per_group() {
  return simd::vectors<Real>().lanes;
}

template <class Real>
std::unique_ptr<Stepper<Real>> stepper(const Networks<Real>& networks,
                                       const PaddedSamples<Real>& samples, int threads) {
  if (is_wide(networks.width)) return std::make_unique<Wide<Real>>(networks, samples, threads);
  return std::make_unique<Narrow<Real>>(networks, samples);
}

template <class Real>
std::unique_ptr<Stepper<Real>> minibatch_stepper(const Networks<Real>& network,
                                                 const PaddedSamples<Real>& samples,
                                                 BatchStream stream, int threads) {
  return std::make_unique<Wide<Real>>(
      network, std::make_unique<Minibatch<Real>>(samples, std::move(stream)), threads);
}

template <class Real>
void predict(const ConstNetworks<std::type_identity_t<Real>>& networks,
             const PaddedSamples<Real>& samples, Real* out) {
  if (is_wide(networks.width)) {
    for (std::size_t s = 0; s < networks.count; ++s)
      Wide<Real>(networks.slice(s, 1), samples, 1).predict(out + s * samples.count());
    return;
  }
  const std::size_t lanes = networks_per_group<Real>();
  for (std::size_t s = 0; s < networks.count; s += lanes) {
    const std::size_t number = std::min(lanes, networks.count - s);
    Narrow<Real>(networks.slice(s, number), samples).predict(out + s * samples.count());
  }
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
template void predict(const ConstNetworks<float>&, const PaddedSamples<float>&, float*);
template void predict(const ConstNetworks<double>&, const PaddedSamples<double>&, double*);

}  // namespace ltens::dense
