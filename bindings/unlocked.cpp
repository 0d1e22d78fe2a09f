#include "unlocked.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <new>
#include <thread>

namespace ltens::bindings {

namespace {

constexpr auto patience = std::chrono::seconds(2);

struct Exit {
  std::mutex mutex;
  std::condition_variable changed;
  bool closing = false;
  std::thread::id closer;  // goes on: functions registered with atexit may still compute
  int taking = 0;          // threads that wait for the GIL, or call Python from a computation
  int running = 0;
};

Exit& state() {
  static Exit& kept = *new Exit;  // never destroyed: threads may look at it to the very end
  return kept;
}

// The threads of the parent do not exist in a forked child.
void forget() { new (&state()) Exit; }

void close() {
  const pybind11::gil_scoped_release unlocked;
  Exit& exit = state();
  std::unique_lock lock(exit.mutex);
  exit.closing = true;
  exit.closer = std::this_thread::get_id();
  exit.changed.wait_for(lock, patience, [&] { return exit.taking <= 0 && exit.running <= 0; });
}

[[noreturn]] void wait_for_the_end_of_the_process() {
  for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
}

void count(int Exit::* counter, int by) {
  Exit& exit = state();
  const std::lock_guard lock(exit.mutex);
  exit.*counter += by;
  exit.changed.notify_all();
}

}  // namespace

bool may_take_gil() {
  Exit& exit = state();
  const std::lock_guard lock(exit.mutex);
  if (exit.closing && exit.closer != std::this_thread::get_id()) return false;
  ++exit.taking;
  return true;
}

void gil_taken() { count(&Exit::taking, -1); }

Running::Running() { count(&Exit::running, 1); }

Running::~Running() { count(&Exit::running, -1); }

Unlocked::~Unlocked() {
  if (!may_take_gil()) wait_for_the_end_of_the_process();
  PyEval_RestoreThread(state_);
  gil_taken();
}

void register_exit() {
  namespace py = pybind11;
  {
    const std::lock_guard lock(state().mutex);
    state().closing = false;
  }
  py::module_::import("atexit").attr("register")(py::cpp_function(close));
  const auto os = py::module_::import("os");
  if (py::hasattr(os, "register_at_fork"))
    os.attr("register_at_fork")(py::arg("after_in_child") = py::cpp_function(forget));
}

}  // namespace ltens::bindings
