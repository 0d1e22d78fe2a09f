// What an engine is to the registry and to the trainer.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "../training/batches.hpp"
#include "../training/samples.hpp"
#include "ltens/engines.hpp"
#include "ltens/networks.hpp"
#include "ltens/stopping.hpp"
#include "ltens/task.hpp"
#include "split.hpp"
#include "stepper.hpp"

namespace ltens {

// The loss as an engine sees it that approximates: that of fewer samples, and a constant.
struct Surrogate {
  PaddedSamples<double> samples;
  double constant;
  double floor;  // differences between losses smaller than this are rounding
};

// An engine made ready for one task: built once for a batch, then read by all its steppers, which
// it must outlive.
template <class Real>
class Prepared {
 public:
  virtual ~Prepared() = default;
  virtual Split split(const Networks<Real>& networks, int threads) const = 0;
  // A stepper over at most split().group networks, whose parameters are read now. `threads` work
  // inside it.
  virtual std::unique_ptr<Stepper<Real>> stepper(const Networks<Real>& networks,
                                                 int threads) const = 0;

  // The same for one network whose every step sees the next batch of `stream`; of an engine that
  // applies to a problem with batches.
  virtual std::unique_ptr<Stepper<Real>> minibatch_stepper(const Networks<Real>&, BatchStream,
                                                           int) const {
    throw std::logic_error("the engine does not take batches");
  }

  // An engine that approximates is checked against the full task, see engine_error.hpp; a network
  // that fails is trained again with what finer() gives, or with the definition if that is null.
  virtual const Surrogate* surrogate() const { return nullptr; }
  virtual std::unique_ptr<Prepared> finer(const std::atomic<bool>&) const { return nullptr; }
  virtual std::size_t nodes() const { return 0; }  // samples that stand for all, 0 if all are used
};

// `exact` is `task` before it was rounded to Real. Throws Stopped, as finer does, once `stop` is
// set.
template <class Real>
using Prepare = std::unique_ptr<Prepared<Real>> (*)(const Task<Real>& task,
                                                    const Task<double>& exact,
                                                    const Problem& problem,
                                                    const std::atomic<bool>& stop);

// One output and the squared loss.
inline bool has_plain_loss(const Problem& problem) {
  return problem.outputs == 1 && problem.loss == Loss::mse;
}

// The names of the activations that satisfy `chosen`, as in "relu, leaky_relu or abs".
template <class Chosen>
std::string listed(const Chosen& chosen, std::string_view before_last = ", ") {
  std::string text;
  std::string_view last;
  for (const ActivationInfo& activation : activations) {
    if (!chosen(activation)) continue;
    if (!last.empty()) text.append(text.empty() ? "" : ", ").append(last);
    last = activation.name;
  }
  return text.append(text.empty() ? "" : before_last).append(last);
}

// Bytes of memory. Each of split.outer threads has one stepper at a time.
struct Footprint {
  double prepared;  // once
  double stepper;
  Split split;
};

struct Engine {
  std::string_view name;
  std::string (*needs)();  // what it asks of a problem, in words
  bool (*applies)(const Problem&);
  double (*cost)(const Problem&);  // ns of one core for one step of one network
  Prepare<float> prepare_float;
  Prepare<double> prepare_double;
  std::size_t (*side_by_side)(const Problem&);  // networks of one stepper
  Footprint (*footprint)(const Problem&, std::size_t networks, int threads);

  template <class Real>
  Prepare<Real> prepare() const {
    if constexpr (sizeof(Real) == sizeof(float))
      return prepare_float;
    else
      return prepare_double;
  }
};

}  // namespace ltens
