// Teams of OpenMP threads, the default.
#include <omp.h>
#include <pthread.h>

#include <atomic>

#include "parallel.hpp"

namespace ltens {

namespace {

std::atomic<bool> in_forked_child{false};

const int fork_handler = pthread_atfork(nullptr, nullptr, [] { in_forked_child = true; });

}  // namespace

// Serial in a forked child, where the OpenMP runtime of the parent would hang.
void parallel_team(int threads, const std::function<void(int, int)>& body) {
  if (threads <= 1 || fork_handler != 0 || in_forked_child) return body(0, 1);
#pragma omp parallel num_threads(threads)
  body(omp_get_thread_num(), omp_get_num_threads());
}

void team_barrier() {
#pragma omp barrier
}

}  // namespace ltens
