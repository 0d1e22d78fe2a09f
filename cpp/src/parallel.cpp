#include "parallel.hpp"

#include <omp.h>
#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <exception>

namespace ltens {

namespace {

std::atomic<bool> in_forked_child{false};

const int fork_handler = pthread_atfork(nullptr, nullptr, [] { in_forked_child = true; });

int usable(int threads) { return fork_handler != 0 || in_forked_child ? 1 : std::max(1, threads); }

}  // namespace

void parallel_for(int threads, std::size_t count, const std::function<void(std::size_t)>& body) {
  std::exception_ptr failure;
  std::atomic<bool> failed{false};
  const auto guarded = [&](std::size_t i) noexcept {
    if (failed) return;
    try {
      body(i);
    } catch (...) {
      if (!failed.exchange(true)) failure = std::current_exception();
    }
  };
  const int team =
      std::min(usable(threads), static_cast<int>(std::min<std::size_t>(count, 1 << 16)));
  if (team <= 1) {
    for (std::size_t i = 0; i < count; ++i) guarded(i);
  } else {
#pragma omp parallel for num_threads(team) schedule(dynamic, 1)
    for (std::size_t i = 0; i < count; ++i) guarded(i);
  }
  if (failure) std::rethrow_exception(failure);
}

void parallel_team(int threads, const std::function<void(int, int)>& body) {
  const int team = usable(threads);
  if (team == 1) return body(0, 1);
#pragma omp parallel num_threads(team)
  body(omp_get_thread_num(), omp_get_num_threads());
}

void team_barrier() {
#pragma omp barrier
}

}  // namespace ltens
