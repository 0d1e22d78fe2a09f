#include "dispatch.hpp"

#include <cstdlib>
#include <stdexcept>
#include <string_view>

#include "cpu_features.hpp"

namespace ltens::simd {

#if defined(__x86_64__)
extern const KernelTable kernels_baseline, kernels_v3, kernels_v4;
#elif defined(__aarch64__)
extern const KernelTable kernels_neon;
#else
extern const KernelTable kernels_generic;
#endif

namespace {

struct Candidate {
  const KernelTable* table;
  bool supported;
};

// Best first.
std::vector<Candidate> candidates() {
#if defined(__x86_64__)
  const auto [v3, v4] = cpu_features();
  return {{&kernels_v4, v4}, {&kernels_v3, v3}, {&kernels_baseline, true}};
#elif defined(__aarch64__)
  return {{&kernels_neon, true}};
#else
  return {{&kernels_generic, true}};
#endif
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// The best table, or the one of that name if it is not empty; null if there is none.
const KernelTable* found(std::string_view name) {
  for (const auto& candidate : candidates())
    if (candidate.supported && (name.empty() || name == candidate.table->name))
      return candidate.table;
  return nullptr;
}

const KernelTable& chosen() {
  const char* forced = std::getenv("LTENS_SIMD");
  const std::string_view name = forced == nullptr ? "" : forced;
  if (const auto* table = found(name)) return *table;
  throw std::runtime_error("LTENS_SIMD='" + std::string(name) +
                           "' is not an instruction set of this build and CPU; use one of " +
                           joined(supported()) + ", or unset it");
}

}  // namespace

std::vector<std::string> compiled() {
  std::vector<std::string> names;
  for (const auto& candidate : candidates()) names.emplace_back(candidate.table->name);
  return names;
}

std::vector<std::string> supported() {
  std::vector<std::string> names;
  for (const auto& candidate : candidates())
    if (candidate.supported) names.emplace_back(candidate.table->name);
  return names;
}

const KernelTable& named(std::string_view name) {
  if (const auto* table = name.empty() ? nullptr : found(name)) return *table;
  throw std::runtime_error("'" + std::string(name) +
                           "' is not an instruction set of this build and CPU; use one of " +
                           joined(supported()));
}

const KernelTable& active() {
  static const KernelTable& table = chosen();
  return table;
}

template <>
const VectorKernels<float>& vectors<float>() {
  return active().vectors32;
}

template <>
const VectorKernels<double>& vectors<double>() {
  return active().vectors64;
}

template <>
const DenseKernels<float>& dense<float>() {
  return active().dense32;
}

template <>
const DenseKernels<double>& dense<double>() {
  return active().dense64;
}

template <>
const OutputKernels<float>& outputs<float>() {
  return active().outputs32;
}

template <>
const OutputKernels<double>& outputs<double>() {
  return active().outputs64;
}

template <>
const ElementaryKernels<float>& elementary<float>() {
  return active().elementary32;
}

template <>
const ElementaryKernels<double>& elementary<double>() {
  return active().elementary64;
}

template <>
const PiecewiseKernels<float>& piecewise<float>() {
  return active().piecewise32;
}

template <>
const PiecewiseKernels<double>& piecewise<double>() {
  return active().piecewise64;
}

template <>
const ProbeKernels<float>& probes<float>() {
  return active().probe32;
}

template <>
const ProbeKernels<double>& probes<double>() {
  return active().probe64;
}

}  // namespace ltens::simd
