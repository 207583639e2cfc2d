"""The cover that sending units costs: sources that lose their standard, and the best move-up."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.picture import Picture, Starts
from data.graded_sources import StandardFacts
from routing.cover import Cover, HomeCover, MoveUpAdvice, VacatedPosts, best_move_up, cover_of
from routing.dispatch import Candidates

NO_STANDARD_S = float("inf")


@dataclass(frozen=True)
class Covering:
    """
    Cover before and after.

    Attributes
    ----------
    standard : tuple of StandardFacts or None
        What each source is owed.
    holder : int64, shape (holders,)
        The units that count for any standard, as positions in the picture.
    post : int64, shape (posts,)
        One of the units that leaves each vacated base, as a position in the picture.
    lon, lat : float64, shape (units,)
        Where all units of the picture start from, WGS84 degrees.
    """

    standard: tuple[StandardFacts | None, ...]
    holder: NDArray[np.int64]
    post: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    home: HomeCover
    cover: Cover
    advice: MoveUpAdvice


def covering(picture: Picture, starts: Starts, units: Candidates, sent: NDArray[np.int64]) -> Covering:
    """Count the standards of cover with everybody at home, then without those sent."""
    owed = tuple(_owed(picture.standards, int(grade)) for grade in picture.sources.grade)
    holds = _holds(picture, units, owed)
    holder = np.flatnonzero(holds.any(axis=1) & units.in_service & ~picture.busy)
    post = _vacated(picture, sent)
    reach = _reach(picture, starts, holder, post)
    ready_s = units.ready_s[holder]
    home = HomeCover(
        unit=units.id[holder],
        seconds=ready_s[:, None] + reach.to_sources_s,
        counts=holds[holder],
        standard_s=np.array([NO_STANDARD_S if one is None else one.seconds for one in owed]),
        grade=picture.sources.grade,
        leaving=np.isin(holder, sent),
    )
    cover = cover_of(home)
    posts = VacatedPosts(
        picture.units.id[post], reach.to_posts_s, ready_s[:, None, None] + reach.from_posts_s
    )
    advice = best_move_up(home, posts)
    return Covering(owed, holder, post, starts.lon, starts.lat, home, cover, advice)


def _owed(standards: Sequence[StandardFacts], grade: int) -> StandardFacts | None:
    """Return the strictest standard that asks for a capability at hazard sources of a grade, and names it."""
    of_grade = [
        standard for standard in standards if standard.grade == grade and standard.capability is not None
    ]
    return min(of_grade, key=lambda standard: (standard.seconds, standard.code), default=None)


def _holds(picture: Picture, units: Candidates, owed: Sequence[StandardFacts | None]) -> NDArray[np.bool_]:
    """Return which units hold what each source's standard asks for, shape (units, sources)."""
    holds = np.zeros((len(units.id), len(owed)), dtype=np.bool_)
    for standard in dict.fromkeys(owed):
        if standard is None or standard.capability is None:
            continue
        column = picture.read_capabilities.index(standard.capability)
        level = picture.units.level[:, column]
        able = (picture.certified[:, column] > 0) & (level >= standard.capability_level)
        holds[:, [one == standard for one in owed]] = able[:, None]
    return holds


def _vacated(picture: Picture, sent: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the first of the units sent from each base."""
    bases = np.column_stack((picture.units.base_lon[sent], picture.units.base_lat[sent]))
    return sent[np.sort(np.unique(bases, axis=0, return_index=True)[1])]


@dataclass(frozen=True)
class _Reach:
    """
    How the units that count get about.

    Attributes
    ----------
    to_sources_s : float64, shape (holders, sources)
        From where each starts.
    to_posts_s : float64, shape (holders, posts)
    from_posts_s : float64, shape (holders, posts, sources)
        From each post, as each holder drives.
    """

    to_sources_s: NDArray[np.float64]
    to_posts_s: NDArray[np.float64]
    from_posts_s: NDArray[np.float64]


def _reach(picture: Picture, starts: Starts, holder: NDArray[np.int64], post: NDArray[np.int64]) -> _Reach:
    """Return one matrix a vehicle profile: from its holders and all posts, to all posts and sources."""
    units, sources, snap = picture.units, picture.sources, picture.situation.roads.index.snap
    posts = len(post)
    origins = snap(
        np.concatenate((units.base_lon[post], starts.lon[holder])),
        np.concatenate((units.base_lat[post], starts.lat[holder])),
    )
    targets = snap(
        np.concatenate((units.base_lon[post], sources.lon)),
        np.concatenate((units.base_lat[post], sources.lat)),
    )
    home_s = np.full((len(holder), posts + len(sources.id)), np.inf)
    from_posts_s = np.full((len(holder), posts, len(sources.id)), np.inf)
    profiles = units.vehicle_profile[holder].astype(np.str_)
    for profile in np.unique(profiles).tolist():
        rows = np.flatnonzero(profiles == profile)
        driving = np.concatenate((np.arange(posts), posts + rows))
        times_s = picture.situation.router(profile).matrix(origins[driving], targets)
        home_s[rows], from_posts_s[rows] = times_s[posts:], times_s[None, :posts, posts:]
    return _Reach(home_s[:, posts:], home_s[:, :posts], from_posts_s)
