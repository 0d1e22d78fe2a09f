// What Python cannot reach: weights that a Task would have refused; the registry's answers.
#include <stdexcept>
#include <string>

#include "check.hpp"
#include "ltens/engines.hpp"
#include "ltens/gauss_rule.hpp"

namespace {

template <class Call>
std::string message(const Call& call) {
  try {
    call();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

void check_weights() {
  const double x[] = {0, 1, 2}, y[] = {1, 2, 3}, negative[] = {1, -0.5, 1}, zero[] = {0, 0, 0};
  CHECK(message([&] {
          ltens::MergedSamples(ltens::Task<double>{x, y, negative, 3, 1});
        }).starts_with("weights[1] is -0.5"));
  CHECK(message([&] {
          ltens::MergedSamples(ltens::Task<double>{x, y, zero, 3, 1});
        }).starts_with("weights are all zero"));
}

void check_order_does_not_matter() {
  const double x[] = {3, -1, 0.5, -1}, y[] = {1, 2, 3, 4}, q[] = {1, 1, 2, 3};
  const double sorted_x[] = {-1, -1, 0.5, 3}, sorted_y[] = {2, 4, 3, 1}, sorted_q[] = {1, 3, 2, 1};
  const auto rule = gauss_rule(ltens::MergedSamples({x, y, q, 4, 1}), 2);
  const auto sorted = gauss_rule(ltens::MergedSamples({sorted_x, sorted_y, sorted_q, 4, 1}), 2);
  CHECK(rule.x == sorted.x);
  CHECK(rule.y == sorted.y);
  CHECK(rule.weights == sorted.weights);
}

void check_registry() {
  const ltens::Problem line{10, 1000, 1, ltens::Activation::silu, false};
  const ltens::Problem plane{10, 1000, 2, ltens::Activation::silu, false};
  CHECK(ltens::engine_names().front() == "dense");
  CHECK(ltens::choose_engine(line) == "quadrature");
  CHECK(ltens::choose_engine(plane) == "dense");
  CHECK(message([&] {
          ltens::require_engine("quadrature", plane);
        }).starts_with("engine is 'quadrature', but needs a one-dimensional task"));
  CHECK(message([&] { ltens::engine_cost("abacus", line); }) == "engine 'abacus' does not exist");
}

}  // namespace

int main() {
  check_weights();
  check_order_does_not_matter();
  check_registry();
  return failures();
}
