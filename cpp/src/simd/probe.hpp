// Loops of one kind of instruction each, to measure what the ports of this core allow.
//
// Twelve independent chains keep two pipes of a latency up to six full. Nothing is computed that
// anybody wants; the sum that is returned keeps the compiler from seeing that.
#pragma once

#include "pack.hpp"
#include "probe_kernels.hpp"

namespace {

constexpr int chains = static_cast<int>(ltens::simd::probe_chains);

// Forget what is known of a value, so that no work on it is folded or hoisted.
template <class P>
inline void hide(P& value) {
#if defined(__x86_64__)
  asm volatile("" : "+x"(value));
#else
  asm volatile("" : "+w"(value));
#endif
}

template <class Real, class P = Pack<Real>>
inline P flipped(P p) {
  using Ints = typename Types<Real>::Ints;
  return reinterpret_cast<P>(~reinterpret_cast<Ints>(p));
}

template <class Real, class Step>
inline Real repeat(std::size_t rounds, Step step) {
  Pack<Real> at[chains];
  for (int k = 0; k < chains; ++k) {
    at[k] = all(Real(1));
    hide(at[k]);
  }
  for (std::size_t i = 0; i < rounds; ++i) {
#pragma GCC unroll 12
    for (int k = 0; k < chains; ++k) at[k] = step(at[k], k);
  }
  Pack<Real> sum = at[0];
  for (int k = 1; k < chains; ++k) sum += at[k];
  return sum[0];
}

template <class Real>
Real probe(ltens::PortProbe kind, std::size_t rounds, Real* memory) {
  using ltens::PortProbe;
  constexpr std::size_t L = lanes<Real>;
  Pack<Real> factor = all(Real(0.5)), term = all(Real(1));
  hide(factor);
  hide(term);
  switch (kind) {
    case PortProbe::fma:
      return repeat<Real>(rounds, [&](Pack<Real> p, int) { return fma(p, factor, term); });
    case PortProbe::mixed:
      return repeat<Real>(rounds, [&](Pack<Real> p, int k) {
        return k % 2 == 0 ? fma(p, factor, term) : flipped<Real>(p);
      });
    case PortProbe::divide:
      return repeat<Real>(rounds, [&](Pack<Real> p, int) { return term / p; });
    case PortProbe::root: return repeat<Real>(rounds, [&](Pack<Real> p, int) { return sqrt(p); });
    case PortProbe::load:
      for (std::size_t i = 0; i < rounds; ++i) {
#pragma GCC unroll 12
        for (int k = 0; k < chains; ++k) {
          Pack<Real> value = load(memory + static_cast<std::size_t>(k) * L);
          hide(value);
          asm volatile("" ::: "memory");
        }
      }
      return 0;
    case PortProbe::store:
      for (std::size_t i = 0; i < rounds; ++i) {
#pragma GCC unroll 12
        for (int k = 0; k < chains; ++k) {
          store(memory + static_cast<std::size_t>(k) * L, term);
          asm volatile("" ::: "memory");
        }
      }
      return 0;
  }
  return 0;
}

}  // namespace
