// Teams of OpenMP threads, the default.
#include <omp.h>
#include <pthread.h>

#include <atomic>
#include <optional>

#include "barrier.hpp"
#include "parallel.hpp"

namespace ltens {

namespace {

std::atomic<bool> in_forked_child{false};

const int fork_handler = pthread_atfork(nullptr, nullptr, [] { in_forked_child = true; });

thread_local Barrier* team = nullptr;  // of the team that this thread works in

}  // namespace

// Serial in a forked child, where the OpenMP runtime of the parent would hang.
void parallel_team(int threads, const std::function<void(int, int)>& body) {
  if (threads <= 1 || fork_handler != 0 || in_forked_child) return body(0, 1);
  std::optional<Barrier> barrier;
#pragma omp parallel num_threads(threads)
  {
#pragma omp single
    barrier.emplace(omp_get_num_threads());
    Barrier* const outer = team;
    team = &*barrier;
    body(omp_get_thread_num(), omp_get_num_threads());
    team = outer;
  }
}

// Not that of OpenMP, whose runtime spins for milliseconds.
void team_barrier() {
  if (team != nullptr) team->arrive_and_wait();
}

}  // namespace ltens
