#include "parallel.hpp"

#include <algorithm>
#include <atomic>
#include <exception>

namespace ltens {

void parallel_for(int threads, std::size_t count, const std::function<void(std::size_t)>& body) {
  std::exception_ptr failure;
  std::atomic<bool> failed{false};
  std::atomic<std::size_t> next{0};
  const auto work = [&](int, int) noexcept {
    for (std::size_t i = next++; i < count && !failed; i = next++) {
      try {
        body(i);
      } catch (...) {
        if (!failed.exchange(true)) failure = std::current_exception();
      }
    }
  };
  const int team = std::min(threads, static_cast<int>(std::min<std::size_t>(count, 1 << 16)));
  if (team <= 1)
    work(0, 1);
  else
    parallel_team(team, work);
  if (failure) std::rethrow_exception(failure);
}

}  // namespace ltens
