#include "ltens/reference.hpp"

#include <Eigen/Core>
#include <cmath>
#include <numbers>

namespace ltens::reference {

namespace {

using Eigen::ArrayXd;
using Eigen::ArrayXXd;
using Eigen::Map;
using Eigen::MatrixXd;
using Eigen::RowVectorXd;
using Eigen::VectorXd;
using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

double sigmoid(double z) { return 1 / (1 + std::exp(-z)); }
double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }
double normal_pdf(double z) { return std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi); }

// One network's parameters as matrices over the caller's memory.
struct Network {
  Map<RowMajor> w;  // (N, d)
  Map<VectorXd> b;  // (N,)
  Map<RowMajor> a;  // (C, N)
  Map<VectorXd> c;  // (C,)
};

Network network(const Networks<double>& all, std::size_t s) {
  const auto n = static_cast<Eigen::Index>(all.width), d = static_cast<Eigen::Index>(all.dimension);
  const auto one = all.slice(s, 1);
  const auto outputs = static_cast<Eigen::Index>(all.outputs);
  return {Map<RowMajor>(one.w, n, d), Map<VectorXd>(one.b, n), Map<RowMajor>(one.a, outputs, n),
          Map<VectorXd>(one.c, outputs)};
}

struct Data {
  Map<const RowMajor> x;  // (D, d)
  Map<const RowMajor> y;  // (D, C)
  Map<const VectorXd> q;  // (D,)
};

Data data(const Task<double>& task) {
  const auto count = static_cast<Eigen::Index>(task.samples);
  return {Map<const RowMajor>(task.x, count, static_cast<Eigen::Index>(task.dimension)),
          Map<const RowMajor>(task.y, count, static_cast<Eigen::Index>(task.outputs)),
          Map<const VectorXd>(task.weights, count)};
}

MatrixXd preactivations(const Network& net, const Data& at) {  // (D, N)
  return (at.x * net.w.transpose()).rowwise() + net.b.transpose();
}

MatrixXd outputs(const Network& net, const MatrixXd& h) {  // (D, C)
  return (h * net.a.transpose()).rowwise() + net.c.transpose();
}

// The loss of one sample with outputs f (C,) and targets y (C,), see Loss.
double sample_loss(Loss loss, const RowVectorXd& f, const RowVectorXd& y) {
  const double largest = f.maxCoeff();
  switch (loss) {
    case Loss::mse: return (f - y).squaredNorm();
    case Loss::cross_entropy:
      return largest + std::log((f.array() - largest).exp().sum()) - y.dot(f);
    case Loss::logistic:
      return std::max(f[0], 0.0) + std::log1p(std::exp(-std::abs(f[0]))) - y[0] * f[0];
  }
  return NAN;
}

// Its derivative after f: (C,).
RowVectorXd sample_slope(Loss loss, const RowVectorXd& f, const RowVectorXd& y) {
  const RowVectorXd e = (f.array() - f.maxCoeff()).exp();
  switch (loss) {
    case Loss::mse: return 2 * (f - y);
    case Loss::cross_entropy: return e / e.sum() - y;
    case Loss::logistic: return (f.unaryExpr(&sigmoid) - y);
  }
  return f;
}

}  // namespace

double value(Activation activation, double z) {
  switch (activation) {
    case Activation::relu: return z > 0 ? z : 0;
    case Activation::leaky_relu: return z > 0 ? z : info(activation).left_slope * z;
    case Activation::abs: return std::abs(z);
    case Activation::silu: return z * sigmoid(z);
    case Activation::gelu: return z * normal_cdf(z);
    case Activation::tanh: return std::tanh(z);
    case Activation::sigmoid: return sigmoid(z);
    case Activation::softplus: return std::max(z, 0.0) + std::log1p(std::exp(-std::abs(z)));
    case Activation::erf: return std::erf(z);
    case Activation::sin: return std::sin(z);
    case Activation::square: return z * z;
    case Activation::relu2: return z > 0 ? z * z : 0;
    case Activation::mish: return z * std::tanh(std::log1p(std::exp(z)));
  }
  return NAN;
}

double slope(Activation activation, double z) {
  const double s = sigmoid(z), t = std::tanh(z);
  switch (activation) {
    case Activation::relu: return z > 0 ? 1 : 0;
    case Activation::leaky_relu: return z > 0 ? 1 : info(activation).left_slope;
    case Activation::abs: return z > 0 ? 1 : (z < 0 ? -1 : 0);
    case Activation::silu: return s + z * s * (1 - s);
    case Activation::gelu: return normal_cdf(z) + z * normal_pdf(z);
    case Activation::tanh: return 1 - t * t;
    case Activation::sigmoid: return s * (1 - s);
    case Activation::softplus: return s;
    case Activation::erf: return 2 / std::sqrt(std::numbers::pi) * std::exp(-z * z);
    case Activation::sin: return std::cos(z);
    case Activation::square: return 2 * z;
    case Activation::relu2: return z > 0 ? 2 * z : 0;
    case Activation::mish: {
      const double tanh = std::tanh(std::log1p(std::exp(z)));
      return tanh + z * s * (1 - tanh * tanh);
    }
  }
  return NAN;
}

double loss(const Networks<double>& networks, std::size_t s, const Task<double>& task) {
  const Network net = network(networks, s);
  const Data at = data(task);
  const MatrixXd h =
      preactivations(net, at).unaryExpr([&](double z) { return value(networks.activation, z); });
  const MatrixXd f = outputs(net, h);
  double sum = 0;
  for (Eigen::Index j = 0; j < f.rows(); ++j)
    sum += at.q[j] * sample_loss(task.loss, f.row(j), at.y.row(j));
  return sum;
}

void gradient(const Networks<double>& networks, const Task<double>& task,
              const Networks<double>& out) {
  const Data at = data(task);
  for (std::size_t s = 0; s < networks.count; ++s) {
    const Network net = network(networks, s);
    Network grad = network(out, s);
    const MatrixXd z = preactivations(net, at);
    const MatrixXd h = z.unaryExpr([&](double v) { return value(networks.activation, v); });
    const MatrixXd g = z.unaryExpr([&](double v) { return slope(networks.activation, v); });
    MatrixXd r = outputs(net, h);  // dL/df
    for (Eigen::Index j = 0; j < r.rows(); ++j)
      r.row(j) = at.q[j] * sample_slope(task.loss, r.row(j), at.y.row(j));
    const MatrixXd t = (r * net.a).cwiseProduct(g);  // dL/dz
    grad.w = t.transpose() * at.x;
    grad.b = t.colwise().sum();
    grad.a = r.transpose() * h;
    grad.c = r.colwise().sum();
  }
}

namespace {

// The learning rate of step t over lr, without the warm-up.
double schedule(const Training& training, std::uint64_t t) {
  const auto before = static_cast<double>(t - 1), all = static_cast<double>(training.steps);
  const double floor = training.lr_floor;
  switch (training.schedule) {
    case Schedule::constant: return 1;
    case Schedule::cosine:
      return floor + (1 - floor) * (1 + std::cos(std::numbers::pi * before / all)) / 2;
    case Schedule::wsd:
      return floor + (1 - floor) * std::min(1.0, (all - before) / (training.cooldown * all));
    case Schedule::power: return std::pow(1 + before / training.lr_power_time, -training.lr_power);
    case Schedule::step: break;
  }
  const auto decays = static_cast<double>((t - 1) / training.lr_decay_every);
  return std::pow(training.lr_decay, decays);
}

double rate(const Training& training, std::uint64_t t) {
  const double warm =
      training.warmup == 0
          ? 1
          : std::min(1.0, static_cast<double>(t) / static_cast<double>(training.warmup));
  return training.lr * warm * schedule(training, t);
}

}  // namespace

void train(const Networks<double>& networks, const Task<double>& task, const Training& training) {
  const auto s = static_cast<Eigen::Index>(networks.count);
  const auto n = static_cast<Eigen::Index>(networks.width);
  const auto d = static_cast<Eigen::Index>(networks.dimension);
  const auto outputs = static_cast<Eigen::Index>(networks.outputs);
  const Eigen::Index sizes[] = {s * n * d, s * n, s * outputs * n, s * outputs};
  double* const parameters[] = {networks.w, networks.b, networks.a, networks.c};
  ArrayXd grad[4], mean[4], square[4];
  for (int k = 0; k < 4; ++k) {
    grad[k] = ArrayXd::Zero(sizes[k]);
    mean[k] = ArrayXd::Zero(sizes[k]);
    square[k] = ArrayXd::Zero(sizes[k]);
  }
  const Networks<double> out{grad[0].data(),     grad[1].data(),      grad[2].data(),
                             grad[3].data(),     networks.count,      networks.width,
                             networks.dimension, networks.activation, networks.outputs};
  for (std::uint64_t t = 1; t <= training.steps; ++t) {
    gradient(networks, task, out);
    const auto time = static_cast<double>(t);
    for (int k = 0; k < 4; ++k) {
      const double lr = training.lr_factors[static_cast<std::size_t>(k)] * rate(training, t);
      const double decay = training.weight_decay[static_cast<std::size_t>(k)];
      Map<ArrayXd> now(parameters[k], sizes[k]);
      if (training.optimizer == Optimizer::adam)
        grad[k] += decay * now;
      else
        now -= lr * decay * now;
      if (training.optimizer == Optimizer::sgd || training.optimizer == Optimizer::sign) {
        mean[k] = training.momentum * mean[k] + grad[k];
        now -= lr * (training.optimizer == Optimizer::sgd ? mean[k] : ArrayXd(mean[k].sign()));
        continue;
      }
      mean[k] = training.beta1 * mean[k] + (1 - training.beta1) * grad[k];
      square[k] = training.beta2 * square[k] + (1 - training.beta2) * grad[k].square();
      const ArrayXd corrected = mean[k] / (1 - std::pow(training.beta1, time));
      const ArrayXd root = (square[k] / (1 - std::pow(training.beta2, time))).sqrt();
      now -= lr * corrected / (root + training.epsilon);
    }
  }
}

}  // namespace ltens::reference
