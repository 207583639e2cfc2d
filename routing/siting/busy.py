"""How busy teams are: from the calls there are and how long each takes, or from a log of what they did."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.errors import InvalidInputError
from routing.siting.question import checked_amounts, checked_count

HOUR_S = 3600.0


def erlang_b(servers: int, offered: float) -> float:
    """
    Return the share of calls that find every server busy, when such calls are lost.

    Parameters
    ----------
    servers : int
        How many there are; with none every call is lost.
    offered : float
        Calls in the time that one takes: the load in servers.

    References
    ----------
    Erlang (1917). The share depends on the mean service time alone (Sevastyanov, 1957).
    """
    if not (math.isfinite(offered) and offered >= 0):
        raise InvalidInputError("offered", f"must be a finite load from zero up, not {offered}")
    lost = 1.0
    for number in range(1, checked_count("servers", servers) + 1):
        lost = offered * lost / (number + offered * lost)
    return lost


def busy_fraction(calls_per_hour: float, service_s: float, teams: int) -> float:
    """
    Return the fraction of time each of some teams is busy, calls being shared evenly and lost when all are.

    Parameters
    ----------
    calls_per_hour : float
        All calls together.
    service_s : float
        How long a call keeps a team, on average, from the order until it is free again.
    teams : int
        At least one.
    """
    if checked_count("teams", teams) == 0:
        raise InvalidInputError("teams", "must be at least one")
    offered = offered_load(calls_per_hour, service_s)
    return offered * (1 - erlang_b(teams, offered)) / teams


def offered_load(calls_per_hour: float, service_s: float) -> float:
    """Return the load that calls bring, in teams: how many would be out if none were ever lacking."""
    if not (math.isfinite(calls_per_hour) and calls_per_hour >= 0):
        raise InvalidInputError("calls_per_hour", f"must be a finite rate from zero up, not {calls_per_hour}")
    if not (math.isfinite(service_s) and service_s > 0):
        raise InvalidInputError("service_s", f"must be a finite time above zero seconds, not {service_s}")
    return calls_per_hour / HOUR_S * service_s


@dataclass(frozen=True, eq=False)
class LoggedBusy:
    """
    What a log says of each team.

    Attributes
    ----------
    team : int64, shape (teams,)
        Ids, ascending.
    fraction : float64, shape (teams,)
        Share of the window in which it was out, counted once where the log books it twice.
    booked_twice_s : float64, shape (teams,)
        For how long the log has it out on more than one call at a time.
    """

    team: NDArray[np.int64]
    fraction: NDArray[np.float64]
    booked_twice_s: NDArray[np.float64]


def logged_busy(
    team: ArrayLike, out_s: ArrayLike, free_s: ArrayLike, window_s: tuple[float, float]
) -> LoggedBusy:
    """
    Return how busy each team in a log was.

    Parameters
    ----------
    team : array_like of int, shape (entries,)
        Who was out.
    out_s, free_s : array_like, shape (entries,)
        From when until when, on one clock in seconds.
    window_s : tuple of float
        Beginning and end of what the log covers; entries are cut to it.

    Raises
    ------
    InvalidInputError
        Where an entry ends before it begins, or the window is empty.
    """
    begin, end = window_s
    if not (math.isfinite(begin) and math.isfinite(end) and begin < end):
        raise InvalidInputError("window_s", f"must end after it begins, not {begin} to {end}")
    who = np.asarray(team, dtype=np.int64)
    out, free = checked_amounts("out_s", out_s, len(who)), checked_amounts("free_s", free_s, len(who))
    wrong = np.flatnonzero(free < out)
    if len(wrong):
        raise InvalidInputError("free_s", f"entry {wrong[0]} ends before it begins")
    out, free = np.clip(out, begin, end), np.clip(free, begin, end)
    teams = np.unique(who)
    once = np.array([_time_out(out[who == one], free[who == one]) for one in teams])
    booked = np.array([(free - out)[who == one].sum() for one in teams])
    return LoggedBusy(teams, once / (end - begin), booked - once)


def _time_out(out: NDArray[np.float64], free: NDArray[np.float64]) -> float:
    """Return how long at least one of some stays lasts."""
    order = np.argsort(out, kind="stable")
    until = np.maximum.accumulate(free[order])
    begun = np.maximum(out[order], np.concatenate([[-np.inf], until[:-1]]))
    return float(np.maximum(free[order] - begun, 0).sum())
