"""Why a candidate is not listed: the tests there are, and how failing each is said in English and Chinese."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from routing.spoken import listed_zh, spoken

HOUR_S = 3600
MINUTE_S = 60


class FailedTest(StrEnum):
    """The tests a candidate can fail, in the order they are told."""

    OUT_OF_SERVICE = "out of service"
    BUSY = "busy"
    REFUSED = "refused"
    LACKS_CAPABILITY = "lacks capability"
    BELOW_LEVEL = "below level"
    CERTIFICATE_EXPIRED = "certificate expired"
    NO_STOCK = "no stock"
    STOCK_EXPIRED = "stock expired"
    STOCK_HELD = "stock held"
    STOCK_LATER = "stock later"
    OFF_NETWORK = "off network"
    UNREACHABLE = "unreachable"
    FUTURE_POSITION = "future position"
    HELD_AT_HOME = "held at home"


@dataclass(frozen=True)
class Share:
    """How much of a capability or a supply, and of which level."""

    name: str
    amount: float
    level: float = 0.0


@dataclass(frozen=True)
class Failure:
    """A test that was failed, in words; where it takes an offer away, the share that mending gives back."""

    test: FailedTest
    en: str
    zh: str
    withheld: Share | None = None


@dataclass(frozen=True)
class TooLow:
    """A capability that is there, but lower than needed: a crew's level, or what it reaches at most."""

    name: str
    offered: float
    needed: float
    is_crew_level: bool = True

    @property
    def en(self) -> str:
        """In English, as ``medical level 1 of 2 needed``."""
        level = " level" if self.is_crew_level else ""
        return f"{self.name}{level} {self.offered:g} of {self.needed:g} needed"

    @property
    def zh(self) -> str:
        """In Chinese."""
        measure = "级" if self.is_crew_level else spoken(self.name).measure_zh
        return f"{spoken(self.name).zh}{self.offered:g}{measure}低于所需{self.needed:g}{measure}"


def out_of_service() -> Failure:
    """Say that it cannot be sent at all."""
    return Failure(FailedTest.OUT_OF_SERVICE, "out of service", "停勤")


def busy(incident_id: int, state: str) -> Failure:
    """Say that another incident has it, and how far it has come with that."""
    return Failure(
        FailedTest.BUSY,
        f"busy with incident {incident_id} ({state})",
        f"正在处置第{incident_id}号事件（{spoken(state).zh}）",
    )


def refused(why: str) -> Failure:
    """Say that it was asked to come to this very incident and refused."""
    return Failure(FailedTest.REFUSED, f"refused this incident: {why}", f"已拒绝本次调派：{why}")


def lacks_capability(needed: Sequence[str]) -> Failure:
    """Say that it offers nothing of what is needed."""
    return Failure(
        FailedTest.LACKS_CAPABILITY,
        f"lacks capability: offers none of {', '.join(needed)}",
        f"不具备{listed_zh(needed)}能力",
    )


def below_level(too_low: Sequence[TooLow]) -> Failure:
    """Say that it offers something needed, at too low a level only."""
    return Failure(
        FailedTest.BELOW_LEVEL,
        f"lacks capability: {', '.join(one.en for one in too_low)}",
        "、".join(one.zh for one in too_low),
    )


def certificate_expired(withheld: Share, expired_on: date) -> Failure:
    """Say that its crew no longer holds the certificate that lets its capability count."""
    return Failure(
        FailedTest.CERTIFICATE_EXPIRED,
        f"certificate expired: {withheld.name} on {expired_on}",
        f"{spoken(withheld.name).zh}资质已于{expired_on}过期",
        withheld,
    )


def no_stock(needed: Sequence[str]) -> Failure:
    """Say that it holds nothing of what is needed."""
    return Failure(FailedTest.NO_STOCK, f"no stock of {', '.join(needed)}", f"无{listed_zh(needed)}库存")


def counted_otherwise(name: str, counted_in: str, wanted_in: str) -> Failure:
    """Say that what it holds is counted in a unit of measure that tells nothing about the one asked for."""
    return Failure(
        FailedTest.NO_STOCK,
        f"no stock: its {name} is counted in {counted_in}, which cannot be compared with {wanted_in}",
        f"{spoken(name).zh}以{counted_in}计量，无法与{wanted_in}换算",
    )


def stock_expired(withheld: Share, unit_of_measure: str, expired_on: date) -> Failure:
    """Say that what it holds is past its date."""
    return Failure(
        FailedTest.STOCK_EXPIRED,
        f"stock expired: {_amount_en(withheld, unit_of_measure)} on {expired_on}",
        f"{_amount_zh(withheld, unit_of_measure)}已于{expired_on}过期",
        withheld,
    )


def stock_held(withheld: Share, unit_of_measure: str) -> Failure:
    """Say that what it holds is its minimum, which an approver may release."""
    return Failure(
        FailedTest.STOCK_HELD,
        f"stock held: {_amount_en(withheld, unit_of_measure)} kept as its minimum",
        f"{_amount_zh(withheld, unit_of_measure)}属须经批准方可动用的最低储备",
        withheld,
    )


def stock_later(withheld: Share, unit_of_measure: str, after_s: float) -> Failure:
    """Say that what it will hold is still to be made or brought in."""
    en, zh, unit_s = ("h", "小时", HOUR_S) if after_s >= HOUR_S else ("min", "分钟", MINUTE_S)
    value = f"{after_s / unit_s:.3g}"
    return Failure(
        FailedTest.STOCK_LATER,
        f"stock later: {_amount_en(withheld, unit_of_measure)} only after {value} {en}",
        f"{_amount_zh(withheld, unit_of_measure)}须{value}{zh}后方可提供",
        withheld,
    )


def off_network(off_m: float) -> Failure:
    """Say that it stands too far from any road."""
    return Failure(FailedTest.OFF_NETWORK, f"off the network by {off_m:.0f} m", f"偏离路网{off_m:.0f}米")


def unreachable(hindrance: str) -> Failure:
    """Say that no road leads from it to the incident, and what is in the way where that is known."""
    return Failure(
        FailedTest.UNREACHABLE,
        f"unreachable: {hindrance or 'no road leads from there to the incident'}",
        f"因{hindrance}无法到达" if hindrance else "没有道路通往事发地",
    )


def future_position(ahead_s: float) -> Failure:
    """Say that its position bears a time that has not come yet."""
    return Failure(
        FailedTest.FUTURE_POSITION,
        f"position dated in the future by {ahead_s:.0f} s",
        f"定位时间超前{ahead_s:.0f}秒",
    )


def held_at_home(site: str) -> Failure:
    """Say that it covers a site that must not be left bare without consent."""
    return Failure(
        FailedTest.HELD_AT_HOME,
        f"held at home: it is the cover of {site}, which has not consented",
        f"须留守{site}且对方尚未同意调出",
    )


def _amount_en(share: Share, unit_of_measure: str) -> str:
    return f"{share.amount:g} {unit_of_measure} of {share.name}"


def _amount_zh(share: Share, unit_of_measure: str) -> str:
    return f"{spoken(share.name).zh}{share.amount:g}{unit_of_measure}"
