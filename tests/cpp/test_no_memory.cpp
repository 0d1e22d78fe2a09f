// The n-th allocation fails, for every n: std::bad_alloc each time, and all is well afterwards.
//
// libgomp and libstdc++'s std::thread keep memory of their own; what they cannot have is
// tests/python/kernel/test_exit_and_limits.py.
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <string_view>

#include "batch.hpp"
#include "check.hpp"
#include "ltens/trainer.hpp"

namespace {

constexpr long never = -1;
std::atomic<long> allocations_left{never};

bool fails_now() {
  if (allocations_left.load() == never) return false;
  return allocations_left.fetch_sub(1) == 1;
}

}  // namespace

void* operator new(std::size_t size) {
  void* const memory = fails_now() ? nullptr : std::malloc(size > 0 ? size : 1);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

// That of ltens::Aligned.
extern "C" void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  void* memory = nullptr;
  if (fails_now() || posix_memalign(&memory, alignment, size) != 0) return nullptr;
  return memory;
}

namespace {

// How often `work` ends in std::bad_alloc before there is memory enough.
template <class Work>
long failures_of(const Work& work) {
  for (long n = 1;; ++n) {
    allocations_left = n;
    bool failed = false;
    try {
      work();
    } catch (const std::bad_alloc&) {
      failed = true;
    }
    const bool enough = allocations_left.exchange(never) > 0;
    CHECK(failed || enough || n > 1);  // a failure may be survived, by fewer threads
    if (enough) return n - 1;
  }
}

struct Case {
  std::string_view engine;
  ltens::Activation activation;
  std::size_t count, width, dimension, batch;
};

template <class Real>
void check(const Case& of, int threads) {
  const GridTask<Real> task(40, of.dimension);
  const GridTask<double> exact(40, of.dimension);
  ltens::Training training{.steps = 3};
  training.batch_size = of.batch;
  const std::vector<std::uint64_t> seeds(of.count, 5);
  const auto train = [&](Batch<Real>& networks, Results& results) {
    networks.draw();
    ltens::Control control;
    ltens::train(networks.view(), task.view(), exact.view(), training, of.engine, 1e-3, threads,
                 control, results.view(), {}, {.key = {1, 2}, .seeds = seeds.data()});
  };
  Batch<Real> networks(of.count, of.width, of.dimension, of.activation), expected = networks,
                                                                         gradient = networks;
  Results results(of.count);
  std::vector<double> loss(of.count);
  std::vector<Real> values(of.count * 40);
  train(expected, results);
  const long in_training = failures_of([&] { train(networks, results); });
  train(networks, results);
  CHECK(networks.w == expected.w && networks.a == expected.a);
  const long in_gradient = failures_of([&] {
    ltens::loss_and_gradient<Real>(networks.view(), task.view(), exact.view(), of.engine, 1e-3,
                                   threads, loss.data(), gradient.view());
  });
  const long in_values = failures_of(
      [&] { ltens::predict<Real>(networks.view(), task.x.data(), 40, threads, values.data()); });
  CHECK(in_training > 0);
  std::printf("%.*s N = %zu, %d threads: %ld, %ld and %ld failures\n",
              static_cast<int>(of.engine.size()), of.engine.data(), of.width, threads, in_training,
              in_gradient, in_values);
}

}  // namespace

int main() {
  using ltens::Activation;
  for (const int threads : {1, 2}) {
    for (const Case& of : {Case{"dense", Activation::silu, 40, 5, 1, 0},
                           Case{"dense", Activation::silu, 3, 2500, 2, 0},
                           Case{"dense", Activation::relu, 3, 7, 2, 8},
                           Case{"piecewise", Activation::relu, 40, 5, 1, 0},
                           Case{"piecewise", Activation::relu, 3, 300, 1, 0},
                           Case{"quadrature", Activation::silu, 40, 5, 1, 0}}) {
      check<float>(of, threads);
      check<double>(of, threads);
    }
  }
  return failures();
}
