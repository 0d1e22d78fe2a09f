"""A sweep that survives: computed by a pool of processes, kept in a store, extended later."""

from concurrent.futures import ProcessPoolExecutor

import ltens

if __name__ == "__main__":  # workers import this file unless they are forked
    training = ltens.Training(steps=2_000)
    with ProcessPoolExecutor(2) as pool:
        ltens.sweep(
            widths=[5, 10], seeds=10, training=training, executor=pool, store="example.ltens"
        )
        # the same store, more widths: what is there is not computed again
        ds = ltens.sweep(
            widths=[5, 10, 20], seeds=10, training=training, executor=pool, store="example.ltens"
        )
    assert ltens.open("example.ltens").loss.equals(ds.loss)
    print(ltens.report.median_table(ds))
