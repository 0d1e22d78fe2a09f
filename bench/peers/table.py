"""The comparison as plain text."""

from __future__ import annotations

from bench.peers.comparison import PeerComparison, Row

HEADER = (
    f"{'peer':<17} {'M updates/s':>12} {'best':>9} {'steps':>7} {'compile s':>10} "
    f"{'loss error':>11}  {'vs ltens':>8}"
)


def machine_lines(machine: dict[str, object]) -> str:
    """Processor and build, one fact a line."""
    lines = [f"{name}: {value}" for name, value in machine.items() if name != "build"]
    build = machine["build"]
    assert isinstance(build, dict)
    lines += [f"ltens {name}: {value}" for name, value in build.items()]
    return "\n".join(lines)


def row_line(row: Row, ours: Row | None) -> str:
    """One peer."""
    if not row.rates:
        return f"{row.peer:<17} {row.state}" + (f" ({row.detail})" if row.detail else "")
    relative = f"{row.rate / ours.rate:8.2f}" if ours and ours.rates else " " * 8
    line = (
        f"{row.peer:<17} {row.rate:12,.0f} {max(row.rates):9,.0f} {row.steps:7d} "
        f"{row.compile_seconds:10.1f} {row.loss_error:11.1e}  {relative}"
    )
    return line if row.state == "ok" else f"{line}  {row.state} ({row.detail})"


def text(comparison: PeerComparison) -> str:
    """One problem: a heading, a line for each peer, the ratio."""
    c = comparison
    ours = next((row for row in c.rows if row.peer == "ltens"), None)
    lines = [
        f"{c.activation}, N = {c.width}, S = {c.networks}, D = {c.samples}, d = {c.dimension}, "
        f"{c.dtype}, {c.threads} threads",
        HEADER,
        *(row_line(row, ours) for row in c.rows),
    ]
    best = c.best_peer()
    lines += [
        f"{peer} / best peer ({best.peer if best else None}): {ratio:.2f}"
        for peer, ratio in c.ratios().items()
    ]
    return "\n".join(lines)
