"""The cover that sending units costs: sources that lose their standard, and the best move-up."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.picture import Picture, Starts
from data.graded_sources import StandardFacts
from routing.cover import Cover, HomeCover, MoveUpAdvice, VacatedPosts, best_move_up, cover_of
from routing.dispatch import Candidates
from routing.snapping import Snapped

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
    holder = np.flatnonzero(holds.any(axis=1) & units.in_service)
    post = _vacated(picture, sent)
    reach = _Reach(picture, starts, units, holder)
    home = HomeCover(
        unit=units.id[holder],
        seconds=units.ready_s[holder, None] + reach.to_sources_s(),
        counts=holds[holder],
        standard_s=np.array([NO_STANDARD_S if one is None else one.seconds for one in owed]),
        grade=picture.sources.grade,
        leaving=np.isin(holder, sent),
    )
    cover = cover_of(home)
    advice = best_move_up(home, reach.posts(post))
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
    """How the units that count get about: a matrix a vehicle profile."""

    picture: Picture
    starts: Starts
    units: Candidates
    holder: NDArray[np.int64]

    def to_sources_s(self) -> NDArray[np.float64]:
        """Return road times, shape (holders, sources)."""
        sources = self._snap(self.picture.sources.lon, self.picture.sources.lat)
        return self._matrix(self._places, sources)

    def posts(self, post: NDArray[np.int64]) -> VacatedPosts:
        """Return what every move to a vacated post would take and give."""
        columns, sources = self.picture.units, self.picture.sources
        places = self._snap(columns.base_lon[post], columns.base_lat[post])
        from_post = np.full((len(self.holder), len(post), len(sources.id)), np.inf)
        for profile, rows in self._by_profile():
            router = self.picture.situation.router(profile)
            from_post[rows] = router.matrix(places, self._snap(sources.lon, sources.lat))[None]
        return VacatedPosts(
            post=columns.id[post],
            drive_s=self._matrix(self._places, places),
            seconds=self.units.ready_s[self.holder, None, None] + from_post,
        )

    @property
    def _places(self) -> Snapped:
        return self._snap(self.starts.lon[self.holder], self.starts.lat[self.holder])

    def _matrix(self, origins: Snapped, targets: Snapped) -> NDArray[np.float64]:
        times_s = np.full((len(origins), len(targets)), np.inf)
        for profile, rows in self._by_profile():
            times_s[rows] = self.picture.situation.router(profile).matrix(origins[rows], targets)
        return times_s

    def _by_profile(self) -> list[tuple[str, NDArray[np.int64]]]:
        profiles = self.picture.units.vehicle_profile[self.holder].astype(np.str_)
        return [(name, np.flatnonzero(profiles == name)) for name in np.unique(profiles).tolist()]

    def _snap(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Snapped:
        return self.picture.situation.roads.index.snap(lon, lat)
