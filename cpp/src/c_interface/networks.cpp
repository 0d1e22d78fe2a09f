#include <algorithm>
#include <memory>

#include "handles.hpp"
#include "ltens/initialisation.hpp"
#include "ltens/trainer.hpp"

namespace ltens::c_interface {

namespace {

// That of root entropy 0: np.random.SeedSequence(0).generate_state(2, np.uint64).
constexpr PhiloxKey default_key = {15793235383387715774u, 12390638538380655177u};

template <class Real>
void allocate(ltens_networks& networks) {
  const std::size_t neurons = product(networks.count, networks.width);
  auto& p = networks.values.emplace<Parameters<Real>>();
  p.w.resize(product(neurons, networks.dimension));
  p.b.resize(neurons);
  p.a.resize(neurons);
  p.c.resize(networks.count);
}

template <class P>
auto& array_of(P& parameters, ltens_parameter which) {
  switch (which) {
    case LTENS_W: return parameters.w;
    case LTENS_B: return parameters.b;
    case LTENS_A: return parameters.a;
    case LTENS_C: return parameters.c;
  }
  throw std::invalid_argument("which is " + std::to_string(static_cast<int>(which)) +
                              ", but must be LTENS_W, LTENS_B, LTENS_A or LTENS_C");
}

Activation activation(const std::string& name) {
  const auto found = activation_named(name);
  require(found.has_value(), "activation '" + name + "' is not known");
  return *found;
}

Initialisation scheme(const std::string& name) {
  const auto found = initialisation_named(name);
  require(found.has_value(), "init '" + name + "' is not known");
  return *found;
}

void draw(ltens_networks& networks, Initialisation law) {
  std::visit(
      [&](auto& parameters) {
        initialise(law, {}, networks.key, networks.seeds.data(), networks.view(parameters));
      },
      networks.values);
}

}  // namespace

}  // namespace ltens::c_interface

using namespace ltens::c_interface;

ltens_status ltens_create(size_t count, size_t width, size_t dimension, const char* activation_name,
                          ltens_real real, const char* init, const uint64_t* seeds,
                          const uint64_t* key, ltens_networks** networks) {
  return guarded([&] {
    require(networks != nullptr, "networks is null, but must be where the handle goes");
    *networks = nullptr;
    require(count > 0 && width > 0 && dimension > 0, "count, width and dimension must be above 0");
    const auto act = activation(text(activation_name, "activation"));
    require(real == LTENS_FLOAT32 || real == LTENS_FLOAT64,
            "real is " + std::to_string(static_cast<int>(real)) +
                ", but must be LTENS_FLOAT32 or LTENS_FLOAT64");
    const auto law = scheme(text(init, "init"));
    require(seeds != nullptr, "seeds is null, but must be the labels of the networks");
    product(product(count, width), dimension);
    auto made = std::make_unique<ltens_networks>();
    made->count = count;
    made->width = width;
    made->dimension = dimension;
    made->activation = act;
    made->key = key == nullptr ? default_key : ltens::PhiloxKey{key[0], key[1]};
    real == LTENS_FLOAT32 ? allocate<float>(*made) : allocate<double>(*made);
    made->seeds.assign(seeds, seeds + count);
    draw(*made, law);
    *networks = made.release();
    return LTENS_OK;
  });
}

ltens_status ltens_get(const ltens_networks* networks, ltens_parameter which, double* values,
                       size_t size) {
  return guarded([&] {
    std::visit(
        [&](const auto& parameters) {
          const auto& array = array_of(parameters, which);
          require_size(size, array.size(), "the array");
          require(values != nullptr, "values is null");
          std::copy(array.begin(), array.end(), values);
        },
        opened(networks, "networks").values);
    return LTENS_OK;
  });
}

ltens_status ltens_set(ltens_networks* networks, ltens_parameter which, const double* values,
                       size_t size) {
  return guarded([&] {
    std::visit(
        [&](auto& parameters) {
          auto& array = array_of(parameters, which);
          require_size(size, array.size(), "the array");
          require(values != nullptr, "values is null");
          using Real = typename std::decay_t<decltype(array)>::value_type;
          std::transform(values, values + size, array.begin(),
                         [](double value) { return static_cast<Real>(value); });
        },
        opened(networks, "networks").values);
    return LTENS_OK;
  });
}

void ltens_free(ltens_networks* networks) {
  if (networks == nullptr || networks->kind != ltens_networks::its_kind) return;
  networks->kind = {};
  delete networks;
}

ltens_status ltens_predict(const ltens_networks* networks, const double* x, size_t samples,
                           int threads, double* values, size_t size) {
  return guarded([&] {
    const auto& nets = opened(networks, "networks");
    require(x != nullptr && values != nullptr, "x and values must not be null");
    require(threads > 0, "threads must be above 0");
    require_size(size, product(nets.count, samples), "values");
    std::visit(
        [&]<class Real>(const Parameters<Real>& parameters) {
          const std::vector<Real> points(x, x + product(samples, nets.dimension));
          std::vector<Real> out(size);
          if (size > 0)
            ltens::predict<Real>(nets.view(parameters), points.data(), samples, threads,
                                 out.data());
          std::copy(out.begin(), out.end(), values);
        },
        nets.values);
    return LTENS_OK;
  });
}
