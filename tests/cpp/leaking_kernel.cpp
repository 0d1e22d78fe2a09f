// Negative control of check_objects.py: compiled as the kernels are, with a template of the
// standard library and an inline function of its own, each called through a pointer so that the
// compiler must emit it.
#include <algorithm>

namespace ltens::simd {

inline double twice(double x) { return 2 * x; }

struct Table {
  const double& (*larger)(const double&, const double&);
  double (*twice)(double);
};

extern const Table kernels_leaking;
const Table kernels_leaking = {std::max<double>, twice};

}  // namespace ltens::simd
