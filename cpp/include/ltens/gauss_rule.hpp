// The Gauss rule of the empirical measure sum_j q_j delta(x_j), and the targets at its nodes.
//
// The K-point rule integrates every polynomial of degree 2K - 1 as the samples do. The targets at
// the nodes are those of the polynomial of degree K - 1 that fits y best in the weighted mean
// square; what it leaves over, sum_j q_j (y_j - p(x_j))^2, is `constant`. For a network that is a
// polynomial of degree K - 1 the loss on the nodes plus this constant is the loss on the samples.
#pragma once

#include <cstddef>
#include <vector>

#include "ltens/stopping.hpp"
#include "ltens/task.hpp"

namespace ltens {

// The samples of a one-dimensional task in ascending order: those at one place merged into one with
// their total weight and mean target, those of weight zero left out.
struct MergedSamples {
  std::vector<double> x, y, weights;
  double constant = 0;  // sum_j q_j (y_j - mean target at x_j)^2
  double power = 0;     // sum_j q_j y_j^2

  // std::invalid_argument if a weight is negative or none is positive.
  explicit MergedSamples(const Task<double>& task, const std::atomic<bool>& stop = never_stopped);
  std::size_t size() const { return x.size(); }
};

struct GaussRule {
  std::vector<double> x, y, weights;
  double constant;

  Task<double> task() const { return {x.data(), y.data(), weights.data(), x.size(), 1}; }
};

// The rule of min(nodes, samples.size()) points; with as many nodes as samples, the samples.
GaussRule gauss_rule(const MergedSamples& samples, std::size_t nodes,
                     const std::atomic<bool>& stop = never_stopped);

}  // namespace ltens
