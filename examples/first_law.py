"""The first law: how the loss falls with the width, and how sure that is."""

import ltens

ds = ltens.sweep(widths=[2, 3, 5, 7, 10, 14, 20], seeds=20, training=ltens.Training(steps=5_000))
for activation in ("relu", "silu"):
    law = ltens.fit(ds.sel(activation=activation))
    low, high = law.interval(0.95)
    print(f"{activation}: loss ~ N^-{law.exponent:.2f}, 95 % interval [{low:.2f}, {high:.2f}]")

ltens.plot.scaling(ds, fits=True).figure.savefig("first_law.png")
