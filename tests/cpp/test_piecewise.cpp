// Inside the piecewise engine: prefix sums, the search for an index, and the sort and its bound.
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "check.hpp"
#include "engines/sorted_samples.hpp"
#include "simd/piecewise_wide.hpp"

namespace {

struct Data {
  Data(std::size_t count, unsigned seed) : x(count), y(count), q(count, 1.0 / double(count)) {
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    for (std::size_t j = 0; j < count; ++j) {
      x[j] = normal(random);
      y[j] = 1 + normal(random);
    }
  }
  ltens::Task<double> view() const { return {x.data(), y.data(), q.data(), x.size(), 1}; }
  std::vector<double> x, y, q;
};

// A term is rounded four times (x from the centre, which enters x^2 twice, and two products), the
// sum once, each by half an eps at most: 2.5 eps of the sum of the magnitudes, at any count.
void check_prefix_sums(std::size_t count) {
  const Data data(count, 1);
  const ltens::piecewise::SortedSamples<double> sorted(data.view());
  const auto view = sorted.view();
  std::vector<std::size_t> order(count);
  for (std::size_t j = 0; j < count; ++j) order[j] = j;
  std::sort(order.begin(), order.end(), [&](auto i, auto j) { return data.x[i] < data.x[j]; });
  long double sums[6] = {}, sizes[6] = {}, lost[6] = {};
  constexpr double eps = std::numeric_limits<double>::epsilon();
  bool good = true;
  for (std::size_t k = 0; k <= count; ++k) {
    for (int i = 0; i < 6; ++i)
      good &= std::abs(static_cast<double>(view.rows[k * 8 + std::size_t(i)] - sums[i])) <=
              2.5 * eps * static_cast<double>(sizes[i]);
    if (k == count) break;
    const long double x = data.x[order[k]] - static_cast<long double>(view.centre),
                      y = data.y[order[k]], f = 2 * data.q[order[k]];
    const long double terms[6] = {f * x, f * x * x, f, f * x, f * y, f * x * y};
    for (int i = 0; i < 6; ++i) {
      const long double term = terms[i] - lost[i], sum = sums[i] + term;  // Kahan
      lost[i] = (sum - sums[i]) - term;
      sums[i] = sum;
      sizes[i] += std::abs(terms[i]);
    }
  }
  CHECK(good);
}

// From every guess to every answer.
void check_search() {
  const Data data(37, 2);
  const ltens::piecewise::SortedSamples<double> sorted(data.view());
  const auto view = sorted.view();
  for (std::int32_t answer = 0; answer <= 37; ++answer)
    for (std::int32_t guess = 0; guess <= 37; ++guess) {
      const double before = view.x[answer];  // the last sample on the left, -inf if none
      CHECK(search(view, guess, [&](double x) { return x <= before; }) == answer);
    }
}

struct Sorting {
  Sorting(std::size_t width, std::int32_t samples, unsigned seed)
      : index(width), order(width), spare(width) {
    std::mt19937_64 random(seed);
    for (std::size_t n = 0; n < width; ++n) {
      index[n] = static_cast<std::int32_t>(random() % (static_cast<unsigned>(samples) + 1));
      order[n] = n;
    }
    std::shuffle(order.begin(), order.end(), random);
  }
  std::vector<std::uint64_t> sorted() const {
    std::vector<std::uint64_t> keys;
    for (std::size_t n = 0; n < index.size(); ++n) keys.push_back(key_of(index[n], n));
    std::sort(keys.begin(), keys.end());
    return keys;
  }
  std::vector<std::int32_t> index;
  std::vector<std::uint64_t> order, spare;
};

void check_sort(std::size_t width, std::int32_t samples) {
  Sorting s(width, samples, 3);
  ltens::simd::PiecewiseScratch scratch{s.index.data(), nullptr, nullptr, s.order.data(),
                                        s.spare.data(), nullptr, 0};
  for (int step = 0; step < 40; ++step) {  // beyond the patience, back to insertion
    sort_bends(scratch, width, samples);
    CHECK(s.order == s.sorted());
    std::reverse(s.index.begin(), s.index.end());
  }
}

// Reversed breakpoints ask for width^2 / 2 moves: insertion gives up at the bound, and no neuron is
// lost on the way.
void check_bound() {
  constexpr std::size_t width = 1000;
  std::vector<std::uint64_t> order(width);
  std::vector<std::int32_t> index(width);
  for (std::size_t n = 0; n < width; ++n) {
    order[n] = n;
    index[n] = static_cast<std::int32_t>(width - n);
  }
  CHECK(!sort_again(order.data(), index.data(), width, moves_per_neuron * width));
  std::vector<bool> there(width);
  for (const std::uint64_t key : order) there[neuron_of(key)] = true;
  CHECK(std::count(there.begin(), there.end(), true) == width);
  CHECK(sort_again(order.data(), index.data(), width, width * width));
  CHECK(std::is_sorted(order.begin(), order.end()));
}

}  // namespace

int main() {
  for (const std::size_t count : {1, 2, 1000, 1'000'000}) check_prefix_sums(count);
  check_search();
  for (const std::size_t width : {1, 2, 30, 5000})
    for (const std::int32_t samples : {1, 255, 256, 70'000, 20'000'000}) check_sort(width, samples);
  check_bound();
  return failures();
}
