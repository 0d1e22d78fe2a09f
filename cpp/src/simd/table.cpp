// One instruction set's table of kernels. Compiled once per set, with LTENS_SIMD its name.
#include "dense.hpp"
#include "elementary_kernels.hpp"
#include "kernel_table.hpp"
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
using ltens::simd::PiecewiseKernels;

template <template <class> class Act, class Real>
constexpr ActivationKernels<Real> kernels_of = {
    narrow_gradient<Act, Real>, narrow_values<Act, Real>, wide_values<Act, Real>,
    wide_gradient<Act, Real>,   finish<Act, Real>,
};

// In the order of ltens::Activation.
template <class Real>
constexpr DenseKernels<Real> dense = {
    lanes<Real>,
    narrow_block,
    2 * narrow_block * lanes<Real>,
    2 * wide_samples * lanes<Real>,
    {kernels_of<Relu, Real>, kernels_of<LeakyRelu, Real>, kernels_of<Abs, Real>,
     kernels_of<Silu, Real>, kernels_of<Gelu, Real>, kernels_of<Tanh, Real>,
     kernels_of<Sigmoid, Real>, kernels_of<Softplus, Real>, kernels_of<ErrorFunction, Real>,
     kernels_of<Sin, Real>, kernels_of<Square, Real>},
    add<Real>,
    adam<Real>,
    sgd<Real>,
    probe<Real>,
};

template <template <class> class Act, class Real>
constexpr HingeKernels<Real> hinges_of = {piecewise_narrow<Act, Real>, piecewise_wide<Act, Real>};

template <class Real>
constexpr PiecewiseKernels<Real> piecewise = {
    narrow_sums,
    narrow_tile,
    {hinges_of<Relu, Real>, hinges_of<LeakyRelu, Real>, hinges_of<Abs, Real>},
};

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
    dense<float>,
    dense<double>,
    elementary<float>,
    elementary<double>,
    piecewise<float>,
    piecewise<double>,
};

}  // namespace ltens::simd
