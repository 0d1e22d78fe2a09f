// One line per case: engine, activation, dtype, shape, and a hash of the trained networks. Two
// builds or CPUs keep the numerics contract if they print the same: see tests/emulated.
// The argument is the number of steps, 4 by default; at least 2, for Adam's first step is lr
// sign(g).
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "batch.hpp"
#include "ltens/activation.hpp"
#include "ltens/build_info.hpp"
#include "ltens/trainer.hpp"

namespace {

constexpr std::size_t samples = 270;  // more than one block of 256

struct Shape {
  std::size_t count, width, dimension;
};

// FNV-1a over bytes.
class Hash {
 public:
  template <class T>
  void add(const std::vector<T>& values) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(values.data());
    for (std::size_t i = 0; i < values.size() * sizeof(T); ++i)
      hash_ = (hash_ ^ bytes[i]) * 1099511628211u;
  }
  unsigned long long value() const { return hash_; }

 private:
  std::uint64_t hash_ = 14695981039346656037u;
};

// Of OutputTask, which is GridTask for one output and mse.
struct Outputs {
  std::size_t number = 1;  // C
  ltens::Loss loss = ltens::Loss::mse;
};

struct Way {
  const char* name;
  ltens::Training training;
};

template <class Real>
unsigned long long trained(std::string_view engine, ltens::Activation act, const Shape& shape,
                           const ltens::Training& training, const Outputs& outputs) {
  Batch<Real> networks(shape.count, shape.width, shape.dimension, act, outputs.number);
  networks.draw();
  const OutputTask<Real> task(samples, shape.dimension, outputs.number, outputs.loss);
  const OutputTask<double> exact(samples, shape.dimension, outputs.number, outputs.loss);
  Results results(shape.count);
  ltens::Control control;
  const std::vector<std::uint64_t> seeds = {11, 12, 13, 14, 15};
  ltens::train(networks.view(), task.view(), exact.view(), training, engine, 1e-3, 2, control,
               results.view(), {}, {{1, 2}, seeds.data()});
  Hash hash;
  hash.add(networks.w);
  hash.add(networks.b);
  hash.add(networks.a);
  hash.add(networks.c);
  hash.add(results.column(&ltens::Result::loss));
  hash.add(results.column(&ltens::Result::status));
  hash.add(results.column(&ltens::Result::nodes));
  if (outputs.loss != ltens::Loss::mse) hash.add(results.column(&ltens::Result::error));
  return hash.value();
}

template <class Real>
void print(std::string_view engine, int act, const Shape& shape, const Way& way,
           const Outputs& outputs = {}) {
  const auto name = ltens::activation_names()[static_cast<std::size_t>(act)];
  if (outputs.number > 1 || outputs.loss != ltens::Loss::mse) {
    const auto loss = ltens::loss_names()[static_cast<std::size_t>(outputs.loss)];
    std::printf("C%zu %.*s ", outputs.number, static_cast<int>(loss.size()), loss.data());
  }
  std::printf("%.*s %.*s float%zu N%zu d%zu %s ", static_cast<int>(engine.size()), engine.data(),
              static_cast<int>(name.size()), name.data(), 8 * sizeof(Real), shape.width,
              shape.dimension, way.name);
  try {
    std::printf("%016llx\n", trained<Real>(engine, static_cast<ltens::Activation>(act), shape,
                                           way.training, outputs));
  } catch (const std::invalid_argument&) {
    std::printf("does not apply\n");
  }
}

}  // namespace

int main(int count, char** arguments) {
  const std::uint64_t steps = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 4;
  std::printf("numerics %s %d\n", ltens::build_info().numerics_id.c_str(), ltens::numerics_version);
  std::fprintf(stderr, "%s\n", ltens::build_info().simd_active.c_str());
  using ltens::Optimizer, ltens::Schedule;
  const ltens::Training adam{.steps = steps, .lr_decay_every = 2};
  ltens::Training batches = adam, sgd = adam;
  batches.batch_size = 100;  // three steps see more than the task has
  batches.schedule = Schedule::cosine;
  sgd.lr = 0.001;
  sgd.momentum = 0.9;
  sgd.optimizer = Optimizer::sgd;
  ltens::Training adamw = adam, sign = sgd;
  adamw.optimizer = Optimizer::adamw;
  adamw.weight_decay = {0.1, 0, 0.2, -0.1};
  adamw.schedule = Schedule::wsd;
  adamw.warmup = 2;
  sign.optimizer = Optimizer::sign;
  sign.schedule = Schedule::power;
  sign.lr_power_time = 3;
  for (const auto engine : ltens::engine_names())
    for (int act = 0; act < ltens::activation_count; ++act)
      for (const Shape shape :
           {Shape{5, 7, 1}, Shape{3, 10, 3}, Shape{2, 260, 3}, Shape{1, 1100, 1}}) {
        print<float>(engine, act, shape, {"adam", adam});
        print<double>(engine, act, shape, {"adam", adam});
      }
  for (const int act : {0, 3})
    for (const Shape shape : {Shape{5, 7, 1}, Shape{2, 260, 3}, Shape{1, 1100, 1}})
      for (const Way& way :
           {Way{"batches", batches}, Way{"sgd", sgd}, Way{"adamw", adamw}, Way{"sign", sign}}) {
        print<float>("dense", act, shape, way);
        print<double>("dense", act, shape, way);
      }
  using ltens::Loss;
  for (int act = 0; act < ltens::activation_count; ++act)
    for (const Outputs& outputs :
         {Outputs{3, Loss::mse}, Outputs{10, Loss::cross_entropy}, Outputs{1, Loss::logistic}})
      for (const Shape shape : {Shape{5, 7, 3}, Shape{2, 260, 3}})
        for (const Way& way : {Way{"adam", adam}, Way{"batches", batches}}) {
          print<float>("dense", act, shape, way, outputs);
          print<double>("dense", act, shape, way, outputs);
        }
}
