// Teams of OpenMP threads, the default.
#include <omp.h>
#include <pthread.h>
#ifdef __linux__
#include <sched.h>
#endif

#include <atomic>
#include <latch>
#include <optional>
#include <thread>
#include <vector>

#include "barrier.hpp"
#include "ltens/threads.hpp"
#include "parallel.hpp"

namespace ltens {

namespace {

std::atomic<bool> in_forked_child{false};

const int fork_handler = pthread_atfork(nullptr, nullptr, [] { in_forked_child = true; });

thread_local Barrier* team = nullptr;  // of the team that this thread works in

// True if the system gives `number` threads more. OpenMP runtimes end the process where it does
// not, so this is found out with threads that do nothing, once for each thread that leads teams.
bool can_start(int number) {
  thread_local int started = 0;
  if (number <= started) return true;
  std::latch all_there{1};
  std::vector<std::thread> idle;
  idle.reserve(static_cast<std::size_t>(number));
  bool there = true;
  try {
    while (idle.size() < idle.capacity()) idle.emplace_back([&] { all_there.wait(); });
  } catch (...) {  // std::system_error, or no memory for the thread's own
    there = false;
  }
  all_there.count_down();
  for (auto& thread : idle) thread.join();
  if (there) started = number;
  return there;
}

}  // namespace

// Alone where the system does not give so many threads: no result depends on their number.
// Serial in a forked child, where the OpenMP runtime of the parent would hang.
void parallel_team(int threads, const std::function<void(int, int)>& body) {
  if (threads <= 1 || fork_handler != 0 || in_forked_child) return body(0, 1);
  if (team == nullptr && !can_start(threads)) return body(0, 1);
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

void unbind_this_thread() {
#ifdef __linux__
  if (omp_get_proc_bind() == omp_proc_bind_false) return;
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  for (int place = 0; place < omp_get_num_places(); ++place) {
    std::vector<int> ids(static_cast<std::size_t>(omp_get_place_num_procs(place)));
    omp_get_place_proc_ids(place, ids.data());
    for (const int id : ids)
      if (id < CPU_SETSIZE) CPU_SET(static_cast<std::size_t>(id), &cpus);
  }
  if (CPU_COUNT(&cpus) > 0) sched_setaffinity(0, sizeof cpus, &cpus);
#endif
}

}  // namespace ltens
