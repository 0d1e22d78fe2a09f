// Batches: every sample once in each pass, drawn by label, gathered with the right weights;
// trainings on them and their early stopping, on any number of threads.
#include <algorithm>
#include <cmath>

#include "batch.hpp"
#include "check.hpp"
#include "ltens/trainer.hpp"
#include "training/batches.hpp"

namespace {

std::vector<std::uint32_t> drawn(std::uint64_t seed, std::size_t samples, std::size_t size,
                                 std::size_t batches) {
  ltens::BatchStream stream({1, 2}, 10, seed, samples, size);
  std::vector<std::uint32_t> all;
  for (std::size_t i = 0; i < batches; ++i) {
    const auto batch = stream.next();
    all.insert(all.end(), batch.begin(), batch.end());
  }
  return all;
}

void check_passes() {
  const auto all = drawn(3, 12, 5, 12);  // five passes, batches across their ends
  for (std::size_t pass = 0; pass < 5; ++pass) {
    std::vector<std::uint32_t> seen(all.begin() + static_cast<long>(12 * pass),
                                    all.begin() + static_cast<long>(12 * (pass + 1)));
    std::sort(seen.begin(), seen.end());
    for (std::uint32_t i = 0; i < 12; ++i) CHECK(seen[i] == i);
  }
  CHECK(all == drawn(3, 12, 1, 60));  // the order does not know the size of the batches
  CHECK(all != drawn(4, 12, 5, 12));
}

// Word i of the stream decides draw i: the first exchange of a pass is with floor(word samples /
// 2^64).
void check_first_draw() {
  const auto words = ltens::philox({4, 10, 3, 0}, {1, 2});
  const auto first =
      static_cast<std::uint32_t>(std::ldexp(static_cast<double>(words[0]), -64) * 12);
  CHECK(drawn(3, 12, 1, 1)[0] == first);
}

void check_gather() {
  const GridTask<float> task(20, 3);
  const ltens::PaddedSamples<float> all(task.view());
  ltens::Minibatch<float> batch(all, ltens::BatchStream({1, 2}, 10, 3, 20, 6));
  ltens::BatchStream same({1, 2}, 10, 3, 20, 6);
  for (int step = 0; step < 5; ++step) {
    batch.next();
    const auto which = same.next();
    const auto from = all.view(), to = batch.samples().view();
    for (std::size_t j = 0; j < 6; ++j) {
      for (std::size_t k = 0; k < 3; ++k)
        CHECK(to.x[k * to.stride + j] == from.x[k * from.stride + which[j]]);
      CHECK(to.y[j] == from.y[which[j]]);
      CHECK(to.factor[j] == from.factor[which[j]] * (20.0f / 6.0f));
    }
    for (std::size_t j = 6; j < 8; ++j) CHECK(to.factor[j] == 0);  // padding has no weight
  }
}

struct Trained : Results {
  Batch<float> networks;
};

Trained train(std::size_t count, std::size_t width, int threads) {
  Trained out{Results(count), Batch<float>(count, width, 1, ltens::Activation::silu)};
  out.networks.draw();
  const GridTask<float> task(40, 1);
  const GridTask<double> exact(40, 1), held_out(30, 1);
  std::vector<std::uint64_t> seeds(count);
  for (std::size_t s = 0; s < count; ++s) seeds[s] = 7 * s;
  const ltens::Training training{.steps = 6, .batch_size = 16, .held_out_every = 2, .patience = 1};
  const auto judged = held_out.view();
  ltens::Control control;
  ltens::train(out.networks.view(), task.view(), exact.view(), training, "dense", 1e-3, threads,
               control, out.view(), {nullptr, &judged}, {{1, 2}, seeds.data()});
  return out;
}

void check_threads() {
  struct Case {
    std::size_t count, width;
  };
  for (const Case sizes : {Case{9, 5}, Case{3, 300}, Case{1, 2100}}) {
    const Trained alone = train(sizes.count, sizes.width, 1);
    const Trained together = train(sizes.count, sizes.width, 3);
    CHECK(alone.networks.w == together.networks.w);
    using ltens::Result;
    CHECK(alone.column(&Result::loss) == together.column(&Result::loss));
    CHECK(alone.column(&Result::held_out_loss) == together.column(&Result::held_out_loss));
    CHECK(alone.column(&Result::best_step) == together.column(&Result::best_step));
    CHECK(alone.column(&Result::steps) == together.column(&Result::steps));
  }
}

void check_labels_are_asked_for() {
  Batch<float> networks(1, 5, 1, ltens::Activation::relu);
  const GridTask<float> task(40, 1);
  const GridTask<double> exact(40, 1);
  Results results(1);
  const ltens::Training training{.steps = 1, .batch_size = 16};
  ltens::Control control;
  bool refused = false;
  try {
    ltens::train(networks.view(), task.view(), exact.view(), training, "dense", 1e-3, 1, control,
                 results.view());
  } catch (const std::invalid_argument&) {
    refused = true;
  }
  CHECK(refused);
}

}  // namespace

int main() {
  check_passes();
  check_first_draw();
  check_gather();
  check_threads();
  check_labels_are_asked_for();
  return failures();
}
