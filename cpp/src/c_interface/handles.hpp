// What the handles of the C interface stand for.
#pragma once

#include <cstdint>
#include <limits>
#include <variant>
#include <vector>

#include "guarded.hpp"
#include "ltens/networks.hpp"
#include "ltens/settings.hpp"
#include "ltens/task.hpp"

namespace ltens::c_interface {

// First in every handle, so that one of another kind is told apart.
enum class Kind : std::uint64_t {
  networks = 0x6c74656e736e6574,
  task = 0x6c74656e73746173,
  training = 0x6c74656e73747261,
};

template <class Handle>
Handle& opened(Handle* handle, const char* argument) {
  require(handle != nullptr, std::string(argument) + " is null, but must be a handle");
  require(handle->kind == Handle::its_kind,
          std::string(argument) + " is not a handle of its kind, or was freed");
  return *handle;
}

// The product of sizes; std::bad_alloc if there is no memory that large.
inline std::size_t product(std::size_t a, std::size_t b) {
  if (b != 0 && a > std::numeric_limits<std::size_t>::max() / 16 / b) throw std::bad_alloc();
  return a * b;
}

inline void require_size(std::size_t size, std::size_t wanted, const char* argument) {
  require(size == wanted, "size is " + std::to_string(size) + ", but " + argument + " holds " +
                              std::to_string(wanted) + " number(s)");
}

template <class Real>
struct Parameters {
  std::vector<Real> w, b, a, c;
};

}  // namespace ltens::c_interface

struct ltens_networks {
  static constexpr auto its_kind = ltens::c_interface::Kind::networks;
  ltens::c_interface::Kind kind = its_kind;
  std::size_t count, width, dimension;
  ltens::Activation activation;
  std::variant<ltens::c_interface::Parameters<float>, ltens::c_interface::Parameters<double>>
      values;
  std::vector<std::uint64_t> seeds;
  ltens::PhiloxKey key;

  template <class Real>
  ltens::Networks<Real> view(ltens::c_interface::Parameters<Real>& p) const {
    return {.w = p.w.data(),
            .b = p.b.data(),
            .a = p.a.data(),
            .c = p.c.data(),
            .count = count,
            .width = width,
            .dimension = dimension,
            .activation = activation};
  }
  template <class Real>
  ltens::ConstNetworks<Real> view(const ltens::c_interface::Parameters<Real>& p) const {
    return {.w = p.w.data(),
            .b = p.b.data(),
            .a = p.a.data(),
            .c = p.c.data(),
            .count = count,
            .width = width,
            .dimension = dimension,
            .activation = activation};
  }
};

struct ltens_task {
  static constexpr auto its_kind = ltens::c_interface::Kind::task;
  ltens::c_interface::Kind kind = its_kind;
  std::size_t samples, dimension;
  std::vector<double> x64, y64, weights64;
  std::vector<float> x32, y32, weights32;
  bool fits_float32;

  template <class Real>
  ltens::Task<Real> view() const;
};

template <>
inline ltens::Task<float> ltens_task::view<float>() const {
  return {.x = x32.data(),
          .y = y32.data(),
          .weights = weights32.data(),
          .samples = samples,
          .dimension = dimension};
}

template <>
inline ltens::Task<double> ltens_task::view<double>() const {
  return {.x = x64.data(),
          .y = y64.data(),
          .weights = weights64.data(),
          .samples = samples,
          .dimension = dimension};
}

struct ltens_training {
  static constexpr auto its_kind = ltens::c_interface::Kind::training;
  ltens::c_interface::Kind kind = its_kind;
  ltens::Training settings;
};
