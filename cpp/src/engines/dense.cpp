#include "dense.hpp"

#include "dense_steppers.hpp"

namespace ltens::dense {

namespace {

template <class Real>
class PreparedDense final : public Prepared<Real> {
 public:
  PreparedDense(const Task<Real>& task, bool batches, const std::atomic<bool>& stop)
      : samples_(task, batches, stop), batches_(batches) {}

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
                                        const Problem& problem, const std::atomic<bool>& stop) {
  return std::make_unique<PreparedDense<Real>>(task, problem.batch > 0, stop);
}

// Nanoseconds of one core for one step: network + width (neuron + samples (activation + coordinate
// (dimension - 1))), that of the activation in its row. Fitted on AVX-512 cores by `python -m
// bench.cost_model`, which prints these numbers; never measured at run time, so that the choice of
// an engine is the same on every machine. But for one output with the squared loss each output
// takes `output` for a neuron and sample, and `residual` for a sample.
struct Cost {
  double network, neuron, coordinate, output, residual;
};

constexpr Cost costs[2][2] = {
    {{5.9, 1.8, 0.046, 0.07, 0.4}, {0, 2.1, 0.043, 0.07, 1.5}},  // float32: narrow, wide
    {{8.2, 5.9, 0.098, 0.15, 1.5}, {0, 6.6, 0.10, 0.15, 3.0}}};  // float64

double cost(const Problem& problem) {
  const std::size_t dtype = problem.float64 ? 1 : 0;
  const std::size_t wide = is_wide(problem.width) || problem.batch > 0 ? 1 : 0;
  const Cost& of = costs[dtype][wide];
  const std::size_t seen = problem.batch > 0 ? problem.batch : problem.samples;
  const auto samples = static_cast<double>((seen + 7) / 8 * 8);  // whole blocks
  const double outputs = has_plain_loss(problem) ? 0 : static_cast<double>(problem.outputs);
  const double update = info(problem.activation).cost[dtype][wide] +
                        of.coordinate * static_cast<double>(problem.dimension - 1) +
                        of.output * outputs;
  return of.network + of.residual * samples * outputs +
         static_cast<double>(problem.width) * (of.neuron + samples * update);
}

std::size_t side_by_side(const Problem& problem) {
  if (is_wide(problem.width) || problem.batch > 0) return 1;
  return problem.float64 ? networks_per_group<double>() : networks_per_group<float>();
}

}  // namespace

const Engine engine = {"dense",
                       [] { return std::string("nothing"); },
                       [](const Problem&) { return true; },
                       cost,
                       prepare<float>,
                       prepare<double>,
                       side_by_side};

}  // namespace ltens::dense
