#include <algorithm>
#include <cmath>
#include <memory>
#include <string_view>

#include "handles.hpp"

namespace ltens::c_interface {

namespace {

// The numbers a setting may have: the limits of ltens.Training in Python.
void require_allowed(std::string_view name, double value) {
  const auto one_of = [&](std::initializer_list<std::string_view> names) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  const std::string is = std::string(name) + " is " + std::to_string(value) + ", but must be ";
  require(std::isfinite(value), is + "finite");
  if (one_of({"lr", "lr_decay", "epsilon", "lr_power", "lr_power_time"}))
    require(value > 0, is + "above 0");
  if (one_of({"lr_decay_every", "held_out_every"})) require(value >= 1, is + "at least 1");
  if (one_of({"beta1", "beta2", "momentum"}))
    require(0 <= value && value < 1, is + "at least 0 and below 1");
  if (one_of({"lr_floor", "cooldown"}))
    require(0 <= value && value <= 1, is + "at least 0 and at most 1");
  if (name == "lr_factors") require(value >= 0, is + "at least 0");
}

// Writes the values to the setting of a name.
struct NumberWriter {
  std::string_view wanted;
  const double* values;
  std::size_t size;
  bool& found;

  void operator()(const char* name, double& setting) const {
    if (is(name, 1)) setting = values[0];
  }
  void operator()(const char* name, std::uint64_t& setting) const {
    if (!is(name, 1)) return;
    require(values[0] >= 0 && values[0] <= 9007199254740992.0 && values[0] == std::floor(values[0]),
            std::string(name) + " is " + std::to_string(values[0]) +
                ", but must be an integer of at least 0 and at most 2^53");
    setting = static_cast<std::uint64_t>(values[0]);
  }
  void operator()(const char* name, std::array<double, 4>& setting) const {
    if (is(name, 4)) std::copy(values, values + 4, setting.begin());
  }
  template <class Other>
  void operator()(const char* name, Other&) const {
    require(name != wanted, std::string(name) + " is chosen by name: use ltens_training_choose");
  }

 private:
  bool is(const char* name, std::size_t wanted_size) const {
    if (name != wanted) return false;
    require_size(size, wanted_size, name);
    for (std::size_t i = 0; i < size; ++i) require_allowed(wanted, values[i]);
    return found = true;
  }
};

template <class Enum, class Find>
Enum named(const char* setting, const std::string& value, const Find& find) {
  const auto found = find(value);
  require(found.has_value(), std::string(setting) + " '" + value + "' is not known");
  return *found;
}

}  // namespace

}  // namespace ltens::c_interface

using namespace ltens::c_interface;

ltens_status ltens_training_create(ltens_training** training) {
  return guarded([&] {
    require(training != nullptr, "training is null, but must be where the handle goes");
    *training = std::make_unique<ltens_training>().release();
    return LTENS_OK;
  });
}

ltens_status ltens_training_set(ltens_training* training, const char* name, const double* values,
                                size_t size) {
  return guarded([&] {
    auto& handle = opened(training, "training");
    const std::string wanted = text(name, "name");
    require(values != nullptr && size > 0, "values is null or empty");
    bool found = false;
    ltens::Training changed = handle.settings;
    for_each_setting(changed, NumberWriter{wanted, values, size, found});
    require(found, "name '" + wanted + "' is no setting");
    handle.settings = changed;
    return LTENS_OK;
  });
}

ltens_status ltens_training_choose(ltens_training* training, const char* name, const char* value) {
  return guarded([&] {
    auto& settings = opened(training, "training").settings;
    const std::string setting = text(name, "name"), chosen = text(value, "value");
    if (setting == "optimizer")
      settings.optimizer = named<ltens::Optimizer>("optimizer", chosen, ltens::optimizer_named);
    else if (setting == "schedule")
      settings.schedule = named<ltens::Schedule>("schedule", chosen, ltens::schedule_named);
    else
      throw std::invalid_argument("name is '" + setting + "', but must be optimizer or schedule");
    return LTENS_OK;
  });
}

void ltens_training_free(ltens_training* training) {
  if (training == nullptr || training->kind != ltens_training::its_kind) return;
  training->kind = {};
  delete training;
}
