// What every engine asks of an instruction set: its lanes, sums of arrays, the optimisers.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ltens::simd {

// How a gradient moves the parameters, see Optimizer; adamw is adam here.
enum class Rule : unsigned char { adam, sgd, sign };

// Where the weight decay goes: nowhere, to the gradient, or to the parameters.
enum class Decay : unsigned char { none, coupled, decoupled };

// The scalars of one update of the parameters, see Training. For sgd and sign only beta1, which is
// the momentum, and the step size count.
template <class Real>
struct UpdateStep {
  Real beta1, one_minus_beta1;
  Real beta2, one_minus_beta2;
  Real step_size;                // lr_t / (1 - beta1^t); lr_t for sgd and sign
  Real inverse_root_correction;  // 1 / sqrt(1 - beta2^t)
  Real epsilon;
  Rule rule = Rule::adam;
  bool by_layer = false;  // multiply the step size by these factors of w, b, a, c
  Real factors[4] = {1, 1, 1, 1};
  Decay decay = Decay::none;
  Real decays[4] = {0, 0, 0, 0};  // how much of p is added to g, or to p, of w, b, a, c
};

template <class Real>
struct VectorKernels {
  std::size_t lanes;                                           // Reals in one pack
  void (*add)(Real* to, const Real* from, std::size_t count);  // count a multiple of the lanes
  void (*adam)(Real* p, const Real* g, Real* m, Real* v, std::size_t count,
               const UpdateStep<Real>&);
  void (*sgd)(Real* p, const Real* g, Real* m, std::size_t count, const UpdateStep<Real>&);
  void (*sign)(Real* p, const Real* g, Real* m, std::size_t count, const UpdateStep<Real>&);
  void (*add_multiple)(Real* to, const Real* from, Real factor, std::size_t count);
  // to (dimension, stride) from the rows `which` (count,) of rows (any, width), zeros up to the end
  // of a pack; width is a multiple of the lanes.
  void (*gather_rows)(const Real* rows, std::size_t width, const std::uint32_t* which,
                      std::size_t count, std::size_t dimension, Real* to, std::size_t stride);
};

}  // namespace ltens::simd
