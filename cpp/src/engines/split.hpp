// How a batch of networks is dealt to steppers and threads.
#pragma once

#include <algorithm>
#include <cstddef>

namespace ltens {

struct Split {
  std::size_t group;  // networks per stepper
  std::size_t count;  // steppers
  int outer, inner;   // threads over steppers, and inside each

  // Up to `lanes` networks per stepper; with few networks, some for every thread.
  static Split lanes(std::size_t networks, std::size_t lanes, int threads) {
    const auto workers = static_cast<std::size_t>(std::max(1, threads));
    const std::size_t fair = (networks + workers - 1) / workers;
    const std::size_t group = std::max<std::size_t>(1, std::min(lanes, fair));
    return {group, (networks + group - 1) / group, threads, 1};
  }

  // One network per stepper; with fewer networks than threads, all threads inside each.
  static Split one_by_one(std::size_t networks, int threads) {
    const bool inside = networks < static_cast<std::size_t>(std::max(1, threads));
    return {1, networks, inside ? 1 : threads, inside ? threads : 1};
  }
};

}  // namespace ltens
