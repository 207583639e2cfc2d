"""Cover: which hazard sources lose their standard when units leave, and the move-up that repairs most."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

GRADES = (1, 2)
"""The grades of hazard source that cover is kept for, the graver first."""


@dataclass(frozen=True)
class HomeCover:
    """
    Units at their posts, and the sources they answer for.

    Attributes
    ----------
    unit : int64, shape (units,)
        Ids, which break ties.
    seconds : float64, shape (units, sources)
        From the order until each unit is there from its own post; ``inf`` where no road leads.
    counts : bool, shape (units, sources), or (units, 1) where one capability serves every standard
        Whether the unit holds the capability that the source's standard asks for.
    standard_s : float64, shape (sources,)
        Within how long somebody must be there; ``inf`` where no standard holds.
    grade : int64, shape (sources,)
        The grade of each source; only 1 and 2 are looked at.
    leaving : bool, shape (units,)
        Who goes.
    """

    unit: NDArray[np.int64]
    seconds: NDArray[np.float64]
    counts: NDArray[np.bool_]
    standard_s: NDArray[np.float64]
    grade: NDArray[np.int64]
    leaving: NDArray[np.bool_]

    @property
    def within(self) -> NDArray[np.bool_]:
        """Which units meet which source's standard from their posts, shape (units, sources)."""
        return meets(self, self.seconds, self.counts)


@dataclass(frozen=True)
class GradeCover:
    """How many sources of a grade have a standard, and meet it before and after the units leave."""

    grade: int
    with_standard: int
    before: int
    after: int


@dataclass(frozen=True)
class Cover:
    """
    What leaving does to cover.

    Attributes
    ----------
    lost : int64, shape (k,)
        Positions of the sources that met their standard before and do not after, by grade, then position.
    by_grade : tuple of GradeCover
        One for each of ``GRADES``, in their order.
    """

    lost: NDArray[np.int64]
    by_grade: tuple[GradeCover, ...]


@dataclass(frozen=True)
class VacatedPosts:
    """
    Posts that somebody could move up to.

    Attributes
    ----------
    post : int64, shape (posts,)
        Ids, which break ties last.
    drive_s : float64, shape (units, posts)
        What moving there takes each unit; ``inf`` where no road leads.
    seconds : float64, shape (units, posts, sources), or (1, posts, sources) where all drive alike
        From the order until a unit standing there is at each source.
    """

    post: NDArray[np.int64]
    drive_s: NDArray[np.float64]
    seconds: NDArray[np.float64]


@dataclass(frozen=True)
class MoveUp:
    """
    One unit to one vacated post.

    Attributes
    ----------
    unit, post : int
        Positions.
    drive_s : float
        What the move itself takes; until then cover is as it was left.
    regained, newly_lost : int64, shape (k,)
        Positions of sources that meet their standard by it, and of those left bare by it; by grade, position.
    """

    unit: int
    post: int
    drive_s: float
    regained: NDArray[np.int64]
    newly_lost: NDArray[np.int64]


class NoMoveUp(StrEnum):
    """Why nobody should move up."""

    NOTHING_LOST = "no source loses its standard of cover"
    NOBODY_CAN = "no unit that stays can drive to a vacated post"
    NONE_HELPS = "no single move brings back more than it leaves bare"

    @property
    def zh(self) -> str:
        """In Chinese."""
        return _NO_MOVE_UP_ZH[self]


_NO_MOVE_UP_ZH = {
    NoMoveUp.NOTHING_LOST: "没有危险源失去应有的力量覆盖",
    NoMoveUp.NOBODY_CAN: "没有留守队伍能够驶抵空出的驻点",
    NoMoveUp.NONE_HELPS: "任何单次移防所恢复的覆盖都不多于由此造成的缺口",
}


@dataclass(frozen=True)
class MoveUpAdvice:
    """The move that repairs most; where it is None, ``why_not`` says why."""

    move: MoveUp | None
    why_not: NoMoveUp | None


def cover_of(home: HomeCover) -> Cover:
    """Return which sources of grade 1 and 2 lose their standard of cover, and how many keep it."""
    within = home.within
    before: NDArray[np.bool_] = np.any(within, axis=0)
    after: NDArray[np.bool_] = np.any(within[~home.leaving], axis=0)
    by_grade = []
    for grade in GRADES:
        held = (home.grade == grade) & np.isfinite(home.standard_s)
        by_grade.append(
            GradeCover(
                grade,
                int(np.count_nonzero(held)),
                int(np.count_nonzero(held & before)),
                int(np.count_nonzero(held & after)),
            )
        )
    return Cover(_by_grade(home, before & ~after), tuple(by_grade))


def best_move_up(home: HomeCover, posts: VacatedPosts) -> MoveUpAdvice:
    """
    Try every unit that stays at every vacated post, and return the move that repairs most.

    A move is worth the sources that meet their standard by it less those that no longer do: of grade 1 first,
    then of grade 2. Among equals the shorter drive wins, then the lower id of the unit, then of the post.
    """
    if not len(cover_of(home).lost):
        return MoveUpAdvice(None, NoMoveUp.NOTHING_LOST)
    can_move = ~home.leaving[:, None] & np.isfinite(posts.drive_s)
    if not can_move.any():
        return MoveUpAdvice(None, NoMoveUp.NOBODY_CAN)
    stay = _Stay.of(home)
    worth = np.stack([_worth(home, stay, posts.seconds[:, i]) for i in range(len(posts.post))], axis=1)
    unit, post = np.nonzero(can_move & (worth > 0))
    if not len(unit):
        return MoveUpAdvice(None, NoMoveUp.NONE_HELPS)
    ties = (posts.post[post], home.unit[unit], posts.drive_s[unit, post])
    best = np.lexsort((*ties, -worth[unit, post]))[0]
    return MoveUpAdvice(_move(home, stay, posts, (int(unit[best]), int(post[best]))), None)


def meets(home: HomeCover, seconds: NDArray[np.float64], counts: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return where times meet the standards of sources of grade 1 or 2 by a unit that counts there."""
    looked_at = np.isin(home.grade, GRADES) & np.isfinite(home.standard_s)
    met: NDArray[np.bool_] = counts & looked_at & (seconds <= home.standard_s)
    return met


@dataclass(frozen=True)
class _Stay:
    """What those who stay cover from their posts, shape (sources,), and without each, (units, sources)."""

    covered: NDArray[np.bool_]
    without: NDArray[np.bool_]

    @classmethod
    def of(cls, home: HomeCover) -> "_Stay":
        staying = home.within & ~home.leaving[:, None]
        times = np.count_nonzero(staying, axis=0)
        return cls(times > 0, times - staying > 0)


def _worth(home: HomeCover, stay: _Stay, from_there_s: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return what each unit at a post is worth: of any size in grade 1, it outweighs all of grade 2."""
    then = stay.without | meets(home, from_there_s, home.counts)
    change = then.astype(np.int64) - stay.covered
    one_grave = 2 * len(home.grade) + 1
    weight = np.where(home.grade == GRADES[0], one_grave, 1)
    return np.asarray(change @ weight, dtype=np.int64)


def _move(home: HomeCover, stay: _Stay, posts: VacatedPosts, move: tuple[int, int]) -> MoveUp:
    unit, post = move
    everybody_s = np.broadcast_to(posts.seconds[:, post], home.seconds.shape)
    then = stay.without[unit] | meets(home, everybody_s[unit], home.counts[unit])
    return MoveUp(
        unit=unit,
        post=post,
        drive_s=float(posts.drive_s[unit, post]),
        regained=_by_grade(home, then & ~stay.covered),
        newly_lost=_by_grade(home, stay.covered & ~then),
    )


def _by_grade(home: HomeCover, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
    positions = np.flatnonzero(chosen)
    return positions[np.argsort(home.grade[positions], kind="stable")]
