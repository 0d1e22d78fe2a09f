// The GIL given away while the core works, and taken back only while there is an interpreter.
#pragma once

#include <pybind11/pybind11.h>

namespace ltens::bindings {

// A thread that asks for the GIL of an interpreter that is ending is ended by it, in the midst of
// C++, which ends the process: so threads ask here first, and the end of the interpreter waits for
// those that were allowed to.

// True if this thread may take the GIL; then it must call `gil_taken`, which waits for nothing,
// once it no longer waits for it.
bool may_take_gil();
void gil_taken();

// A computation that the end of the interpreter should wait for, as long as it takes to stop it.
class Running {
 public:
  Running();
  ~Running();
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
};

// Without the GIL from construction to destruction. In a daemon thread that outlives the
// interpreter the destructor never returns, as in CPython from 3.14 on.
class Unlocked {
 public:
  Unlocked() : state_(PyEval_SaveThread()) {}
  ~Unlocked();
  Unlocked(const Unlocked&) = delete;
  Unlocked& operator=(const Unlocked&) = delete;

 private:
  PyThreadState* state_;
};

// Make the end of the interpreter wait as described.
void register_exit();

}  // namespace ltens::bindings
