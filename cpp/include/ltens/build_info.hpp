// What this build is and what it runs on.
#pragma once

#include <string>
#include <vector>

namespace ltens {

// Part of every stored result: raised when the same configuration gives other bits.
inline constexpr int numerics_version = 3;

struct BuildInfo {
  std::string version, compiler, build_type, eigen;
  int openmp;  // the date of the OpenMP specification, 0 without OpenMP
  std::vector<std::string> simd_compiled, simd_supported;
  std::string simd_active, numerics_id;
};

// Throws std::runtime_error if LTENS_SIMD names an instruction set that cannot be used.
BuildInfo build_info();

}  // namespace ltens
