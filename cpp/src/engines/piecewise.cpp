#include "piecewise.hpp"

#include "footprint.hpp"
#include "piecewise_narrow_stepper.hpp"
#include "piecewise_wide_stepper.hpp"

namespace ltens::piecewise {

namespace {

// From this width on a sweep over sorted breakpoints is cheaper than all pairs of them.
constexpr std::size_t wide_from = 21;

constexpr std::size_t most_samples = std::size_t{1} << 30, most_neurons = std::size_t{1} << 30;

template <class Real>
class PreparedPiecewise final : public Prepared<Real> {
 public:
  PreparedPiecewise(const Task<Real>& task, const std::atomic<bool>& stop) : samples_(task, stop) {}

  Split split(const Networks<Real>& networks, int threads) const override {
    if (networks.width >= wide_from) return {1, networks.count, threads, 1};
    return Split::lanes(networks.count, simd::vectors<Real>().lanes, threads);
  }

  std::unique_ptr<Stepper<Real>> stepper(const Networks<Real>& networks, int) const override {
    if (networks.width >= wide_from) return std::make_unique<Wide<Real>>(networks, samples_);
    return std::make_unique<Narrow<Real>>(networks, samples_);
  }

 private:
  SortedSamples<Real> samples_;
};

template <class Real>
std::unique_ptr<Prepared<Real>> prepare(const Task<Real>& task, const Task<double>&, const Problem&,
                                        const std::atomic<bool>& stop) {
  return std::make_unique<PreparedPiecewise<Real>>(task, stop);
}

bool applies(const Problem& problem) {
  return problem.dimension == 1 && problem.batch == 0 && has_plain_loss(problem) &&
         info(problem.activation).piecewise_linear && problem.samples < most_samples &&
         problem.width < most_neurons;
}

std::string needs() {
  return "a one-dimensional task, one output with loss mse, full batches and " +
         listed([](const ActivationInfo& a) { return a.piecewise_linear; }, " or ");
}

// Fitted to what `python -m bench.cost_model` measures on AVX-512 cores.
double cost(const Problem& problem) {
  const auto n = static_cast<double>(problem.width);
  if (problem.width < wide_from)
    return problem.float64 ? 10 + n * (8.5 + 0.25 * n) : 8 + n * (5.5 + 0.18 * n);
  return problem.float64 ? 80 + 12.8 * n : 55 + 8.5 * n;
}

std::size_t side_by_side(const Problem& problem) {
  if (problem.width >= wide_from) return 1;
  return problem.float64 ? simd::vectors<double>().lanes : simd::vectors<float>().lanes;
}

// Sorted samples with eight sums each and their order; for a neuron or lane its place, tie and
// sums, and in wide networks two orders and, with few samples, four sums for each of these.
Footprint footprint(const Problem& problem, std::size_t networks, int threads) {
  const double D = static_cast<double>(problem.samples), N = static_cast<double>(problem.width);
  const double prepared = D * (real_bytes(problem) + 8 * simd::row_size + 12);
  if (problem.width >= wide_from) {
    const double bins = N >= D ? 32 * D : 0;
    return {prepared,
            state_bytes(problem, 1) + N * (4 + sizeof(simd::Tie) + 64 + 32) + bins,
            {1, networks, threads, 1}};
  }
  const std::size_t lanes = lanes_of(problem);
  return {prepared, state_bytes(problem, lanes) + N * static_cast<double>(lanes) * 76,
          Split::lanes(networks, lanes, threads)};
}

}  // namespace

const Engine engine = {"piecewise",    needs,           applies,      cost,
                       prepare<float>, prepare<double>, side_by_side, footprint};

}  // namespace ltens::piecewise
