#include <algorithm>
#include <cmath>
#include <memory>

#include "handles.hpp"

namespace ltens::c_interface {

namespace {

std::vector<double> finite(const double* values, std::size_t size, const char* argument) {
  require(values != nullptr, std::string(argument) + " is null");
  std::vector<double> copy(values, values + size);
  require(std::all_of(copy.begin(), copy.end(), [](double value) { return std::isfinite(value); }),
          std::string(argument) + " must be finite");
  return copy;
}

std::vector<double> weights_of(const double* weights, std::size_t samples) {
  if (weights == nullptr) return std::vector<double>(samples, 1.0 / static_cast<double>(samples));
  std::vector<double> copy = finite(weights, samples, "weights");
  const auto [least, most] = std::minmax_element(copy.begin(), copy.end());
  require(*least >= 0 && *most > 0, "weights must not be negative, and one must be above 0");
  return copy;
}

std::vector<float> rounded(const std::vector<double>& values) {
  std::vector<float> out(values.size());
  std::transform(values.begin(), values.end(), out.begin(),
                 [](double value) { return static_cast<float>(value); });
  return out;
}

bool all_fit(const std::vector<float>& values) {
  return std::all_of(values.begin(), values.end(),
                     [](float value) { return std::isfinite(value); });
}

}  // namespace

}  // namespace ltens::c_interface

using namespace ltens::c_interface;

ltens_status ltens_task_create(size_t samples, size_t dimension, const double* x, const double* y,
                               const double* weights, ltens_task** task) {
  return guarded([&] {
    require(task != nullptr, "task is null, but must be where the handle goes");
    *task = nullptr;
    require(samples > 0 && dimension > 0, "samples and dimension must be above 0");
    auto made = std::make_unique<ltens_task>();
    made->samples = samples;
    made->dimension = dimension;
    made->x64 = finite(x, product(samples, dimension), "x");
    made->y64 = finite(y, samples, "y");
    made->weights64 = weights_of(weights, samples);
    made->x32 = rounded(made->x64);
    made->y32 = rounded(made->y64);
    made->weights32 = rounded(made->weights64);
    made->fits_float32 = all_fit(made->x32) && all_fit(made->y32) && all_fit(made->weights32);
    *task = made.release();
    return LTENS_OK;
  });
}

void ltens_task_free(ltens_task* task) {
  if (task == nullptr || task->kind != ltens_task::its_kind) return;
  task->kind = {};
  delete task;
}
