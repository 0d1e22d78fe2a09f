#include "dense.hpp"

#include "dense_steppers.hpp"
#include "footprint.hpp"
#include "wide_stepper.hpp"

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

// What a wide network needs for the samples that are taken at once.
template <class Real>
double wide_bytes(const Problem& problem, int threads) {
  const std::size_t chunk = WideStepper<Real>::samples_at_once(
      problem.width, threads, has_plain_loss(problem) ? simd::wide_samples : simd::output_samples);
  const double neurons = static_cast<double>(problem.width) * static_cast<double>(chunk);
  const double kept = has_plain_loss(problem)
                          ? static_cast<double>(simd::dense<Real>().wide_scratch) /
                                static_cast<double>(simd::vectors<Real>().lanes) /
                                static_cast<double>(simd::wide_samples)
                          : 2;
  return sizeof(Real) * neurons * kept;
}

template <class Real>
double narrow_bytes(const Problem& problem) {
  const double kept =
      has_plain_loss(problem)
          ? static_cast<double>(simd::dense<Real>().narrow_scratch)
          : 2 * static_cast<double>(simd::output_samples * simd::vectors<Real>().lanes);
  return sizeof(Real) * kept * static_cast<double>(problem.width);
}

template <class Real>
Footprint footprint_of(const Problem& problem, std::size_t networks, int threads) {
  const bool wide = is_wide(problem.width) || problem.batch > 0;
  const Split split = wide ? Split::one_by_one(networks, threads)
                           : Split::lanes(networks, networks_per_group<Real>(), threads);
  const double D = static_cast<double>(problem.samples), batch = static_cast<double>(problem.batch);
  const double order = problem.batch > 0 ? 4 * D : 0;
  const double rows = problem.batch > 0 && problem.dimension >= 8 ? 2 : 1;
  return {rows * sizeof(Real) * numbers_of_samples(problem, D),
          state_bytes(problem, side_by_side(problem)) +
              (wide ? wide_bytes<Real>(problem, split.inner) : narrow_bytes<Real>(problem)) +
              order + sizeof(Real) * numbers_of_samples(problem, batch),
          split};
}

Footprint footprint(const Problem& problem, std::size_t networks, int threads) {
  return problem.float64 ? footprint_of<double>(problem, networks, threads)
                         : footprint_of<float>(problem, networks, threads);
}

}  // namespace

const Engine engine = {"dense",
                       [] { return std::string("nothing"); },
                       [](const Problem&) { return true; },
                       cost,
                       prepare<float>,
                       prepare<double>,
                       side_by_side,
                       footprint};

}  // namespace ltens::dense
