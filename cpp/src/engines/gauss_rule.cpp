#include "ltens/gauss_rule.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>

namespace ltens {

namespace {

// The Jacobi matrix of a measure (alpha on the diagonal, beta beside it) and the coefficients of
// the targets in its orthonormal polynomials, grown by one sample at a time.
//
// Gragg & Harwood, Numer. Math. 44 (1984); with the targets Reichel, BIT 31 (1991): the new sample
// is a row of its own in the tridiagonal matrix, and plane rotations chase it down to the end. A
// rotation of row k needs only the rows above, so the first K rows of the full matrix come out
// however many samples there are: O(D K) operations, O(K) memory, and as stable as rotations are,
// where the Lanczos recurrence loses orthogonality.
class Jacobi {
 public:
  explicit Jacobi(Eigen::Index size)
      : alpha_(Eigen::VectorXd::Zero(size)),
        beta_(Eigen::VectorXd::Zero(size)),
        coefficients_(Eigen::VectorXd::Zero(size)) {}

  void add(double x, double weight, double y) {
    const double root = std::sqrt(weight);
    double diagonal = x, beside = 0, target = root * y;
    const double total = std::sqrt(total_root_ * total_root_ + weight);
    double cosine = total_root_ / total, sine = root / total;
    total_root_ = total;
    for (Eigen::Index k = 0; k < alpha_.size(); ++k) {
      const double a = alpha_[k], cc = cosine * cosine, ss = sine * sine, cs = cosine * sine;
      alpha_[k] = cc * a + 2 * cs * beside + ss * diagonal;
      const double coupling = cs * (diagonal - a) + (cc - ss) * beside;
      diagonal = ss * a - 2 * cs * beside + cc * diagonal;
      const double kept = cosine * coefficients_[k] + sine * target;
      target = cosine * target - sine * coefficients_[k];
      coefficients_[k] = kept;
      const double next = cosine * beta_[k];
      beside = -sine * beta_[k];
      beta_[k] = std::sqrt(next * next + coupling * coupling);
      if (beta_[k] == 0) break;
      cosine = next / beta_[k];
      sine = coupling / beta_[k];
    }
    left_over_ += target * target;
  }

  // Golub & Welsch, Math. Comp. 23 (1969): the nodes are the eigenvalues, the weights the squares
  // of the eigenvectors' first elements.
  GaussRule rule(double centre, double scale) const {
    const Eigen::Index size = alpha_.size();
    Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver;
    solver.computeFromTridiagonal(alpha_, beta_.head(size - 1));
    if (solver.info() != Eigen::Success)
      throw std::runtime_error("the nodes of the quadrature engine were not found");
    const Eigen::VectorXd first = solver.eigenvectors().row(0);
    const Eigen::VectorXd values = solver.eigenvectors().transpose() * coefficients_;
    GaussRule rule{{}, {}, {}, left_over_};
    for (Eigen::Index k = 0; k < size; ++k) {
      const double root = total_root_ * first[k];
      rule.x.push_back(centre + scale * solver.eigenvalues()[k]);
      rule.weights.push_back(root * root);
      rule.y.push_back(root == 0 ? 0 : values[k] / root);
    }
    return rule;
  }

 private:
  Eigen::VectorXd alpha_, beta_, coefficients_;
  double total_root_ = 0, left_over_ = 0;
};

}  // namespace

MergedSamples::MergedSamples(const Task<double>& task, const std::atomic<bool>& stop) {
  SeldomLook look(stop);
  std::vector<std::size_t> order;
  for (std::size_t j = 0; j < task.samples; ++j) {
    if (task.weights[j] < 0)
      throw std::invalid_argument("weights[" + std::to_string(j) + "] is " +
                                  std::to_string(task.weights[j]) +
                                  ", but the quadrature engine needs weights of at least 0.");
    if (task.weights[j] > 0) order.push_back(j);
  }
  if (order.empty()) throw std::invalid_argument("weights are all zero, but one must be above 0.");
  std::stable_sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) {
    look();
    return task.x[i] < task.x[j];
  });
  for (std::size_t first = 0; first < order.size();) {
    look();
    const double at = task.x[order[first]];
    std::size_t last = first;
    double weight = 0, weighted = 0;
    for (; last < order.size() && task.x[order[last]] == at; ++last) {
      weight += task.weights[order[last]];
      weighted += task.weights[order[last]] * task.y[order[last]];
    }
    const double mean = last - first == 1 ? task.y[order[first]] : weighted / weight;
    for (std::size_t i = first; i < last; ++i) {
      const double q = task.weights[order[i]], target = task.y[order[i]];
      constant += q * (target - mean) * (target - mean);
      power += q * target * target;
    }
    x.push_back(at);
    y.push_back(mean);
    weights.push_back(weight);
    first = last;
  }
}

GaussRule gauss_rule(const MergedSamples& samples, std::size_t nodes,
                     const std::atomic<bool>& stop) {
  if (nodes >= samples.size()) return {samples.x, samples.y, samples.weights, samples.constant};
  const double low = samples.x.front(), high = samples.x.back();
  const double centre = low / 2 + high / 2, scale = high / 2 - low / 2;
  Jacobi jacobi(static_cast<Eigen::Index>(nodes));
  SeldomLook look(stop);
  for (std::size_t j = 0; j < samples.size(); ++j) {
    look();
    jacobi.add((samples.x[j] - centre) / scale, samples.weights[j], samples.y[j]);
  }
  GaussRule rule = jacobi.rule(centre, scale);
  rule.constant += samples.constant;
  return rule;
}

}  // namespace ltens
