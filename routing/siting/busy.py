"""How busy teams are: from the calls there are and how long each takes, or from a log of what they did."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.errors import InvalidInputError
from routing.siting.amounts import (
    checked_count,
    checked_finite,
    checked_number,
    checked_numbers,
    checked_whole,
)

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
    load, lost = checked_finite("offered", offered, "load"), 1.0
    for number in range(1, checked_count("servers", servers) + 1):
        lost = load * lost / (number + load * lost)
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
    rate = checked_finite("calls_per_hour", calls_per_hour, "rate")
    each_s = checked_number("service_s", service_s)
    if not (math.isfinite(each_s) and each_s > 0):
        raise InvalidInputError("service_s", f"must be a finite time above zero seconds, not {each_s}")
    return rate / HOUR_S * each_s


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
    begin, end = _checked_window(window_s)
    who = checked_whole("team", team)
    if who.ndim != 1:
        raise InvalidInputError("team", "must be a list of ids, one for each entry")
    out, free = _checked_moments("out_s", out_s, len(who)), _checked_moments("free_s", free_s, len(who))
    wrong = np.flatnonzero(free < out)
    if len(wrong):
        raise InvalidInputError("free_s", f"entry {wrong[0]} ends before it begins")
    out, free = np.clip(out, begin, end), np.clip(free, begin, end)
    teams = np.unique(who)
    once = np.array([_time_out(out[who == one], free[who == one]) for one in teams])
    booked = np.array([(free - out)[who == one].sum() for one in teams])
    return LoggedBusy(teams, once / (end - begin), booked - once)


def _checked_window(window_s: tuple[float, float]) -> tuple[float, float]:
    """Return beginning and end, or say what is wrong with them."""
    moments = checked_numbers("window_s", window_s)
    if moments.shape != (2,):
        raise InvalidInputError("window_s", "must be two moments, beginning and end")
    begin, end = moments.tolist()
    if not (math.isfinite(begin) and math.isfinite(end) and begin < end):
        raise InvalidInputError("window_s", f"must end after it begins, not {begin} to {end}")
    return begin, end


def _checked_moments(field: str, moments: ArrayLike, length: int) -> NDArray[np.float64]:
    """Return moments, one for each entry, before or after the clock began; or say what is wrong with them."""
    values = checked_numbers(field, moments)
    if values.shape != (length,):
        raise InvalidInputError(field, f"must hold {length} moments, one for each entry")
    wrong = np.flatnonzero(~np.isfinite(values))
    if len(wrong):
        raise InvalidInputError(field, f"entry {wrong[0]} must be a finite moment, not {values[wrong[0]]}")
    return values


def _time_out(out: NDArray[np.float64], free: NDArray[np.float64]) -> float:
    """Return how long at least one of some stays lasts."""
    order = np.argsort(out, kind="stable")
    until = np.maximum.accumulate(free[order])
    begun = np.maximum(out[order], np.concatenate([[-np.inf], until[:-1]]))
    return float(np.maximum(free[order] - begun, 0).sum())
