// Networks that own their memory.
#pragma once

#include <algorithm>
#include <cstddef>
#include <type_traits>
#include <vector>

#include "ltens/networks.hpp"

namespace ltens {

template <class Real>
class OwnedNetworks {
 public:
  // All zero, `count` of the shape of `like`.
  OwnedNetworks(const ConstNetworks<Real>& like, std::size_t count)
      : w_(count * like.width * like.dimension),
        b_(count * like.width),
        a_(count * like.outputs * like.width),
        c_(count * like.outputs),
        count_(count),
        width_(like.width),
        dimension_(like.dimension),
        outputs_(like.outputs),
        activation_(like.activation) {}

  // A copy of the networks `which`.
  OwnedNetworks(const ConstNetworks<Real>& from, const std::vector<std::size_t>& which)
      : OwnedNetworks(from, which.size()) {
    for (std::size_t i = 0; i < which.size(); ++i) copy(from, which[i], view(), i);
  }

  // All of `from`, in the numbers of Real.
  template <class Other>
  explicit OwnedNetworks(const Networks<Other>& from)
      : w_(from.w, from.w + from.count * from.width * from.dimension),
        b_(from.b, from.b + from.count * from.width),
        a_(from.a, from.a + from.count * from.outputs * from.width),
        c_(from.c, from.c + from.count * from.outputs),
        count_(from.count),
        width_(from.width),
        dimension_(from.dimension),
        outputs_(from.outputs),
        activation_(from.activation) {}

  Networks<Real> view() {
    return {w_.data(), b_.data(),  a_.data(),   c_.data(), count_,
            width_,    dimension_, activation_, outputs_};
  }

 private:
  std::vector<Real> w_, b_, a_, c_;
  std::size_t count_, width_, dimension_, outputs_;
  Activation activation_;
};

// Network i of `from` to network k of `to`.
template <class Real>
void copy(const ConstNetworks<std::type_identity_t<Real>>& from, std::size_t i,
          const Networks<Real>& to, std::size_t k) {
  const auto one = from.slice(i, 1);
  const auto other = to.slice(k, 1);  // of another type where `from` is read only
  std::copy_n(one.w, from.width * from.dimension, other.w);
  std::copy_n(one.b, from.width, other.b);
  std::copy_n(one.a, from.outputs * from.width, other.a);
  std::copy_n(one.c, from.outputs, other.c);
}

}  // namespace ltens
