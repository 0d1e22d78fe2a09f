// Nothing is thrown across the C interface: what is thrown becomes a status and a sentence.
#pragma once

#include <exception>
#include <new>
#include <stdexcept>
#include <string>

#include "ltens.h"

namespace ltens::c_interface {

ltens_status failed(ltens_status status, const char* sentence) noexcept;

template <class Call>
ltens_status guarded(const Call& call) noexcept {
  try {
    return call();
  } catch (const std::invalid_argument& error) {
    return failed(LTENS_BAD_ARGUMENT, error.what());
  } catch (const std::bad_alloc&) {
    return failed(LTENS_OUT_OF_MEMORY, "there is not enough memory for this");
  } catch (const std::length_error&) {
    return failed(LTENS_OUT_OF_MEMORY, "there is not enough memory for this");
  } catch (const std::exception& error) {
    return failed(LTENS_FAILED, error.what());
  } catch (...) {
    return failed(LTENS_FAILED, "the reason is not known");
  }
}

inline void require(bool holds, const std::string& otherwise) {
  if (!holds) throw std::invalid_argument(otherwise);
}

// A string of the caller, not null.
inline std::string text(const char* given, const char* argument) {
  require(given != nullptr, std::string(argument) + " is null, but must be a name");
  return given;
}

}  // namespace ltens::c_interface
