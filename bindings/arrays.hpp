// NumPy arrays as views: C-contiguous, of the right type and shape, never copied.
#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <initializer_list>
#include <stdexcept>
#include <string>
#include <vector>

namespace ltens::bindings {

namespace py = pybind11;

inline std::string shape_text(const py::array& array) {
  return py::str(array.attr("shape")).cast<std::string>();
}

inline void check(const py::array& array, const char* name,
                  std::initializer_list<py::ssize_t> shape, const py::dtype& dtype) {
  if (!array.dtype().is(dtype) && !array.dtype().equal(dtype))
    throw py::type_error(std::string(name) + " has dtype " +
                         py::str(array.dtype()).cast<std::string>() + "; it must be " +
                         py::str(dtype).cast<std::string>());
  bool same = array.ndim() == static_cast<py::ssize_t>(shape.size());
  py::ssize_t axis = 0;
  for (const py::ssize_t size : shape) same = same && array.shape(axis++) == size;
  if (!same)
    throw py::value_error(std::string(name) + " has an unexpected shape " + shape_text(array));
  const int flags = static_cast<int>(py::array::c_style) | py::detail::npy_api::NPY_ARRAY_ALIGNED_;
  if ((array.flags() & flags) != flags)
    throw py::value_error(std::string(name) + " must be C-contiguous and aligned");
}

template <class T>
const T* in(const py::array& array, const char* name, std::initializer_list<py::ssize_t> shape) {
  check(array, name, shape, py::dtype::of<T>());
  return static_cast<const T*>(array.data());
}

inline void require_writeable(const py::array& array, const char* name) {
  if (!array.writeable()) throw py::value_error(std::string(name) + " must be writeable");
}

template <class T>
T* out(py::array& array, const char* name, std::initializer_list<py::ssize_t> shape) {
  check(array, name, shape, py::dtype::of<T>());
  require_writeable(array, name);
  return static_cast<T*>(array.mutable_data());
}

struct Named {
  const char* name;
  const py::array& array;
};

// What is written must not lie in the memory of anything else. For C-contiguous arrays.
inline void require_apart(const std::vector<Named>& written, const std::vector<Named>& read) {
  const auto overlap = [](const py::array& one, const py::array& two) {
    const auto* a = static_cast<const char*>(one.data());
    const auto* b = static_cast<const char*>(two.data());
    return one.nbytes() > 0 && two.nbytes() > 0 && a < b + two.nbytes() && b < a + one.nbytes();
  };
  for (const Named& out : written)
    for (const auto* others : {&written, &read})
      for (const Named& other : *others)
        if (&out != &other && overlap(out.array, other.array))
          throw py::value_error(std::string(out.name) + " and " + other.name +
                                " must not share memory");
}

inline py::ssize_t length(const py::array& array, const char* name, py::ssize_t axis = 0) {
  if (array.ndim() <= axis)
    throw py::value_error(std::string(name) + " has too few dimensions, shape " +
                          shape_text(array));
  return array.shape(axis);
}

// Call with a float or a double, as the array is.
template <class Call>
auto for_real(const py::array& array, const char* name, const Call& call) {
  if (array.dtype().equal(py::dtype::of<float>())) return call(float{});
  if (array.dtype().equal(py::dtype::of<double>())) return call(double{});
  throw py::type_error(std::string(name) + " has dtype " +
                       py::str(array.dtype()).cast<std::string>() +
                       "; it must be float32 or float64");
}

}  // namespace ltens::bindings
