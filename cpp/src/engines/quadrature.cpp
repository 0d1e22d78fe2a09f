#include "quadrature.hpp"

#include "dense.hpp"
#include "dense_steppers.hpp"
#include "footprint.hpp"
#include "ltens/gauss_rule.hpp"

namespace ltens::quadrature {

namespace {

bool applies(const Problem& problem) {
  return problem.dimension == 1 && problem.batch == 0 && has_plain_loss(problem) &&
         info(problem.activation).nodes > 0;
}

std::string needs() {
  return "a one-dimensional task, one output with loss mse, full batches and a smooth activation "
         "(not " +
         listed([](const ActivationInfo& a) { return a.nodes == 0; }) + ")";
}

double cost_of(Problem problem, std::size_t nodes) {
  problem.samples = nodes;
  return dense::engine.cost(problem);
}

// A quarter for the measuring of the error and the networks that are trained again.
double cost(const Problem& problem) {
  return 1.25 * cost_of(problem, std::min(info(problem.activation).nodes, problem.samples));
}

// The nodes as a task in Real.
template <class Real>
PaddedSamples<Real> padded(const GaussRule& rule) {
  const std::vector<Real> x(rule.x.begin(), rule.x.end()), y(rule.y.begin(), rule.y.end()),
      weights(rule.weights.begin(), rule.weights.end());
  return PaddedSamples<Real>(Task<Real>{x.data(), y.data(), weights.data(), x.size(), 1});
}

template <class Real>
class PreparedQuadrature final : public Prepared<Real> {
 public:
  PreparedQuadrature(std::shared_ptr<const MergedSamples> merged, const Problem& problem,
                     std::size_t nodes, const std::atomic<bool>& stop)
      : PreparedQuadrature(merged, problem, gauss_rule(*merged, nodes, stop)) {}

  Split split(const Networks<Real>& networks, int threads) const override {
    return dense::split(networks, threads);
  }

  std::unique_ptr<Stepper<Real>> stepper(const Networks<Real>& networks,
                                         int threads) const override {
    return dense::stepper(networks, nodes_, threads);
  }

  const Surrogate* surrogate() const override { return &surrogate_; }

  // Twice the nodes, while that is cheaper than all samples.
  std::unique_ptr<Prepared<Real>> finer(const std::atomic<bool>& stop) const override {
    const std::size_t more = std::min(2 * nodes(), merged_->size());
    if (more == nodes() || cost_of(problem_, more) >= dense::engine.cost(problem_)) return nullptr;
    return std::make_unique<PreparedQuadrature>(merged_, problem_, more, stop);
  }

  std::size_t nodes() const override { return nodes_.count(); }

 private:
  PreparedQuadrature(std::shared_ptr<const MergedSamples> merged, const Problem& problem,
                     const GaussRule& rule)
      : merged_(std::move(merged)),
        problem_(problem),
        nodes_(padded<Real>(rule)),
        surrogate_{padded<double>(rule), rule.constant,
                   0x1p-64 * merged_->power + 0x1p-40 * rule.constant} {}

  std::shared_ptr<const MergedSamples> merged_;
  Problem problem_;
  PaddedSamples<Real> nodes_;
  Surrogate surrogate_;
};

template <class Real>
std::unique_ptr<Prepared<Real>> prepare(const Task<Real>&, const Task<double>& exact,
                                        const Problem& problem, const std::atomic<bool>& stop) {
  return std::make_unique<PreparedQuadrature<Real>>(std::make_shared<MergedSamples>(exact, stop),
                                                    problem, info(problem.activation).nodes, stop);
}

// Merged samples, and their order while they are merged; the networks as they began and those that
// are trained again.
Footprint footprint(const Problem& problem, std::size_t networks, int threads) {
  Problem nodes = problem;
  nodes.samples = std::min(info(problem.activation).nodes, problem.samples);
  Footprint result = dense::engine.footprint(nodes, networks, threads);
  result.prepared += 8 * 4.5 * static_cast<double>(problem.samples) +
                     2 * static_cast<double>(networks) * numbers_of(problem) * real_bytes(problem);
  return result;
}

}  // namespace

const Engine engine = {"quadrature",
                       needs,
                       applies,
                       cost,
                       prepare<float>,
                       prepare<double>,
                       [](const Problem& problem) { return dense::engine.side_by_side(problem); },
                       footprint};

}  // namespace ltens::quadrature
