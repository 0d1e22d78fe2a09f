// Teams and loops on threads, and training on them: small, for this runs under ThreadSanitizer.
#include <array>
#include <atomic>
#include <chrono>
#include <numeric>
#include <stdexcept>
#include <thread>
#include <vector>

#include "batch.hpp"
#include "check.hpp"
#include "ltens/trainer.hpp"
#include "threads/parallel.hpp"

namespace {

void check_every_index_once() {
  for (const int threads : {1, 2, 7})
    for (const std::size_t count : {0, 1, 5, 100}) {
      std::vector<int> calls(count, 0);
      ltens::parallel_for(threads, count, [&](std::size_t i) { ++calls[i]; });
      CHECK(std::accumulate(calls.begin(), calls.end(), 0) == static_cast<int>(count));
      for (const int n : calls) CHECK(n == 1);
    }
}

void check_exception_comes_back() {
  for (const int threads : {1, 3}) {
    bool caught = false;
    try {
      ltens::parallel_for(threads, 20, [](std::size_t i) {
        if (i >= 7) throw std::runtime_error("seven");
      });
    } catch (const std::runtime_error& error) {
      caught = std::string_view(error.what()) == "seven";
    }
    CHECK(caught);
  }
}

// Each member passes its number on to the next one, round after round.
void check_barrier() {
  constexpr int rounds = 20;
  std::array<std::array<int, 3>, 2> box{};
  std::atomic<bool> right{true};
  ltens::parallel_team(3, [&](int member, int size) {
    const auto at = [](int i) { return static_cast<std::size_t>(i); };
    for (int round = 0; round < rounds; ++round) {
      box[at(round % 2)][at(member)] = 100 * round + member;
      ltens::team_barrier();
      const int next = (member + 1) % size;
      if (box[at(round % 2)][at(next)] != 100 * round + next) right = false;
    }
  });
  CHECK(right);
}

void check_team_in_a_team_is_one() {
  std::atomic<int> members{0};
  ltens::parallel_team(2, [&](int, int) {
    ltens::parallel_team(2, [&](int, int size) { members += size == 1 ? 1 : 100; });
  });
  CHECK(members == 1 || members == 2);  // 1 if the system gave one thread only
}

struct Trained : Results {
  Batch<float> networks;
};

Trained train(std::size_t count, std::size_t width, std::uint64_t steps, int threads,
              ltens::Control& control) {
  Trained out{Results(count), Batch<float>(count, width, 1, ltens::Activation::silu)};
  out.networks.draw();
  const GridTask<float> task(40, 1);
  const GridTask<double> exact(40, 1);
  ltens::train(out.networks.view(), task.view(), exact.view(), {.steps = steps}, "dense", 1e-3,
               threads, control, out.view());
  return out;
}

// Many narrow networks; more wide ones than threads; one wide one on a team.
void check_training_on_threads() {
  struct Case {
    std::size_t count, width;
  };
  for (const Case sizes : {Case{40, 5}, Case{4, 300}, Case{1, 3000}}) {
    ltens::Control control;
    const Trained alone = train(sizes.count, sizes.width, 3, 1, control);
    const Trained together = train(sizes.count, sizes.width, 3, 3, control);
    CHECK(alone.networks.w == together.networks.w);
    CHECK(alone.column(&ltens::Result::loss) == together.column(&ltens::Result::loss));
    CHECK(control.done == 2 * 3 * sizes.count);
  }
}

// Another thread watches the count and sets the flag, as the binding does.
void check_stop_from_outside() {
  for (const std::size_t width : {5, 3000}) {
    constexpr std::uint64_t endless = 1'000'000'000;
    ltens::Control control;
    std::thread watcher([&] {
      while (control.done == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      control.stop = true;
    });
    const Trained stopped = train(3, width, endless, 2, control);
    watcher.join();
    for (const ltens::Result& result : stopped.of) {
      CHECK(result.steps < endless);
      CHECK(result.status == ltens::Status::cancelled);
    }
  }
}

}  // namespace

int main() {
  check_every_index_once();
  check_exception_comes_back();
  check_barrier();
  check_team_in_a_team_is_one();
  check_training_on_threads();
  check_stop_from_outside();
  return failures();
}
