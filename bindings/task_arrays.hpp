// A dictionary of the arrays x, y and weights and the name of a loss, mse if there is none, as a
// Task.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "arrays.hpp"
#include "dictionary.hpp"
#include "ltens/task.hpp"

namespace ltens::bindings {

inline Loss loss(const std::string& name) {
  if (const auto found = loss_named(name)) return *found;
  throw py::value_error("loss '" + name + "' is not known");
}

class TaskArrays {
 public:
  // `name` is what messages call it.
  TaskArrays(const std::string& name, const py::dict& given)
      : TaskArrays(Dictionary(name, given)) {}

  template <class Real>
  Task<Real> view(std::size_t dimension) const {
    const py::ssize_t samples = length(x_, x_name_.c_str());
    const py::ssize_t outputs = y_.ndim() == 2 ? y_.shape(1) : 1;
    return {in<Real>(x_, x_name_.c_str(), {samples, static_cast<py::ssize_t>(dimension)}),
            outputs > 1 ? in<Real>(y_, y_name_.c_str(), {samples, outputs})
                        : in<Real>(y_, y_name_.c_str(), {samples}),
            in<Real>(weights_, weights_name_.c_str(), {samples}),
            static_cast<std::size_t>(samples),
            dimension,
            static_cast<std::size_t>(outputs),
            loss_};
  }

  void name_in(std::vector<Named>& arrays) const {
    arrays.push_back({x_name_.c_str(), x_});
    arrays.push_back({y_name_.c_str(), y_});
    arrays.push_back({weights_name_.c_str(), weights_});
  }

 private:
  explicit TaskArrays(Dictionary given)
      : x_(given.array("x")),
        y_(given.array("y")),
        weights_(given.array("weights")),
        x_name_(given.path("x")),
        y_name_(given.path("y")),
        weights_name_(given.path("weights")) {
    if (given.has("loss")) loss_ = loss(given.take<std::string>("loss"));
    given.require_nothing_else();
  }

  py::array x_, y_, weights_;
  std::string x_name_, y_name_, weights_name_;
  Loss loss_ = Loss::mse;
};

// None for a task that is not there.
inline std::optional<TaskArrays> optional_task(const std::string& name, const py::object& given) {
  if (given.is_none()) return std::nullopt;
  if (!py::isinstance<py::dict>(given))
    throw py::type_error(name + " must be None or a dictionary of x, y and weights");
  return TaskArrays(name, py::reinterpret_borrow<py::dict>(given));
}

}  // namespace ltens::bindings
