// Teams of std::thread (LTENS_OPENMP=OFF): for platforms without OpenMP, and for ThreadSanitizer,
// which cannot see the synchronisation inside an OpenMP runtime that is not built for it.
#include <latch>
#include <optional>
#include <thread>
#include <vector>

#include "barrier.hpp"
#include "ltens/threads.hpp"
#include "parallel.hpp"

namespace ltens {

namespace {

thread_local Barrier* team = nullptr;  // of the team that this thread works in

void join_in(Barrier& barrier, int member, int size, const std::function<void(int, int)>& body) {
  team = &barrier;
  body(member, size);
  team = nullptr;
}

}  // namespace

// A member of a team that asks for a team works alone, as with OpenMP.
void parallel_team(int threads, const std::function<void(int, int)>& body) {
  if (threads <= 1 || team != nullptr) return body(0, 1);
  std::latch counted{1};  // opened once it is known how many threads could be had
  std::optional<Barrier> barrier;
  int size = 1;
  std::vector<std::thread> others;
  others.reserve(static_cast<std::size_t>(threads - 1));
  try {
    for (int member = 1; member < threads; ++member, ++size)
      others.emplace_back([&, member] {
        counted.wait();
        join_in(*barrier, member, size, body);
      });
  } catch (...) {
    // std::system_error, or no memory: the system gives no more threads: the work is shared by
    // those that are there.
  }
  barrier.emplace(size);
  counted.count_down();
  join_in(*barrier, 0, size, body);
  for (auto& thread : others) thread.join();
}

void team_barrier() {
  if (team != nullptr) team->arrive_and_wait();
}

// Nobody has bound it.
void unbind_this_thread() {}

}  // namespace ltens
