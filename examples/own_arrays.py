"""Own data: train on arrays x (D, d) and y (D,), judged on samples that were held out."""

import numpy as np

import ltens

rng = np.random.default_rng(0)
x = rng.uniform(-1.0, 1.0, size=(400, 2))
y = np.sin(3.0 * x[:, 0]) * x[:, 1]
seen, held_out = ltens.Task(x[:300], y[:300]), ltens.Task(x[300:], y[300:])

training = ltens.Training(steps=1_000, schedule="cosine", batch_size=64)
median = {}
for width in (5, 10, 20, 40):
    nets = ltens.Networks.init(width, seeds=10, activation="tanh", dimension=2)
    run = ltens.train(nets, seen, training, held_out=held_out)
    median[width] = float(np.median(run.held_out_loss))
    print(f"N = {width:2}: median held-out loss {median[width]:.2e}")

print(ltens.fit(list(median), list(median.values()), model="power_law").exponent)
