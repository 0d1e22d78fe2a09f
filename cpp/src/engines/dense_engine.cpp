#include "dense_engine.hpp"

#include "dense.hpp"

namespace ltens::dense {

namespace {

template <class Real>
class PreparedDense final : public Prepared<Real> {
 public:
  explicit PreparedDense(const Task<Real>& task) : samples_(task) {}

  Split split(const Networks<Real>& networks, int threads) const override {
    return dense::split(networks, threads);
  }

  std::unique_ptr<Stepper<Real>> stepper(const Networks<Real>& networks,
                                         int threads) const override {
    return dense::stepper(networks, samples_, threads);
  }

 private:
  PaddedSamples<Real> samples_;
};

template <class Real>
std::unique_ptr<Prepared<Real>> prepare(const Task<Real>& task, const Task<double>&,
                                        const Problem&) {
  return std::make_unique<PreparedDense<Real>>(task);
}

// A neuron and sample take about 2 ns in float64 and half of it in float32.
double cost(const Problem& problem) {
  const auto updates = static_cast<double>(problem.width * problem.samples * problem.dimension);
  return updates * (problem.float64 ? 2.0 : 1.0);
}

}  // namespace

const Engine engine = {"dense", "nothing",      [](const Problem&) { return true; },
                       cost,    prepare<float>, prepare<double>};

}  // namespace ltens::dense
