#include "ltens/build_info.hpp"

#include <Eigen/Core>

#include "simd/dispatch.hpp"

namespace ltens {

namespace {

std::string compiler() {
#if defined(__clang__)
  return "Clang " __clang_version__;
#elif defined(__GNUC__)
  return "GCC " __VERSION__;
#else
  return "unknown";
#endif
}

}  // namespace

BuildInfo build_info() {
  const auto number = [](int n) { return std::to_string(n); };
  return {LTENS_VERSION,
          compiler(),
          LTENS_BUILD_TYPE,
          number(EIGEN_WORLD_VERSION) + "." + number(EIGEN_MAJOR_VERSION) + "." +
              number(EIGEN_MINOR_VERSION),
#ifdef _OPENMP
          _OPENMP,
#else
          0,
#endif
          simd::compiled(),
          simd::supported(),
          simd::active().name,
          simd::active().numerics_id};
}

}  // namespace ltens
