// What this CPU and its operating system let a program use.
#pragma once

#if defined(__x86_64__)

#include <cpuid.h>

#include <cstdint>

namespace ltens::simd {

struct CpuFeatures {
  bool v3 = false;  // AVX2 and FMA
  bool v4 = false;  // and AVX-512 F, DQ, BW, VL
};

// Asked of the CPU itself: __builtin_cpu_supports needs a compiler's runtime library, and some
// (that of `zig c++`) answer no to everything.
inline CpuFeatures cpu_features() {
  std::uint32_t a = 0, b = 0, c = 0, d = 0;
  const auto bits = [](std::uint32_t word, std::uint32_t wanted) {
    return (word & wanted) == wanted;
  };
  const std::uint32_t fma = 1u << 12, saves_state = 1u << 27, avx = 1u << 28;
  if (__get_cpuid(1, &a, &b, &c, &d) == 0 || !bits(c, fma | saves_state | avx)) return {};
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return {};
  const std::uint32_t avx2 = 1u << 5, avx512 = 1u << 16 | 1u << 17 | 1u << 30 | 1u << 31;
  const std::uint32_t found = b;
  std::uint32_t saved = 0, high = 0;  // registers that the operating system saves
  asm volatile("xgetbv" : "=a"(saved), "=d"(high) : "c"(0));
  const bool v3 = bits(found, avx2) && bits(saved, 0x06);
  return {v3, v3 && bits(found, avx512) && bits(saved, 0xe6)};
}

}  // namespace ltens::simd

#endif
