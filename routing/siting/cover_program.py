"""The cover problem as a mixed-integer programme: rows are covered at most as often as chosen sites reach."""

import numpy as np

from routing.siting.cover_swaps import Allowance
from routing.siting.open_cover import OpenCover
from routing.siting.question import Clock, even_scale
from routing.solver import LEAST_TIME_LIMIT_S, Columns, Model, Objective

BUILT = 0.5
"""Whole values come back as 0.9999: above this a site is chosen."""


def solve_cover(
    cover: OpenCover, allowance: Allowance, copies: int, within_s: float
) -> tuple[list[int] | None, float]:
    """
    Return candidates that the solver found, if any, and a bound on what any choice adds.

    Church and ReVelle (1974); with busy teams Daskin (1983): the k-th site of a row adds a share
    (1 - q) * q^(k-1) of its weight. Only ``copies`` of them count; the tail weight * q^copies that this cuts
    is added to the bound.
    """
    model, rows = Model(), len(cover.weight)
    site = model.add_columns(
        np.zeros(cover.candidates), np.ones(cover.candidates), np.ones(cover.candidates, dtype=np.bool_)
    )
    covered = model.add_columns(
        np.zeros(rows * copies), np.ones(rows * copies), np.zeros(rows * copies, dtype=np.bool_)
    )
    row, column = np.nonzero(cover.reach)
    model.add_rows(
        [
            (np.repeat(np.arange(rows), copies), covered, np.ones(rows * copies)),
            (row, site[column], np.full(len(row), -1.0)),
        ],
        np.full(rows, -np.inf),
        np.zeros(rows),
    )
    model.bound(Objective(site, np.ones(cover.candidates)), float(allowance.new))
    if np.isfinite(allowance.budget):
        dearer = even_scale(allowance.cost)
        model.bound(Objective(site, allowance.cost * dearer), allowance.budget * dearer)
    steps = (1 - cover.busy) * np.power(cover.busy, np.arange(copies))
    scale = even_scale(cover.weight)
    worth = (cover.weight[:, None] * scale * steps).ravel()
    chosen, bound = _within_budget(model, site, Objective(covered, -worth), allowance, within_s)
    tail = float((cover.weight * cover.busy**copies).sum()) if copies < allowance.new else 0.0
    return chosen, tail - bound / scale


def _within_budget(
    model: Model, site: Columns, objective: Objective, allowance: Allowance, within_s: float
) -> tuple[list[int] | None, float]:
    """
    Return candidates that keep to the budget to the last digit, and the bound.

    A solver lets a budget be passed by a hair. What then is together too dear is forbidden together, and so
    is as many out of it and all that are as dear as its dearest.
    """
    clock = Clock.start(max(within_s, LEAST_TIME_LIMIT_S))
    while True:
        solved = model.minimise(objective, clock.left_s)
        if solved.values is None:
            return None, solved.bound
        chosen = np.flatnonzero(solved.values[site] > BUILT)
        if allowance.keeps(chosen.tolist()):
            return chosen.tolist(), solved.bound
        if clock.left_s <= 0:
            return None, solved.bound
        dear = chosen[allowance.cost[chosen] > 0]
        alike = np.union1d(dear, np.flatnonzero(allowance.cost >= allowance.cost[dear].max()))
        model.bound(Objective(site[alike], np.ones(len(alike))), len(dear) - 1.0)
