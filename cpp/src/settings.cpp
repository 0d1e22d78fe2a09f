#include "ltens/settings.hpp"

#include "names.hpp"

namespace ltens {

namespace {

constexpr Names<Optimizer, 4> optimizers{{"adam", "sgd", "adamw", "sign"}};
constexpr Names<Schedule, 5> schedules{{"step", "cosine", "constant", "wsd", "power"}};

}  // namespace

std::span<const std::string_view> optimizer_names() { return optimizers.of; }
std::optional<Optimizer> optimizer_named(std::string_view name) { return optimizers.find(name); }

std::span<const std::string_view> schedule_names() { return schedules.of; }
std::optional<Schedule> schedule_named(std::string_view name) { return schedules.find(name); }

}  // namespace ltens
