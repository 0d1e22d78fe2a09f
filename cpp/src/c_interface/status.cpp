#include "guarded.hpp"
#include "ltens/build_info.hpp"

namespace ltens::c_interface {

namespace {

thread_local std::string last_error;

}  // namespace

ltens_status failed(ltens_status status, const char* sentence) noexcept {
  try {
    last_error = sentence;
  } catch (...) {  // no memory for the sentence: the status has to do
    last_error.clear();
  }
  return status;
}

}  // namespace ltens::c_interface

const char* ltens_last_error(void) { return ltens::c_interface::last_error.c_str(); }

const char* ltens_version(void) { return LTENS_VERSION; }

int ltens_numerics_version(void) { return ltens::numerics_version; }
