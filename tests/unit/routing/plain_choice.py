"""A second, plain way to choose, to check the product's by: one candidate after the other, rules as ifs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from routing.dispatch import Rules
from routing.needs import AddsUp, Requirement
from tests.unit.routing.candidates import Candidate


@dataclass(frozen=True)
class PlainChoice:
    """Ids listed; when met, available and missing for each need; ids passed over with their failed tests."""

    listed: list[int]
    fares: list[tuple[float, float, float]]
    passed_over: list[tuple[int, list[str]]]


def plain_choice(needs: Sequence[Requirement], rows: Sequence[Candidate], rules: Rules) -> PlainChoice:
    if not needs:
        return PlainChoice([], [], [])
    failed = {row.id: _failed(needs, row, rules) for row in rows}
    by_arrival = sorted(rows, key=lambda row: (row.ready_s + row.travel_s, row.id))
    listed = [row for row in by_arrival if not failed[row.id]]
    coming = [row for row in by_arrival if not set(failed[row.id]) - {"capability"}]
    farthest_m = max((row.straight_m for row in listed), default=math.inf)
    nearer = [row for row in rows if failed[row.id] and (row.straight_m < farthest_m or not listed)]
    nearer.sort(key=lambda row: (row.straight_m, row.id))
    return PlainChoice(
        [row.id for row in listed],
        [_fares(need, j, coming) for j, need in enumerate(needs)],
        [(row.id, failed[row.id]) for row in nearer],
    )


def _failed(needs: Sequence[Requirement], row: Candidate, rules: Rules) -> list[str]:
    failed = []
    if not row.in_service:
        failed.append("service")
    if row.busy:
        failed.append("busy")
    if not any(_helps(need, _share(need, j, row)) for j, need in enumerate(needs)):
        failed.append("capability")
    if row.off_m > rules.snap_limit_m:
        failed.append("network")
    if row.travel_s == math.inf:
        failed.append("unreachable")
    if row.ahead_s > rules.clock_tolerance_s:
        failed.append("future")
    if row.held:
        failed.append("home")
    return failed


def _share(need: Requirement, j: int, row: Candidate) -> float:
    """Return what one brings; of so many whole crews of a level, one or none."""
    levels = row.offered if need.adds_up is AddsUp.MAXIMUM else row.level
    level = levels[j] if levels else 0.0
    if need.level > level:
        return 0
    if need.adds_up is AddsUp.MAXIMUM and need.level:
        return 1
    return row.offered[j]


def _helps(need: Requirement, share: float) -> bool:
    if need.adds_up is AddsUp.MAXIMUM:
        return share >= (1 if need.level else need.quantity)
    if need.adds_up is AddsUp.SQUADS:
        return int(share) >= 1
    return share > 0


def _fares(need: Requirement, j: int, coming: Sequence[Candidate]) -> tuple[float, float, float]:
    so_far, met_at_s = 0.0, math.inf
    for row in coming:
        share = _share(need, j, row)
        if need.adds_up is AddsUp.MAXIMUM and not need.level:
            so_far = max(so_far, share)
        else:
            so_far += int(share) if need.adds_up is AddsUp.SQUADS else share
        if so_far >= need.quantity:
            met_at_s = min(met_at_s, row.ready_s + row.travel_s)
    return met_at_s, so_far, max(need.quantity - so_far, 0)
