#include "ltens/results.hpp"

#include "names.hpp"

namespace ltens {

namespace {

constexpr Names<Status, 3> statuses{{"ok", "diverged", "cancelled"}};

}  // namespace

std::span<const std::string_view> status_names() { return statuses.of; }

}  // namespace ltens
