"""The comparison as plain text."""

from __future__ import annotations

from bench.peers.comparison import PeerComparison, Row
from ltens import tables

HEADS = ("peer", "M updates/s", "best", "steps", "compile s", "loss error", "vs ltens", "state")
HEAT_HEADS = ("formulation", "M updates/s", "compile s", "loss error", "state")


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


def heat_cells(row: Row) -> list[str]:
    """One formulation by itself."""
    state = f"{row.state} ({row.detail})" if row.detail else row.state
    if row.state != "ok":
        return [row.peer, "", "", "", state]
    return [
        row.peer, f"{row.heat:,.0f}", f"{row.compile_seconds:.1f}", f"{row.loss_error:.1e}", state
    ]  # fmt: skip


def text(comparison: PeerComparison) -> str:
    """One problem: a heading, every formulation, a line for each library's fastest, the ratio."""
    c = comparison
    ours = next((row for row in c.rows if row.peer == "ltens"), None)
    final = [row for row in c.rows if row.rates or row.state != "ok"]
    lines = [
        f"{c.task}, {c.activation}, N = {c.width}, S = {c.networks}, D = {c.samples}, "
        f"d = {c.dimension}, {c.dtype}, {c.threads} threads",
    ]
    if len(final) < len(c.rows):
        slower = sorted(c.rows, key=lambda row: -row.heat if row.heat == row.heat else 0.0)
        lines += ["each by itself:", tables.text(HEAT_HEADS, [heat_cells(row) for row in slower])]
        lines += ["the fastest of each library, in turns:"]
    lines += [tables.text(HEADS, [cells(row, ours) for row in final])]
    best = c.best_peer()
    lines += [
        f"{peer} / best peer ({best.peer if best else None}): {ratio:.2f}"
        for peer, ratio in c.ratios().items()
    ]
    return "\n".join(lines)
