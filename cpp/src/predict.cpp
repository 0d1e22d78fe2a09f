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
    const auto part = networks.slice(first, std::min(split.group, networks.count - first));
    if (networks.outputs == 1) return dense::predict(part, padded, out + first * samples);
    const std::size_t C = networks.outputs;
    dense::predict_outputs<Real>(
        part, padded, [&](std::size_t s, std::size_t j, std::size_t count, const Real* f) {
          Real* const to = out + ((first + s) * samples + j) * C;
          for (std::size_t k = 0; k < C; ++k)
            for (std::size_t m = 0; m < count; ++m)
              to[m * C + k] = f[k * dense::padded_count(count) + m];
        });
  });
}

template void predict(const ConstNetworks<float>&, const float*, std::size_t, int, float*);
template void predict(const ConstNetworks<double>&, const double*, std::size_t, int, double*);

}  // namespace ltens
