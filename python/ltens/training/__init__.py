"""Networks, the data they learn, how they are trained, and the compiled trainer itself.

The only room that calls `ltens._core`, besides `ltens.build`.
"""
