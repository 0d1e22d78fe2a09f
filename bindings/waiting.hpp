// Run work on its own thread while the calling thread, which may receive signals, looks after it.
#pragma once

#include <pybind11/pybind11.h>

#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>
#include <utility>

#include "ltens/networks.hpp"
#include "ltens/results.hpp"
#include "ltens/stopping.hpp"
#include "unlocked.hpp"

namespace ltens::bindings {

// A thread that runs `body`; std::bad_alloc, a MemoryError in Python, if the system gives none.
template <class Body>
std::thread started(Body body) {
  try {
    return std::thread(std::move(body));
  } catch (const std::system_error&) {
    throw std::bad_alloc();
  }
}

// Call `work()` without the GIL. Every `interval` seconds the calling thread takes the GIL, lets
// Python handle its signals and calls `tick(done)` unless it is None; a false answer stops the
// work by `control`, an exception stops it and is thrown again once the work has ended. So does the
// end of the interpreter.
template <class Work>
void run_watched(Control& control, const pybind11::object& tick, double interval,
                 const Work& work) {
  namespace py = pybind11;
  std::mutex mutex;
  std::condition_variable ended;
  bool finished = false;
  std::exception_ptr work_failure, tick_failure;

  const auto look = [&] {
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
    if (!tick.is_none() && !tick(control.done.load()).template cast<bool>()) control.stop = true;
  };
  const auto watch = [&] {
    std::unique_lock lock(mutex);
    while (
        !ended.wait_for(lock, std::chrono::duration<double>(interval), [&] { return finished; })) {
      if (tick_failure) continue;
      lock.unlock();
      if (!may_take_gil()) {
        control.stop = true;
      } else {
        {
          const py::gil_scoped_acquire locked;
          try {
            look();
          } catch (...) {
            tick_failure = std::current_exception();
            control.stop = true;
          }
        }
        gil_taken();
      }
      lock.lock();
    }
  };

  {
    const Unlocked unlocked;
    const Running running;
    std::thread worker = started([&] {
      try {
        work();
      } catch (...) {
        work_failure = std::current_exception();
      }
      const std::lock_guard lock(mutex);
      finished = true;
      ended.notify_one();
    });
    watch();
    worker.join();
  }
  if (tick_failure) std::rethrow_exception(tick_failure);
  if (work_failure) std::rethrow_exception(work_failure);
}

// Call `work(stop)`, which loops over data, without the GIL. From so many operations on that it may
// take a tenth of a second it is watched, so that Ctrl-C is answered.
template <class Work>
void run_stoppable(double operations, const Work& work) {
  constexpr double long_work = 1e8;
  if (operations < long_work) {
    const Unlocked unlocked;
    return work(never_stopped);
  }
  Control control;
  run_watched(control, pybind11::none(), 0.05, [&] { work(control.stop); });
}

// Neurons, samples and numbers of each, all together.
template <class Real>
double operations(const Networks<const Real>& networks, std::size_t samples) {
  return static_cast<double>(networks.count * networks.width) * static_cast<double>(samples) *
         static_cast<double>(networks.dimension + networks.outputs);
}

}  // namespace ltens::bindings
