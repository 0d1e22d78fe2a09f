// A dictionary of settings as a Training.
#pragma once

#include <optional>
#include <string>

#include "dictionary.hpp"
#include "ltens/settings.hpp"

namespace ltens::bindings {

// Reads each setting from the key of its name.
struct SettingReader {
  Dictionary& given;

  template <class T>
  void operator()(const char* key, T& value) const {
    value = given.take<T>(key);
  }
  void operator()(const char* key, Optimizer& value) const { named(key, value, optimizer_named); }
  void operator()(const char* key, Schedule& value) const { named(key, value, schedule_named); }

 private:
  template <class Enum, class Find>
  void named(const char* key, Enum& value, const Find& find) const {
    const auto name = given.take<std::string>(key);
    const std::optional<Enum> found = find(name);
    if (!found) throw py::value_error(given.path(key) + " '" + name + "' is not known");
    value = *found;
  }
};

// Numbers that are optional in Python are 0 where they are None.
inline Training training_of(const py::dict& settings) {
  Dictionary given("training", settings);
  Training training;
  for_each_setting(training, SettingReader{given});
  given.require_nothing_else();
  if (training.held_out_every == 0) throw py::value_error("held_out_every must be at least 1");
  if (training.lr_decay_every == 0) throw py::value_error("lr_decay_every must be at least 1");
  return training;
}

}  // namespace ltens::bindings
