// A dictionary of settings as a Training.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "dictionary.hpp"
#include "ltens/settings.hpp"

namespace ltens::bindings {

template <class Enum>
Enum member(const std::optional<Enum>& found, const std::string& what, const std::string& name) {
  if (!found) throw py::value_error(what + " '" + name + "' is not known");
  return *found;
}

// Numbers that are optional in Python are 0 where they are None.
inline Training training_of(const py::dict& settings) {
  Dictionary given("training", settings);
  const auto optimizer = given.take<std::string>("optimizer");
  const auto schedule = given.take<std::string>("schedule");
  const Training training{
      .steps = given.take<std::uint64_t>("steps"),
      .lr = given.take<double>("lr"),
      .lr_decay = given.take<double>("lr_decay"),
      .lr_decay_every = given.take<std::uint64_t>("lr_decay_every"),
      .beta1 = given.take<double>("beta1"),
      .beta2 = given.take<double>("beta2"),
      .epsilon = given.take<double>("epsilon"),
      .optimizer = member(optimizer_named(optimizer), given.path("optimizer"), optimizer),
      .momentum = given.take<double>("momentum"),
      .schedule = member(schedule_named(schedule), given.path("schedule"), schedule),
      .batch_size = given.take<std::uint64_t>("batch_size"),
      .held_out_every = given.take<std::uint64_t>("held_out_every"),
      .patience = given.take<std::uint64_t>("patience"),
      .lr_factors = given.take<std::array<double, 4>>("lr_factors"),
  };
  given.require_nothing_else();
  if (training.held_out_every == 0) throw py::value_error("held_out_every must be at least 1");
  if (training.lr_decay_every == 0) throw py::value_error("lr_decay_every must be at least 1");
  return training;
}

}  // namespace ltens::bindings
