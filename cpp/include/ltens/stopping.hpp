// How work is stopped from another thread: it looks at a flag every few milliseconds.
#pragma once

#include <atomic>
#include <cstddef>
#include <exception>

namespace ltens {

// Thrown by what was stopped half-way; what it should have written is then not to be used.
struct Stopped : std::exception {
  const char* what() const noexcept override { return "stopped"; }
};

inline const std::atomic<bool> never_stopped{false};

inline void throw_if(const std::atomic<bool>& stop) {
  if (stop.load(std::memory_order_relaxed)) throw Stopped();
}

// For loops over single samples: looks once in 4096 calls.
class SeldomLook {
 public:
  explicit SeldomLook(const std::atomic<bool>& stop) : stop_(stop) {}
  void operator()() {
    if (++calls_ % 4096 == 0) throw_if(stop_);
  }

 private:
  const std::atomic<bool>& stop_;
  std::size_t calls_ = 0;
};

}  // namespace ltens
