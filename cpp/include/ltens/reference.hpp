// The definitions written out with Eigen, slow and readable: the twin that the engines are tested
// against. All in float64.
#pragma once

#include "ltens/networks.hpp"
#include "ltens/settings.hpp"
#include "ltens/task.hpp"

namespace ltens::reference {

double value(Activation activation, double z);
double slope(Activation activation, double z);

// L of network `s` of the batch.
double loss(const Networks<double>& networks, std::size_t s, const Task<double>& task);

// dL/d(w, b, a, c) of every network.
void gradient(const Networks<double>& networks, const Task<double>& task,
              const Networks<double>& out);

// Training on the whole task, in place.
void train(const Networks<double>& networks, const Task<double>& task, const Training& training);

}  // namespace ltens::reference
