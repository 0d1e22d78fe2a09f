// Train networks, evaluate them, differentiate their loss.
#pragma once

#include <string_view>
#include <type_traits>

#include "ltens/engines.hpp"
#include "ltens/networks.hpp"
#include "ltens/results.hpp"
#include "ltens/settings.hpp"
#include "ltens/stopping.hpp"
#include "ltens/task.hpp"

namespace ltens {

// On what a training is judged, in float64: losses are evaluated on `evaluation`, the task itself
// if null. With `held_out`, every network ends with those of its parameters that had the smallest
// loss there, of the start, every Training::held_out_every steps and the end; it stops when its
// patience is at an end.
struct EvaluationTasks {
  const Task<double>* evaluation = nullptr;
  const Task<double>* held_out = nullptr;
};

// Train in place. `exact` is the task in float64. A network whose
// parameters or moments are found not finite (looked at every 64 steps and at the end) is frozen
// and marked diverged. An engine that approximates measures its error on the full task before the
// first step, after 64, 128, 256, ... and at the end; a network for which it exceeds `rtol` is
// trained again from its start by a finer approximation, at last by the definition. Throws
// std::invalid_argument for an engine that does not exist or apply, and for batches without
// labels to draw them by. Once control.stop is set it ends in milliseconds: networks that are not
// finished are cancelled, and their losses NaN if evaluating all of them takes longer.
template <class Real>
void train(const Networks<Real>& networks, const Task<Real>& task, const Task<double>& exact,
           const Training& training, std::string_view engine, double rtol, int threads,
           Control& control, const Outcome& outcome, const EvaluationTasks& tasks = {},
           const Draws& draws = {});

// L and its gradient at the present parameters. loss (S,) is that of `exact`, in float64; an engine
// whose error there exceeds `rtol` is refined likewise. Where its gradient then differs from that
// of `exact` by more than `rtol` of its norm, the latter is given. Throws Stopped once `stop` is
// set.
template <class Real>
void loss_and_gradient(const ConstNetworks<std::type_identity_t<Real>>& networks,
                       const Task<Real>& task, const Task<double>& exact, std::string_view engine,
                       double rtol, int threads, double* loss, const Networks<Real>& gradient,
                       const std::atomic<bool>& stop = never_stopped);

// f(x): out (S, M, C) for x (M, d). Throws Stopped once `stop` is set.
template <class Real>
void predict(const ConstNetworks<std::type_identity_t<Real>>& networks, const Real* x,
             std::size_t samples, int threads, Real* out,
             const std::atomic<bool>& stop = never_stopped);

}  // namespace ltens
