// What an embedding program may want to know of threads.
#pragma once

namespace ltens {

// Let the calling thread run on all CPUs that OpenMP may use. With OMP_PROC_BIND, OMP_PLACES or
// GOMP_CPU_AFFINITY set, as clusters do, the OpenMP runtime binds the thread that loads it to one
// CPU; threads and processes started later inherit that one. Teams of OpenMP stay bound as asked.
void unbind_this_thread();

}  // namespace ltens
