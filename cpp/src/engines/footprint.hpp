// The memory of a training, in bytes, from the sizes of a problem alone. Each engine says what its
// preparation and its steppers take; what all have in common stands here.
#pragma once

#include "../training/samples.hpp"
#include "engine.hpp"
#include "ltens/engines.hpp"

namespace ltens {

inline double numbers_of(const Problem& problem, std::size_t width) {
  return static_cast<double>(width) * static_cast<double>(problem.dimension + 1 + problem.outputs) +
         static_cast<double>(problem.outputs);
}

// The parameters of one network.
inline double numbers_of(const Problem& problem) { return numbers_of(problem, problem.width); }

// x, y and weights.
inline double numbers_of_samples(const Problem& problem, double samples) {
  return samples * static_cast<double>(problem.dimension + problem.outputs + 1);
}

inline double real_bytes(const Problem& problem) { return problem.float64 ? 8 : 4; }

inline std::size_t lanes_of(const Problem& problem) {
  return problem.float64 ? simd::vectors<double>().lanes : simd::vectors<float>().lanes;
}

// Parameters, gradient, its part over a block of samples, and two moments (see lane_state.hpp).
inline double state_bytes(const Problem& problem, std::size_t networks) {
  return 5 * static_cast<double>(networks) * numbers_of(problem) * real_bytes(problem);
}

}  // namespace ltens
