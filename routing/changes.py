"""Changes that somebody could bring about, applied to candidates exactly as they are said."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from routing.dispatch import Candidates
from routing.reasons import FailedTest, Failure
from routing.spoken import joined_en, spoken

GIVEN_BACK_EN = {
    FailedTest.CERTIFICATE_EXPIRED: "its {} certificate is renewed",
    FailedTest.STOCK_EXPIRED: "its expired {} is replaced",
    FailedTest.STOCK_HELD: "its minimum of {} is released",
    FailedTest.STOCK_LATER: "its {} is available now",
}
GIVEN_BACK_ZH = {
    FailedTest.CERTIFICATE_EXPIRED: "{}资质完成换证",
    FailedTest.STOCK_EXPIRED: "过期{}完成更换",
    FailedTest.STOCK_HELD: "{}最低储备获准动用",
    FailedTest.STOCK_LATER: "{}即刻可用",
}


@dataclass(frozen=True)
class Offer:
    """What somebody then offers of one requirement, by its position among the requirements."""

    requirement: int
    amount: float
    level: float


@dataclass(frozen=True)
class BackInService:
    """It is put back in service."""

    en: ClassVar[str] = "it is back in service"
    zh: ClassVar[str] = "恢复执勤"

    def made(self, candidates: Candidates, i: int) -> Candidates:
        """Return the candidates with this change made to one."""
        in_service = candidates.in_service.copy()
        in_service[i] = True
        return replace(candidates, in_service=in_service)


@dataclass(frozen=True)
class Released:
    """The incident that has it lets it go."""

    en: ClassVar[str] = "it is released"
    zh: ClassVar[str] = "解除当前任务"

    def made(self, candidates: Candidates, i: int) -> Candidates:
        """Return the candidates with this change made to one."""
        return _freed(candidates, i)


@dataclass(frozen=True)
class Agreed:
    """It agrees to come after all."""

    en: ClassVar[str] = "it agrees to come"
    zh: ClassVar[str] = "同意出动"

    def made(self, candidates: Candidates, i: int) -> Candidates:
        """Return the candidates with this change made to one."""
        return _freed(candidates, i)


@dataclass(frozen=True)
class ConsentGiven:
    """Whoever keeps it at home lets it go."""

    en: ClassVar[str] = "its leaving home is consented to"
    zh: ClassVar[str] = "对方同意调出"

    def made(self, candidates: Candidates, i: int) -> Candidates:
        """Return the candidates with this change made to one."""
        return replace(candidates, held=(*candidates.held[:i], None, *candidates.held[i + 1 :]))


@dataclass(frozen=True)
class GivenBack:
    """What took an offer away is mended: a certificate renewed, stock replaced, released or there already."""

    failure: Failure
    offers: tuple[Offer, ...]

    @property
    def en(self) -> str:
        """What has to happen."""
        return GIVEN_BACK_EN[self.failure.test].format(self._name)

    @property
    def zh(self) -> str:
        """What has to happen, in Chinese."""
        return GIVEN_BACK_ZH[self.failure.test].format(spoken(self._name).zh)

    @property
    def _name(self) -> str:
        return self.failure.withheld.name if self.failure.withheld else "offer"

    def made(self, candidates: Candidates, i: int) -> Candidates:
        """Return the candidates with this change made to one."""
        left = tuple(failure for failure in candidates.expired[i] if failure != self.failure)
        expired = (*candidates.expired[:i], left, *candidates.expired[i + 1 :])
        return _offering(replace(candidates, expired=expired), i, self.offers)


@dataclass(frozen=True)
class Brought:
    """It brings a capability, or holds a supply, that it has not got."""

    name: str
    offer: Offer

    @property
    def en(self) -> str:
        """What has to happen."""
        level = f" at level {self.offer.level:g}" if self.offer.level else ""
        return f"it offers {self.name} {self.offer.amount:g}{level}"

    @property
    def zh(self) -> str:
        """What has to happen, in Chinese."""
        said = spoken(self.name)
        level = f"{self.offer.level:g}级" if self.offer.level else ""
        return f"具备{level}{said.zh}{self.offer.amount:g}{said.measure_zh}"

    def made(self, candidates: Candidates, i: int) -> Candidates:
        """Return the candidates with this change made to one."""
        return _offering(candidates, i, (self.offer,))


@dataclass(frozen=True)
class FromBase:
    """A good position instead of the one dated in the future: it starts from its base."""

    travel_s: float
    en: ClassVar[str] = "a good position shows it at its base"
    zh: ClassVar[str] = "定位恢复正常并从驻地出发"

    def made(self, candidates: Candidates, i: int) -> Candidates:
        """Return the candidates with this change made to one."""
        travel_s, ahead_s = candidates.travel_s.copy(), candidates.ahead_s.copy()
        travel_s[i], ahead_s[i] = self.travel_s, 0.0
        return replace(candidates, travel_s=travel_s, ahead_s=ahead_s)


@dataclass(frozen=True, eq=False)
class Reopened:
    """
    Closed roads reopen, for everybody.

    Attributes
    ----------
    roads : tuple of str
        What reopens, as in *the bridge*.
    travel_s : float64, shape (n,)
        The road time of every candidate in a run with these roads open; of one whose position is dated in the
        future, from its base.
    """

    roads: tuple[str, ...]
    travel_s: NDArray[np.float64]

    @property
    def en(self) -> str:
        """What has to happen."""
        return f"{joined_en(self.roads)} {'reopens' if len(self.roads) == 1 else 'reopen'}"

    @property
    def zh(self) -> str:
        """What has to happen, in Chinese."""
        return f"{'、'.join(self.roads)}重新开放"

    def made(self, candidates: Candidates, _: int) -> Candidates:
        """Return the candidates with this change made."""
        return replace(candidates, travel_s=self.travel_s)


Change = BackInService | Released | Agreed | ConsentGiven | GivenBack | Brought | FromBase | Reopened


def applied(candidates: Candidates, position: int, changes: Sequence[Change]) -> Candidates:
    """Return the candidates with exactly these changes made to the one at a position, in their order."""
    return reduce(lambda so_far, change: change.made(so_far, position), changes, candidates)


def _freed(candidates: Candidates, i: int) -> Candidates:
    return replace(candidates, busy=(*candidates.busy[:i], None, *candidates.busy[i + 1 :]))


def _offering(candidates: Candidates, i: int, offers: Sequence[Offer]) -> Candidates:
    offered, level = candidates.offered.copy(), candidates.level.copy()
    for offer in offers:
        offered[i, offer.requirement], level[i, offer.requirement] = offer.amount, offer.level
    return replace(candidates, offered=offered, level=level)
