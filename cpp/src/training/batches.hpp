// Which samples a network sees at each step: a function of its label, drawn from Philox.
#pragma once

#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <vector>

#include "ltens/philox.hpp"
#include "samples.hpp"

namespace ltens {

// The task's samples in shuffled order without end, shuffled anew whenever all were seen, cut into
// batches. Draw i of the network is a Fisher-Yates exchange by word i of its stream: word i % 4 of
// philox((4, width, seed, i / 4), key). 4 follows the purposes of initialisation.hpp.
class BatchStream {
 public:
  static constexpr std::size_t most_samples = std::numeric_limits<std::uint32_t>::max();

  BatchStream(PhiloxKey key, std::uint64_t width, std::uint64_t seed, std::size_t samples,
              std::size_t size)
      : key_(key), width_(width), seed_(seed), order_(samples), batch_(size), position_(samples) {}

  std::size_t size() const { return batch_.size(); }
  std::size_t samples() const { return order_.size(); }

  std::span<const std::uint32_t> next() {
    for (auto& sample : batch_) {
      if (position_ == order_.size()) {
        std::iota(order_.begin(), order_.end(), 0u);
        position_ = 0;
      }
      std::swap(order_[position_], order_[position_ + below(order_.size() - position_)]);
      sample = order_[position_++];
    }
    return batch_;
  }

 private:
  // A draw from 0 .. bound - 1: the high word of a product, even to bound / 2^64.
  std::size_t below(std::size_t bound) {
    if (drawn_ % 4 == 0) words_ = philox({4, width_, seed_, drawn_ / 4}, key_);
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(words_[drawn_++ % 4]) * bound;
    return static_cast<std::size_t>(product >> 64);
  }

  PhiloxKey key_;
  std::uint64_t width_, seed_, drawn_ = 0;
  PhiloxBlock words_{};
  std::vector<std::uint32_t> order_, batch_;
  std::size_t position_;  // in order_, of the next draw
};

// The samples of the present step. The weights are those of the task times samples / batch size:
// the mean gradient over all batches is that of the task.
template <class Real>
class Minibatch {
 public:
  Minibatch(const PaddedSamples<Real>& task, BatchStream stream)
      : task_(task),
        stream_(std::move(stream)),
        scale_(static_cast<Real>(static_cast<double>(stream_.samples()) /
                                 static_cast<double>(stream_.size()))),
        samples_(stream_.size(), task) {}

  void next() { samples_.gather(task_, stream_.next(), scale_); }
  const PaddedSamples<Real>& samples() const { return samples_; }

 private:
  const PaddedSamples<Real>& task_;
  BatchStream stream_;
  Real scale_;
  PaddedSamples<Real> samples_;
};

}  // namespace ltens
