#include "ltens/task.hpp"

#include "names.hpp"

namespace ltens {

namespace {

constexpr Names<Loss, 3> losses{{"mse", "cross_entropy", "logistic"}};

}  // namespace

std::span<const std::string_view> loss_names() { return losses.of; }
std::optional<Loss> loss_named(std::string_view name) { return losses.find(name); }

}  // namespace ltens
