// One instruction set's table of kernels. Compiled once per set, with LTENS_SIMD its name.
#include "dense_narrow.hpp"
#include "dense_wide.hpp"
#include "elementary_kernels.hpp"
#include "kernel_table.hpp"
#include "optimisers.hpp"
#include "outputs.hpp"
#include "piecewise_narrow.hpp"
#include "piecewise_wide.hpp"
#include "probe.hpp"

#define LTENS_JOIN_(a, b) a##b
#define LTENS_JOIN(a, b) LTENS_JOIN_(a, b)
#define LTENS_TEXT_(a) #a
#define LTENS_TEXT(a) LTENS_TEXT_(a)

namespace {

using ltens::simd::ActivationKernels;
using ltens::simd::DenseKernels;
using ltens::simd::HingeKernels;
using ltens::simd::OutputKernels;
using ltens::simd::PiecewiseKernels;
using ltens::simd::VectorKernels;

template <template <class> class Act, class Real>
constexpr ActivationKernels<Real> kernels_of = {
    narrow_gradient<Act, Real>, narrow_values<Act, Real>, wide_values<Act, Real>,
    wide_gradient<Act, Real>,   finish<Act, Real>,
};

template <class Real>
constexpr VectorKernels<Real> vectors = {lanes<Real>,      add<Real>,  adam<Real>,
                                         sgd<Real>,        sign<Real>, add_multiple<Real>,
                                         gather_rows<Real>};

template <class Real, template <class> class... Act>
constexpr DenseKernels<Real> dense_of(List<Act...>) {
  return {narrow_block,
          narrow_block * most_kept_reals<Real, Act...>,
          wide_samples * most_kept_reals<Real, Act...>,
          {kernels_of<Act, Real>...}};
}

template <class Real>
constexpr OutputKernels<Real> outputs_kernels = {
    hidden<Real>,         narrow_values_of<Real>, narrow_residuals<Real>,   gradient_of<Real, true>,
    wide_values_of<Real>, wide_residuals<Real>,   gradient_of<Real, false>, losses<Real>,
};

template <template <class> class Act, class Real>
constexpr HingeKernels<Real> hinges_of = [] {
  if constexpr (Act<Real>::piecewise_linear)
    return HingeKernels<Real>{piecewise_narrow<Act, Real>, piecewise_wide<Act, Real>};
  return HingeKernels<Real>{};
}();

template <class Real, template <class> class... Act>
constexpr PiecewiseKernels<Real> piecewise_of(List<Act...>) {
  return {narrow_sums, narrow_tile, {hinges_of<Act, Real>...}};
}

}  // namespace

namespace ltens::simd {

extern const KernelTable LTENS_JOIN(kernels_, LTENS_SIMD);
const KernelTable LTENS_JOIN(kernels_, LTENS_SIMD) = {
    LTENS_TEXT(LTENS_SIMD),
#if defined(__FMA__) || defined(__AVX512F__) || defined(__aarch64__)
    "fma",
#else
    "no-fma",
#endif
    vectors<float>,
    vectors<double>,
    dense_of<float>(Activations{}),
    dense_of<double>(Activations{}),
    outputs_kernels<float>,
    outputs_kernels<double>,
    elementary_of<float>(Activations{}),
    elementary_of<double>(Activations{}),
    piecewise_of<float>(Activations{}),
    piecewise_of<double>(Activations{}),
    {probe<float>},
    {probe<double>},
};

}  // namespace ltens::simd
