#include "dense.hpp"

#include "dense_steppers.hpp"

namespace ltens::dense {

namespace {

template <class Real>
class PreparedDense final : public Prepared<Real> {
 public:
  PreparedDense(const Task<Real>& task, bool batches) : samples_(task), batches_(batches) {}

  Split split(const Networks<Real>& networks, int threads) const override {
    if (batches_) return Split::one_by_one(networks.count, threads);
    return dense::split(networks, threads);
  }

  std::unique_ptr<Stepper<Real>> stepper(const Networks<Real>& networks,
                                         int threads) const override {
    return dense::stepper(networks, samples_, threads);
  }

  std::unique_ptr<Stepper<Real>> minibatch_stepper(const Networks<Real>& network,
                                                   BatchStream stream, int threads) const override {
    return dense::minibatch_stepper(network, samples_, std::move(stream), threads);
  }

 private:
  PaddedSamples<Real> samples_;
  bool batches_;
};

template <class Real>
std::unique_ptr<Prepared<Real>> prepare(const Task<Real>& task, const Task<double>&,
                                        const Problem& problem) {
  return std::make_unique<PreparedDense<Real>>(task, problem.batch > 0);
}

// Nanoseconds of one core for one step: network + width (neuron + samples (update + coordinate
// (dimension - 1))). Fitted on AVX-512 cores by `python -m bench.cost_model`, which prints this
// table; never measured at run time, so that the choice of an engine is the same on every machine.
struct Cost {
  double network, neuron, coordinate, update[activation_count];
};

constexpr Cost costs[2][2] = {
    {// float32: narrow, wide
     {5.9, 1.8, 0.046, {0.11, 0.12, 0.16, 0.40, 0.83, 0.57, 0.45, 0.85, 1.1, 0.58, 0.12}},
     {0, 2.1, 0.043, {0.12, 0.13, 0.17, 0.43, 0.84, 0.59, 0.46, 0.90, 1.0, 0.52, 0.11}}},
    {// float64
     {8.2, 5.9, 0.098, {0.23, 0.26, 0.33, 1.1, 2.8, 1.5, 1.1, 3.0, 3.7, 1.3, 0.24}},
     {0, 6.6, 0.10, {0.23, 0.24, 0.33, 1.2, 3.8, 1.4, 1.1, 2.4, 4.9, 1.2, 0.24}}}};

double cost(const Problem& problem) {
  const bool wide = is_wide(problem.width) || problem.batch > 0;
  const Cost& of = costs[problem.float64 ? 1 : 0][wide ? 1 : 0];
  const std::size_t seen = problem.batch > 0 ? problem.batch : problem.samples;
  const auto samples = static_cast<double>((seen + 7) / 8 * 8);  // whole blocks
  const double update = of.update[static_cast<std::size_t>(problem.activation)] +
                        of.coordinate * static_cast<double>(problem.dimension - 1);
  return of.network + static_cast<double>(problem.width) * (of.neuron + samples * update);
}

std::size_t side_by_side(const Problem& problem) {
  if (is_wide(problem.width) || problem.batch > 0) return 1;
  return problem.float64 ? networks_per_group<double>() : networks_per_group<float>();
}

}  // namespace

const Engine engine = {"dense",     "nothing",      [](const Problem&) { return true; },
                       cost,        prepare<float>, prepare<double>,
                       side_by_side};

}  // namespace ltens::dense
