// The only door to threads: to OpenMP, or to std::thread in a build with LTENS_OPENMP=OFF.
#pragma once

#include <cstddef>
#include <functional>

namespace ltens {

// Call body(i) for i = 0 .. count - 1, each once, on up to `threads` threads. An exception of any
// call is thrown again here after all have ended.
void parallel_for(int threads, std::size_t count, const std::function<void(std::size_t)>& body);

// Call body(member, size) at once on up to `threads` threads, which may meet at team_barrier(). The
// body must not throw.
void parallel_team(int threads, const std::function<void(int member, int size)>& body);
void team_barrier();

}  // namespace ltens
