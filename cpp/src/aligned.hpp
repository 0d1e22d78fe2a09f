// Zeroed memory aligned for the widest pack.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

namespace ltens {

template <class Real>
class Aligned {
 public:
  explicit Aligned(std::size_t size = 0) : size_(size) {
    if (size == 0) return;
    const std::size_t bytes = (size * sizeof(Real) + 63) / 64 * 64;
    memory_.reset(static_cast<Real*>(std::aligned_alloc(64, bytes)));
    if (memory_ == nullptr) throw std::bad_alloc();
    std::memset(memory_.get(), 0, bytes);
  }
  Real* data() { return memory_.get(); }
  const Real* data() const { return memory_.get(); }
  std::size_t size() const { return size_; }
  void clear() {
    if (size_ > 0) std::memset(memory_.get(), 0, size_ * sizeof(Real));
  }

 private:
  struct Free {
    void operator()(Real* memory) const { std::free(memory); }
  };
  std::unique_ptr<Real, Free> memory_;
  std::size_t size_;
};

}  // namespace ltens
