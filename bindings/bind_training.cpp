#include <pybind11/stl.h>

#include <optional>

#include "ltens/trainer.hpp"
#include "module.hpp"
#include "network_arrays.hpp"
#include "waiting.hpp"

namespace ltens::bindings {

namespace {

// Arrays of these names, such as "x", "y", "weights".
struct TaskArrays {
  Named x, y, weights;

  template <class Real>
  Task<Real> view(std::size_t dimension) const {
    const py::ssize_t samples = length(x.array, x.name);
    return {in<Real>(x.array, x.name, {samples, static_cast<py::ssize_t>(dimension)}),
            in<Real>(y.array, y.name, {samples}), in<Real>(weights.array, weights.name, {samples}),
            static_cast<std::size_t>(samples), dimension};
  }
};

// The member of an enumeration whose names are given in its order.
template <class Enum>
Enum named(const std::string& name, std::initializer_list<const char*> names, const char* what) {
  std::uint8_t index = 0;
  for (const char* known : names) {
    if (name == known) return static_cast<Enum>(index);
    ++index;
  }
  throw py::value_error(std::string(what) + " '" + name + "' is not known");
}

Schedule schedule_named(const std::string& name) {
  return named<Schedule>(name, {"step", "cosine", "constant"}, "schedule");
}

Optimizer optimizer_named(const std::string& name) {
  return named<Optimizer>(name, {"adam", "sgd"}, "optimizer");
}

// The same shape of arrays for the tasks that a training is judged on, absent if there are none.
std::optional<Task<double>> judge(const TaskArrays& arrays, std::size_t dimension) {
  if (length(arrays.x.array, arrays.x.name) == 0) return std::nullopt;
  return arrays.view<double>(dimension);
}

void bind_train(py::array w, py::array b, py::array a, py::array c, const std::string& act,
                const py::array& x, const py::array& y, const py::array& weights,
                const py::array& x64, const py::array& y64, const py::array& weights64,
                std::uint64_t steps, double lr, double lr_decay, std::uint64_t lr_decay_every,
                double beta1, double beta2, double epsilon, const std::string& optimizer,
                double momentum, const std::string& schedule, std::uint64_t batch_size,
                std::uint64_t held_out_every, std::uint64_t patience,
                const std::array<double, 4>& lr_factors, const std::string& engine, double rtol,
                int threads, const py::array& checkpoints, py::array loss, py::array history,
                py::array status, py::array steps_done, py::array engine_error, py::array nodes,
                py::array engines, py::array held_out_loss, py::array best_step,
                const py::array& evaluation_x, const py::array& evaluation_y,
                const py::array& evaluation_weights, const py::array& held_out_x,
                const py::array& held_out_y, const py::array& held_out_weights,
                const py::array& key, const py::array& seeds, const py::object& tick,
                double tick_interval) {
  if (held_out_every == 0) throw py::value_error("held_out_every must be at least 1");
  const Training training{steps,      lr,
                          lr_decay,   lr_decay_every,
                          beta1,      beta2,
                          epsilon,    optimizer_named(optimizer),
                          momentum,   schedule_named(schedule),
                          batch_size, held_out_every,
                          patience,   lr_factors};
  for_real(w, "w", [&]<class Real>(Real) {
    const auto networks = Parameters{w, b, a, c}.view<Real>(activation(act));
    const auto task =
        TaskArrays{{"x", x}, {"y", y}, {"weights", weights}}.view<Real>(networks.dimension);
    const auto exact =
        TaskArrays{{"x64", x64}, {"y64", y64}, {"weights64", weights64}}.view<double>(
            networks.dimension);
    const py::ssize_t s = static_cast<py::ssize_t>(networks.count);
    const py::ssize_t k = length(checkpoints, "checkpoints");
    const Outcome outcome{in<std::uint64_t>(checkpoints, "checkpoints", {k}),
                          static_cast<std::size_t>(k),
                          out<double>(loss, "loss", {s}),
                          out<double>(history, "history", {s, k}),
                          out<std::uint8_t>(status, "status", {s}),
                          out<std::uint64_t>(steps_done, "steps_done", {s}),
                          out<double>(engine_error, "engine_error", {s}),
                          out<std::uint64_t>(nodes, "nodes", {s}),
                          out<std::uint8_t>(engines, "engines", {s}),
                          out<double>(held_out_loss, "held_out_loss", {s}),
                          out<std::uint64_t>(best_step, "best_step", {s})};
    const auto evaluation = judge({{"evaluation_x", evaluation_x},
                                   {"evaluation_y", evaluation_y},
                                   {"evaluation_weights", evaluation_weights}},
                                  networks.dimension);
    const auto held_out = judge({{"held_out_x", held_out_x},
                                 {"held_out_y", held_out_y},
                                 {"held_out_weights", held_out_weights}},
                                networks.dimension);
    const Judges judges{evaluation ? &*evaluation : nullptr, held_out ? &*held_out : nullptr};
    const auto* words = in<std::uint64_t>(key, "key", {2});
    const bool labelled = length(seeds, "seeds") > 0;
    const Draws draws{{words[0], words[1]},
                      labelled ? in<std::uint64_t>(seeds, "seeds", {s}) : nullptr};
    require_apart({{"w", w},
                   {"b", b},
                   {"a", a},
                   {"c", c},
                   {"loss", loss},
                   {"history", history},
                   {"status", status},
                   {"steps_done", steps_done},
                   {"engine_error", engine_error},
                   {"nodes", nodes},
                   {"engines", engines},
                   {"held_out_loss", held_out_loss},
                   {"best_step", best_step}},
                  {{"x", x},
                   {"y", y},
                   {"weights", weights},
                   {"x64", x64},
                   {"y64", y64},
                   {"weights64", weights64},
                   {"evaluation_x", evaluation_x},
                   {"evaluation_y", evaluation_y},
                   {"evaluation_weights", evaluation_weights},
                   {"held_out_x", held_out_x},
                   {"held_out_y", held_out_y},
                   {"held_out_weights", held_out_weights},
                   {"key", key},
                   {"seeds", seeds},
                   {"checkpoints", checkpoints}});
    Control control;
    run_watched(control, tick, tick_interval, [&] {
      train(networks, task, exact, training, engine, rtol, threads, control, outcome, judges,
            draws);
    });
  });
}

void bind_loss_and_gradient(py::array w, py::array b, py::array a, py::array c,
                            const std::string& act, const py::array& x, const py::array& y,
                            const py::array& weights, const py::array& x64, const py::array& y64,
                            const py::array& weights64, const std::string& engine, double rtol,
                            int threads, py::array loss, py::array grad_w, py::array grad_b,
                            py::array grad_a, py::array grad_c) {
  for_real(w, "w", [&]<class Real>(Real) {
    const auto networks = Parameters{w, b, a, c}.read_only_view<Real>(activation(act));
    const auto gradient =
        Parameters{grad_w, grad_b, grad_a, grad_c, {"grad_w", "grad_b", "grad_a", "grad_c"}}
            .view<Real>(networks.activation);
    if (gradient.count != networks.count || gradient.width != networks.width ||
        gradient.dimension != networks.dimension)
      throw py::value_error("grad_w must have the shape of w");
    const auto task =
        TaskArrays{{"x", x}, {"y", y}, {"weights", weights}}.view<Real>(networks.dimension);
    const auto exact =
        TaskArrays{{"x64", x64}, {"y64", y64}, {"weights64", weights64}}.view<double>(
            networks.dimension);
    auto* losses = out<double>(loss, "loss", {static_cast<py::ssize_t>(networks.count)});
    require_apart({{"loss", loss},
                   {"grad_w", grad_w},
                   {"grad_b", grad_b},
                   {"grad_a", grad_a},
                   {"grad_c", grad_c}},
                  {{"w", w},
                   {"b", b},
                   {"a", a},
                   {"c", c},
                   {"x", x},
                   {"y", y},
                   {"weights", weights},
                   {"x64", x64},
                   {"y64", y64},
                   {"weights64", weights64}});
    const py::gil_scoped_release unlocked;
    loss_and_gradient(networks, task, exact, engine, rtol, threads, losses, gradient);
  });
}

}  // namespace

void register_training(py::module_& module) {
  using py::arg;
  module.def("train", bind_train, py::kw_only(), arg("w"), arg("b"), arg("a"), arg("c"),
             arg("activation"), arg("x"), arg("y"), arg("weights"), arg("x64"), arg("y64"),
             arg("weights64"), arg("steps"), arg("lr"), arg("lr_decay"), arg("lr_decay_every"),
             arg("beta1"), arg("beta2"), arg("epsilon"), arg("optimizer"), arg("momentum"),
             arg("schedule"), arg("batch_size"), arg("held_out_every"), arg("patience"),
             arg("lr_factors"), arg("engine"), arg("rtol"), arg("threads"), arg("checkpoints"),
             arg("loss"), arg("history"), arg("status"), arg("steps_done"), arg("engine_error"),
             arg("nodes"), arg("engines"), arg("held_out_loss"), arg("best_step"),
             arg("evaluation_x"), arg("evaluation_y"), arg("evaluation_weights"), arg("held_out_x"),
             arg("held_out_y"), arg("held_out_weights"), arg("key"), arg("seeds"),
             arg("tick") = py::none(), arg("tick_interval") = 0.05);
  module.def("loss_and_gradient", bind_loss_and_gradient, py::kw_only(), arg("w"), arg("b"),
             arg("a"), arg("c"), arg("activation"), arg("x"), arg("y"), arg("weights"), arg("x64"),
             arg("y64"), arg("weights64"), arg("engine"), arg("rtol"), arg("threads"), arg("loss"),
             arg("grad_w"), arg("grad_b"), arg("grad_a"), arg("grad_c"));
}

}  // namespace ltens::bindings
