// Where the members of a team meet: a short spin, then sleep.
//
// Meetings are some 100 microseconds apart, so a member that is waited for usually comes while the
// others spin. On a loaded machine it may have lost its core: then spinning would keep that core
// from it, and the others sleep until it comes.
#pragma once

#include <atomic>
#include <cstdint>

namespace ltens {

class Barrier {
 public:
  explicit Barrier(int size) : size_(size) {}

  void arrive_and_wait() {
    const std::uint32_t meeting = meeting_.load(std::memory_order_relaxed);
    if (arrived_.fetch_add(1, std::memory_order_acq_rel) + 1 == size_) {
      arrived_.store(0, std::memory_order_relaxed);
      meeting_.store(meeting + 1, std::memory_order_release);
      meeting_.notify_all();
      return;
    }
    for (int i = 0; i < spins; ++i) {
      if (meeting_.load(std::memory_order_acquire) != meeting) return;
      pause();
    }
    while (meeting_.load(std::memory_order_acquire) == meeting)
      meeting_.wait(meeting, std::memory_order_acquire);
  }

 private:
  static constexpr int spins = 1000;  // 20 to 50 microseconds

  static void pause() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("isb");
#endif
  }

  const int size_;
  std::atomic<int> arrived_{0};
  std::atomic<std::uint32_t> meeting_{0};
};

}  // namespace ltens
