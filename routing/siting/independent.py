"""Who answers what when teams are busy, for many teams: Larson's approximation of the hypercube model."""

import numpy as np
from scipy.special import gammaln

from routing.siting.busy import erlang_b
from routing.siting.hypercube import Answered, Calls
from routing.siting.question import Numbers

CLOSE = 1e-13
"""Sweeps end once no team's busy fraction moves by more."""
TINY = 1e-200
MOST_SWEEPS = 1_000


def approximate(calls: Calls) -> Answered:
    """
    Return who answers approximately, for any number of teams (Larson, 1975).

    Teams are taken to be out independently, and that is mended by a factor for each rank: what it would be
    for teams drawn by chance in a system that loses calls. The loss of calls that every team may answer is
    Erlang's.
    """
    teams, offered = calls.teams, calls.offered
    if not offered:
        return _at_rest(calls)
    lost = erlang_b(teams, offered)
    mean = offered * (1 - lost) / teams
    factor = _rank_factors(teams, offered, mean)
    can = np.arange(teams) < calls.asked[:, None]
    busy, share = np.full(teams, mean), np.zeros(calls.order.shape)
    for _ in range(MOST_SWEEPS):
        others = np.cumprod(busy[calls.order], axis=1)
        asked = np.column_stack([np.ones(len(others)), others[:, :-1]]) * factor * can
        load = np.bincount(calls.order.ravel(), (asked * calls.load[:, None]).ravel(), teams)
        now = load / (1 + load)
        share = asked * (1 - now[calls.order])
        share *= _kept(calls, others, lost) / np.maximum(share.sum(axis=1, keepdims=True), CLOSE)
        now *= _mean_load(calls, share) / max(now.sum(), CLOSE)
        settled = np.abs(now - busy).max() < CLOSE
        busy = np.minimum(now, 1.0)
        if settled:
            break
    by_team = np.zeros(calls.order.shape)
    np.put_along_axis(by_team, calls.order, share, axis=1)
    return Answered(busy, by_team)


def _at_rest(calls: Calls) -> Answered:
    """Return who would answer where no call comes that anybody could answer: the soonest team."""
    share = np.zeros(calls.order.shape)
    some = np.flatnonzero(calls.asked)
    share[some, calls.order[some, 0]] = 1.0
    return Answered(np.zeros(calls.teams), share)


def _rank_factors(teams: int, offered: float, mean: float) -> Numbers:
    """Return by how much each rank's chance differs from that of independent teams, shape (teams,)."""
    out = np.arange(teams + 1)
    chance = _levels(teams, offered)
    drawn = _all_out(teams) @ (chance * (teams - out)) / (teams - np.arange(teams + 1)).clip(min=1)
    plain = np.power(mean, np.arange(teams)) * (1 - mean)
    return np.where(plain > TINY, drawn[:teams] / np.maximum(plain, TINY), 1.0)


def _levels(teams: int, offered: float) -> Numbers:
    """Return the chance that so many teams are out, shape (teams + 1,) (Erlang)."""
    out = np.arange(teams + 1)
    log = out * np.log(offered) - gammaln(out + 1)
    chance = np.exp(log - log.max())
    return np.asarray(chance / chance.sum(), dtype=np.float64)


def _all_out(teams: int) -> Numbers:
    """Return the chance that the first j drawn are out where k of all are, for j and k from 0 to teams."""
    j, k = np.arange(teams), np.arange(teams + 1)
    one_more = np.maximum(k[None, :] - j[:, None], 0) / (teams - j[:, None])
    return np.vstack([np.ones(teams + 1), np.cumprod(one_more, axis=0)])


def _kept(calls: Calls, others: Numbers, lost: float) -> Numbers:
    """Return the share of calls that somebody answers, shape (demand, 1)."""
    mean = calls.offered * (1 - lost) / calls.teams
    drawn = _all_out(calls.teams) @ _levels(calls.teams, calls.offered)
    plain = np.power(mean, np.arange(calls.teams + 1))
    factor = np.where(plain > TINY, drawn / np.maximum(plain, TINY), 1.0)
    all_out = np.column_stack([np.ones(len(others)), others])[np.arange(len(others)), calls.asked]
    gone = np.where(calls.asked == calls.teams, lost, np.minimum(all_out * factor[calls.asked], 1.0))
    return np.asarray((1 - gone)[:, None], dtype=np.float64)


def _mean_load(calls: Calls, share: Numbers) -> float:
    """Return how many teams are out on average."""
    return float(calls.load @ share.sum(axis=1))
