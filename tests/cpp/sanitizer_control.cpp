// Negative controls: each fault named by the argument must be reported by the sanitizer of the
// build, else silence of the other tests would prove nothing.
#include <cstdio>
#include <limits>
#include <string_view>
#include <vector>

#include "threads/parallel.hpp"

namespace {

// Every member of the team counts on the same plain integer.
int race() {
  int count = 0;
  ltens::parallel_team(2, [&](int, int) {
    for (int i = 0; i < 1000; ++i) count = count + 1;
  });
  return count;
}

// Members meet at the barrier between writing and reading: no race, and none may be reported.
int meeting() {
  int values[2] = {0, 0}, sum = 0;
  ltens::parallel_team(2, [&](int member, int size) {
    values[member] = member + 1;
    ltens::team_barrier();
    if (member == 0) sum = values[0] + values[size - 1];
  });
  return sum;
}

int overflow(std::size_t size) {
  const std::vector<int> values(size, 1);
  const int* volatile first = values.data();
  return first[size];
}

int undefined(int one) { return std::numeric_limits<int>::max() + one; }

}  // namespace

int main(int count, char** arguments) {
  const std::string_view fault = count > 1 ? arguments[1] : "";
  if (fault == "race") std::printf("%d\n", race());
  if (fault == "meeting") return meeting() == 3 ? 0 : 1;
  if (fault == "overflow") std::printf("%d\n", overflow(static_cast<std::size_t>(count)));
  if (fault == "undefined") std::printf("%d\n", undefined(count));
}
