#include "engines/dense_steppers.hpp"
#include "ltens/trainer.hpp"
#include "threads/parallel.hpp"

namespace ltens {

template <class Real>
void predict(const ConstNetworks<std::type_identity_t<Real>>& networks, const Real* x,
             std::size_t samples, int threads, Real* out, const std::atomic<bool>& stop) {
  const PaddedSamples<Real> padded(Task<Real>{x, nullptr, nullptr, samples, networks.dimension},
                                   false, stop);
  const Split split = dense::split(networks, threads);
  const std::size_t C = networks.outputs;
  parallel_for(threads, split.count, [&](std::size_t i) {
    const std::size_t first = i * split.group;
    const auto part = networks.slice(first, std::min(split.group, networks.count - first));
    const auto write = [&](std::size_t s, std::size_t j, std::size_t count, const Real* f) {
      Real* const to = out + ((first + s) * samples + j) * C;
      for (std::size_t k = 0; k < C; ++k)
        for (std::size_t m = 0; m < count; ++m)
          to[m * C + k] = f[k * dense::padded_count(count) + m];
    };
    if (C == 1)
      dense::predict<Real>(part, padded, write, stop);
    else
      dense::predict_outputs<Real>(part, padded, write, stop);
  });
}

#define LTENS_INSTANTIATE(Real)                                                           \
  template void predict(const ConstNetworks<Real>&, const Real*, std::size_t, int, Real*, \
                        const std::atomic<bool>&);
LTENS_INSTANTIATE(float)
LTENS_INSTANTIATE(double)
#undef LTENS_INSTANTIATE

}  // namespace ltens
