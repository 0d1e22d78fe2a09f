"""The comparison as plain text."""

from __future__ import annotations

from bench.peers.comparison import PeerComparison, Row
from ltens import tables

HEADS = ("peer", "M updates/s", "best", "steps", "compile s", "loss error", "vs ltens", "state")


def machine_lines(machine: dict[str, object]) -> str:
    """Processor and build, one fact a line."""
    lines = [f"{name}: {value}" for name, value in machine.items() if name != "build"]
    build = machine["build"]
    assert isinstance(build, dict)
    lines += [f"ltens {name}: {value}" for name, value in build.items()]
    return "\n".join(lines)


def cells(row: Row, ours: Row | None) -> list[str]:
    """One peer."""
    state = f"{row.state} ({row.detail})" if row.detail else row.state
    if not row.rates:
        return [row.peer, *[""] * (len(HEADS) - 2), state]
    return [
        row.peer,
        f"{row.rate:,.0f}",
        f"{max(row.rates):,.0f}",
        f"{row.steps}",
        f"{row.compile_seconds:.1f}",
        f"{row.loss_error:.1e}",
        f"{row.rate / ours.rate:.2f}" if ours and ours.rates else "",
        state,
    ]


def text(comparison: PeerComparison) -> str:
    """One problem: a heading, a line for each peer, the ratio."""
    c = comparison
    ours = next((row for row in c.rows if row.peer == "ltens"), None)
    lines = [
        f"{c.activation}, N = {c.width}, S = {c.networks}, D = {c.samples}, d = {c.dimension}, "
        f"{c.dtype}, {c.threads} threads",
        tables.text(HEADS, [cells(row, ours) for row in c.rows]),
    ]
    best = c.best_peer()
    lines += [
        f"{peer} / best peer ({best.peer if best else None}): {ratio:.2f}"
        for peer, ratio in c.ratios().items()
    ]
    return "\n".join(lines)
