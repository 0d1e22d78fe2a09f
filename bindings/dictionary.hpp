// Python dictionaries read key by key: every key once, none unknown, each of the right type.
#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <string>
#include <utility>
#include <vector>

namespace ltens::bindings {

namespace py = pybind11;

class Dictionary {
 public:
  // `name` is what messages call it.
  Dictionary(std::string name, py::dict dict) : name_(std::move(name)), dict_(std::move(dict)) {}

  bool has(const char* key) const { return dict_.contains(key); }

  // The value of a key as a T.
  template <class T>
  T take(const char* key) {
    if (!dict_.contains(key)) throw py::value_error(name_ + " lacks the key '" + key + "'");
    taken_.emplace_back(key);
    const py::object value = dict_[key];
    try {
      return value.cast<T>();
    } catch (const py::cast_error&) {
      throw py::type_error(path(key) + " is " + py::repr(value).cast<std::string>() +
                           ", which is of the wrong type");
    }
  }

  // An array as it is, never a copy of something else.
  py::array array(const char* key) {
    const auto value = take<py::object>(key);
    if (!py::isinstance<py::array>(value)) throw py::type_error(path(key) + " must be an array");
    return py::reinterpret_borrow<py::array>(value);
  }

  std::string path(const char* key) const { return name_ + "." + key; }

  // To be called when all is taken.
  void require_nothing_else() const {
    for (const auto& item : dict_) {
      const std::string key = py::str(item.first).cast<std::string>();
      bool known = false;
      for (const std::string& one : taken_) known = known || one == key;
      if (!known) throw py::value_error(name_ + " has the unknown key '" + key + "'");
    }
  }

 private:
  std::string name_;
  py::dict dict_;
  std::vector<std::string> taken_;
};

}  // namespace ltens::bindings
