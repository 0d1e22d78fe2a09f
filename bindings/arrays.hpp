// NumPy arrays as views: C-contiguous, of the right type and shape, never copied.
#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <initializer_list>
#include <stdexcept>
#include <string>

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

template <class T>
T* out(py::array& array, const char* name, std::initializer_list<py::ssize_t> shape) {
  check(array, name, shape, py::dtype::of<T>());
  if (!array.writeable()) throw py::value_error(std::string(name) + " must be writeable");
  return static_cast<T*>(array.mutable_data());
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
