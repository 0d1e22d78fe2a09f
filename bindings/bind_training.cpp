#include <pybind11/stl.h>

#include "ltens/trainer.hpp"
#include "module.hpp"
#include "network_arrays.hpp"
#include "task_arrays.hpp"
#include "training_settings.hpp"
#include "waiting.hpp"

namespace ltens::bindings {

namespace {

// Result as NumPy sees it.
py::dtype result_dtype() {
  py::list names, formats, offsets;
  for (const ResultField& field : result_fields) {
    names.append(field.name);
    formats.append(field.kind + std::to_string(field.size));
    offsets.append(field.offset);
  }
  return py::dtype(names, formats, offsets, sizeof(Result));
}

Result* results_of(py::array& results, py::ssize_t count) {
  check(results, "results", {count}, result_dtype());
  require_writeable(results, "results");
  return static_cast<Result*>(results.mutable_data());
}

// None for an array that is not wanted.
std::optional<py::array> optional_array(const char* name, const py::object& given) {
  if (given.is_none()) return std::nullopt;
  if (!py::isinstance<py::array>(given))
    throw py::type_error(std::string(name) + " must be None or an array");
  return py::reinterpret_borrow<py::array>(given);
}

// For the optional tasks that a training is judged on.
std::optional<Task<double>> view(const std::optional<TaskArrays>& arrays, std::size_t dimension) {
  if (!arrays) return std::nullopt;
  return arrays->view<double>(dimension);
}

void bind_train(py::array w, py::array b, py::array a, py::array c, const std::string& act,
                const py::dict& task, const py::dict& exact, const py::dict& training,
                const std::string& engine, double rtol, int threads, const py::array& checkpoints,
                py::array results, py::array history, const py::object& evaluation,
                const py::object& held_out, const py::array& key, const py::array& seeds,
                const py::object& tick, double tick_interval, const py::object& error_history) {
  const Training settings = training_of(training);
  const TaskArrays trained("task", task), full("exact", exact);
  const auto evaluated = optional_task("evaluation", evaluation);
  const auto unseen = optional_task("held_out", held_out);
  for_real(w, "w", [&]<class Real>(Real) {
    const auto networks = Parameters{w, b, a, c}.view<Real>(activation(act));
    const std::size_t d = networks.dimension;
    const py::ssize_t s = static_cast<py::ssize_t>(networks.count);
    const py::ssize_t k = length(checkpoints, "checkpoints");
    const auto samples = trained.view<Real>(d);
    const auto samples64 = full.view<double>(d);
    const auto other = view(evaluated, d), aside = view(unseen, d);
    auto errors = optional_array("error_history", error_history);
    const Outcome outcome{
        .checkpoints = in<std::uint64_t>(checkpoints, "checkpoints", {k}),
        .checkpoint_count = static_cast<std::size_t>(k),
        .results = results_of(results, s),
        .history = out<double>(history, "history", {s, k}),
        .error_history = errors ? out<double>(*errors, "error_history", {s, k}) : nullptr};
    const auto* words = in<std::uint64_t>(key, "key", {2});
    const bool labelled = length(seeds, "seeds") > 0;
    const Draws draws{.key = {words[0], words[1]},
                      .seeds = labelled ? in<std::uint64_t>(seeds, "seeds", {s}) : nullptr};
    std::vector<Named> read{{"key", key}, {"seeds", seeds}, {"checkpoints", checkpoints}};
    for (const TaskArrays* arrays : {&trained, &full}) arrays->name_in(read);
    for (const auto* arrays : {&evaluated, &unseen})
      if (*arrays) (*arrays)->name_in(read);
    std::vector<Named> written{
        {"w", w}, {"b", b}, {"a", a}, {"c", c}, {"results", results}, {"history", history}};
    if (errors) written.push_back({"error_history", *errors});
    require_apart(written, read);
    const EvaluationTasks tasks{.evaluation = other ? &*other : nullptr,
                                .held_out = aside ? &*aside : nullptr};
    Control control;
    run_watched(control, tick, tick_interval, [&] {
      train(networks, samples, samples64, settings, engine, rtol, threads, control, outcome, tasks,
            draws);
    });
  });
}

void bind_loss_and_gradient(py::array w, py::array b, py::array a, py::array c,
                            const std::string& act, const py::dict& task, const py::dict& exact,
                            const std::string& engine, double rtol, int threads, py::array loss,
                            py::array grad_w, py::array grad_b, py::array grad_a,
                            py::array grad_c) {
  const TaskArrays given("task", task), full("exact", exact);
  for_real(w, "w", [&]<class Real>(Real) {
    const auto networks = Parameters{w, b, a, c}.read_only_view<Real>(activation(act));
    const auto gradient =
        Parameters{grad_w, grad_b, grad_a, grad_c, {"grad_w", "grad_b", "grad_a", "grad_c"}}
            .view<Real>(networks.activation);
    if (gradient.count != networks.count || gradient.width != networks.width ||
        gradient.dimension != networks.dimension)
      throw py::value_error("grad_w must have the shape of w");
    if (gradient.outputs != networks.outputs)
      throw py::value_error("grad_a must have the shape of a");
    const auto samples = given.view<Real>(networks.dimension);
    const auto samples64 = full.view<double>(networks.dimension);
    auto* losses = out<double>(loss, "loss", {static_cast<py::ssize_t>(networks.count)});
    std::vector<Named> read{{"w", w}, {"b", b}, {"a", a}, {"c", c}};
    for (const TaskArrays* arrays : {&given, &full}) arrays->name_in(read);
    require_apart({{"loss", loss},
                   {"grad_w", grad_w},
                   {"grad_b", grad_b},
                   {"grad_a", grad_a},
                   {"grad_c", grad_c}},
                  read);
    // engines may be prepared in thousands of operations for each sample
    const double prepared = 2560 * static_cast<double>(samples.samples);
    run_stoppable(prepared + operations(networks, samples.samples), [&](const auto& stop) {
      loss_and_gradient(networks, samples, samples64, engine, rtol, threads, losses, gradient,
                        stop);
    });
  });
}

}  // namespace

void register_training(py::module_& module) {
  using py::arg;
  module.def("result_dtype", result_dtype);
  module.def("losses",
             [] { return std::vector<std::string>(loss_names().begin(), loss_names().end()); });
  module.def("statuses",
             [] { return std::vector<std::string>(status_names().begin(), status_names().end()); });
  module.def("train", bind_train, py::kw_only(), arg("w"), arg("b"), arg("a"), arg("c"),
             arg("activation"), arg("task"), arg("exact"), arg("training"), arg("engine"),
             arg("rtol"), arg("threads"), arg("checkpoints"), arg("results"), arg("history"),
             arg("evaluation"), arg("held_out"), arg("key"), arg("seeds"), arg("tick") = py::none(),
             arg("tick_interval") = 0.05, arg("error_history") = py::none());
  module.def("loss_and_gradient", bind_loss_and_gradient, py::kw_only(), arg("w"), arg("b"),
             arg("a"), arg("c"), arg("activation"), arg("task"), arg("exact"), arg("engine"),
             arg("rtol"), arg("threads"), arg("loss"), arg("grad_w"), arg("grad_b"), arg("grad_a"),
             arg("grad_c"));
}

}  // namespace ltens::bindings
