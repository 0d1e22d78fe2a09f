#include "engines/dense_steppers.hpp"
#include "ltens/trainer.hpp"
#include "threads/parallel.hpp"

namespace ltens {

template <class Real>
void predict(const ConstNetworks<std::type_identity_t<Real>>& networks, const Real* x,
             std::size_t samples, int threads, Real* out) {
  const PaddedSamples<Real> padded(Task<Real>{x, nullptr, nullptr, samples, networks.dimension});
  const Split split = dense::split(networks, threads);
  parallel_for(threads, split.count, [&](std::size_t i) {
    const std::size_t first = i * split.group;
    dense::predict(networks.slice(first, std::min(split.group, networks.count - first)), padded,
                   out + first * samples);
  });
}

template void predict(const ConstNetworks<float>&, const float*, std::size_t, int, float*);
template void predict(const ConstNetworks<double>&, const double*, std::size_t, int, double*);

}  // namespace ltens
