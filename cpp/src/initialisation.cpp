#include "ltens/initialisation.hpp"

#include <cmath>

#include "names.hpp"
#include "training/cosine.hpp"
#include "training/power.hpp"

namespace ltens {

namespace {

constexpr Names<Initialisation, 6> names{{"torch", "lecun", "he", "xavier", "ntk", "mean_field"}};

// A symmetric law: uniform on (-size, size), or normal with standard deviation `size`.
struct Law {
  enum class Shape { uniform, normal } shape;
  double size;
};

struct Laws {
  Law w, b, a, c;
};

Law uniform(double size) { return {Law::Shape::uniform, size}; }
Law normal(double size) { return {Law::Shape::normal, size}; }

// nn.Linear's default: every parameter of a layer is U(+-1/sqrt(fan_in)).
Laws torch(double d, double n) {
  const Law hidden = uniform(1 / std::sqrt(d)), readout = uniform(1 / std::sqrt(n));
  return {hidden, hidden, readout, readout};
}

// LeCun et al. 1998: weights of variance 1/fan_in, biases zero.
Laws lecun(double d, double n) {
  return {normal(1 / std::sqrt(d)), normal(0), normal(1 / std::sqrt(n)), normal(0)};
}

// He et al. 2015: weights of variance 2/fan_in, biases zero.
Laws he(double d, double n) {
  return {normal(std::sqrt(2 / d)), normal(0), normal(std::sqrt(2 / n)), normal(0)};
}

// Glorot & Bengio 2010: weights U(+-sqrt(6/(fan_in + fan_out))), biases zero.
Laws xavier(double d, double n, double outputs) {
  return {uniform(std::sqrt(6 / (d + n))), normal(0), uniform(std::sqrt(6 / (n + outputs))),
          normal(0)};
}

// The function at the start of the neural-tangent parametrisation (Jacot et al. 2018).
Laws ntk(double d, double n) {
  return {normal(1 / std::sqrt(d)), normal(1), normal(1 / std::sqrt(n)), normal(0)};
}

// Mean field (Rotskoff & Vanden-Eijnden 2018): read-out of order 1/N.
Laws mean_field(double d, double n) {
  return {normal(1 / std::sqrt(d)), normal(1), normal(1 / n), normal(0)};
}

Laws laws_of(Initialisation scheme, double d, double n, double outputs) {
  switch (scheme) {
    case Initialisation::torch: return torch(d, n);
    case Initialisation::lecun: return lecun(d, n);
    case Initialisation::he: return he(d, n);
    case Initialisation::xavier: return xavier(d, n, outputs);
    case Initialisation::ntk: return ntk(d, n);
    case Initialisation::mean_field: return mean_field(d, n);
  }
  return torch(d, n);
}

// In (0, 1), symmetric about 1/2: the middle of one of 2^52 cells.
double unit(std::uint64_t word) { return (static_cast<double>(word >> 12) + 0.5) * 0x1p-52; }

double draw(const Law& law, const PhiloxBlock& words) {
  if (law.size == 0) return 0;
  const double u = unit(words[0]);
  if (law.shape == Law::Shape::uniform) return law.size * (2 * u - 1);
  return law.size * std::sqrt(-2 * natural_log(u)) * cosine_of_turns(unit(words[1]));  // Box-Muller
}

}  // namespace

std::span<const std::string_view> initialisation_names() { return names.of; }

std::optional<Initialisation> initialisation_named(std::string_view name) {
  return names.find(name);
}

template <class Real>
void initialise(Initialisation scheme, const Spread& spread, PhiloxKey key,
                const std::uint64_t* seeds, const Networks<Real>& networks) {
  const std::size_t n = networks.width, d = networks.dimension;
  const std::size_t base = spread.width == 0 ? n : spread.width;
  const std::size_t outputs = networks.outputs;
  const Laws laws = laws_of(scheme, static_cast<double>(d), static_cast<double>(base),
                            static_cast<double>(outputs));
  for (std::size_t s = 0; s < networks.count; ++s) {
    const auto fill = [&](std::uint64_t purpose, const Law& law, Real* out, std::size_t size) {
      const double scale = spread.factors[purpose];
      for (std::size_t i = 0; i < size; ++i)
        out[i] = static_cast<Real>(scale * draw(law, philox({purpose, n, seeds[s], i}, key)));
    };
    fill(0, laws.w, networks.w + s * n * d, n * d);
    fill(1, laws.b, networks.b + s * n, n);
    fill(2, laws.a, networks.a + s * outputs * n, outputs * n);
    fill(3, laws.c, networks.c + s * outputs, outputs);
  }
}

template void initialise(Initialisation, const Spread&, PhiloxKey, const std::uint64_t*,
                         const Networks<float>&);
template void initialise(Initialisation, const Spread&, PhiloxKey, const std::uint64_t*,
                         const Networks<double>&);

}  // namespace ltens
