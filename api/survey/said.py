"""Words of a survey: what was found becomes the answer, the worst first."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from api.live_roads import LiveRoads
from api.needs import label
from api.rounding import amount, lon_lat, seconds_if_ever
from api.survey.answer import (
    CapabilitySaid,
    EnterpriseSaid,
    ShareSaid,
    SourceSaid,
    SummarySaid,
    SupplySaid,
    SurveyAnswer,
    TableSaid,
    UnverifiedSaid,
)
from api.survey.ground import SurveyGround
from api.survey.needs import SourceStanding
from data.records import VerifiedRow
from data.surveyed import EnterpriseStanding
from routing.survey import Standing, SupplyStanding, worst_first

TENTHS = 10
PER_HUNDRED = 100.0
UNGRADED_LAST = 9
HOW = (
    "Units start from their bases with what their crews may do today, none of them busy; those of another "
    "authority once it has approved, or as its agreement promises.",
    "A source is reached when the last of its gates or pieces is; a depot counts when its load would be "
    "there in time.",
    "What can be produced, is past its date, or is a depot's minimum does not count as available.",
)


@dataclass(frozen=True)
class Found:
    """What a survey found, before it is put into words."""

    day: date
    within_s: float
    stale_days: int
    ground: SurveyGround
    standings: tuple[SourceStanding | None, ...]
    enterprises: tuple[EnterpriseStanding, ...]
    rows: tuple[VerifiedRow, ...]


def survey_said(found: Found, roads: LiveRoads) -> SurveyAnswer:
    """Return the answer."""
    tables = _tables(found)
    return SurveyAnswer(
        roads=roads.stored.name,
        roads_hash=roads.stored.hash,
        licence=roads.licence,
        day=found.day,
        within_s=found.within_s,
        stale_days=found.stale_days,
        summary=_summary(found, tables),
        enterprises=[_enterprise(one) for one in sorted(found.enterprises, key=_pressing)],
        sources=list(_sources(found)),
        tables=tables,
        unverified=list(_unverified(found)),
        notes=[f"Agreements count as of {found.day}.", *HOW],
    )


def _summary(found: Found, tables: Sequence[TableSaid]) -> SummarySaid:
    rows, never = sum(one.rows for one in tables), sum(one.never for one in tables)
    stale, count = sum(one.stale for one in tables), len(found.standings)
    known = [one for one in found.standings if one is not None]
    equipped = [one for one in known if not one.gaps]
    in_time = [one for one in equipped if not any(each.late for each in one.all)]
    return SummarySaid(
        provided=_share(sum(one.provided for one in found.enterprises), len(found.enterprises)),
        equipped=_share(len(equipped), count),
        in_time=_share(len(in_time), count),
        verified=_share(rows - never, rows),
        current=_share(rows - never - stale, rows),
    )


def _share(good: int, of: int) -> ShareSaid:
    return ShareSaid(good=good, of=of, percent=_percent(good, of) if of else None)


def _percent(good: int, of: int) -> float:
    """Return a percentage, rounded down: 100 is every one."""
    return math.floor(PER_HUNDRED * TENTHS * good / of) / TENTHS


def _pressing(one: EnterpriseStanding) -> tuple[bool, int, str]:
    return one.provided, one.grade or UNGRADED_LAST, one.name


def _enterprise(one: EnterpriseStanding) -> EnterpriseSaid:
    return EnterpriseSaid(
        name=one.name,
        headcount=one.headcount,
        grade=one.grade,
        sources=list(one.sources),
        teams=list(one.teams),
        agreements=list(one.agreements),
        lapsed=list(one.lapsed),
        provided=one.provided,
        synthetic=one.synthetic,
    )


def _sources(found: Found) -> Iterator[SourceSaid]:
    parts = [None if one is None else one.all for one in found.standings]
    for i in worst_first(found.ground.sources.grade.tolist(), parts):
        yield _source(found.ground, i, found.standings[i])


def _source(ground: SurveyGround, i: int, standing: SourceStanding | None) -> SourceSaid:
    sources, wants, place = ground.sources, ground.wants[i], ground.place(i)
    units = () if wants.needs is None else wants.needs.supplies
    return SourceSaid(
        id=int(sources.id[i]),
        name=str(sources.name[i]),
        enterprise=str(sources.enterprise[i]),
        kind=str(sources.kind[i]),
        grade=int(sources.grade[i]),
        synthetic=bool(sources.synthetic[i]),
        place=lon_lat(place.lon, place.lat),
        incident_kind=wants.incident_kind,
        substances=list(wants.substances),
        plan=None if wants.needs is None else wants.needs.plan.name,
        why_none=wants.why_none,
        first_s=None if standing is None else seconds_if_ever(standing.first_s),
        gaps=1 if standing is None else standing.gaps,
        capabilities=[] if standing is None else [_capability(one) for one in standing.capabilities],
        supplies=[]
        if standing is None
        else [
            _supply(one, supply.unit_of_measure) for one, supply in zip(standing.supplies, units, strict=True)
        ],
    )


def _capability(one: Standing) -> CapabilitySaid:
    requirement = one.requirement
    return CapabilitySaid(
        label=label(requirement),
        adds_up=requirement.adds_up.value,
        level=requirement.level or None,
        needed=amount(requirement.quantity),
        available=amount(one.available),
        missing=amount(one.missing),
        complete_s=seconds_if_ever(one.complete_s),
        due_s=seconds_if_ever(requirement.deadline_s),
        late=one.late,
    )


def _supply(one: SupplyStanding, unit_of_measure: str) -> SupplySaid:
    return SupplySaid(
        item=one.requirement.name,
        unit_of_measure=unit_of_measure,
        needed=amount(one.requirement.quantity),
        available=amount(one.available),
        to_fetch=amount(one.to_fetch),
        producible=amount(one.producible),
        produced_from_s=seconds_if_ever(one.produced_from_s),
        missing=amount(one.missing),
        complete_s=seconds_if_ever(one.complete_s),
        due_s=seconds_if_ever(one.requirement.deadline_s),
        late=one.late,
    )


def _age_days(row: VerifiedRow, day: date) -> int | None:
    return None if row.verified_on is None else (day - row.verified_on).days


def _tables(found: Found) -> list[TableSaid]:
    """Return every table that has rows, the one with the least share of current rows first."""
    ages: dict[str, list[int | None]] = {}
    for row in found.rows:
        ages.setdefault(row.table, []).append(_age_days(row, found.day))
    tables = [_table(name, own, found.stale_days) for name, own in ages.items()]
    return sorted(tables, key=lambda one: (one.percent_current, one.table))


def _table(name: str, ages: Sequence[int | None], stale_days: int) -> TableSaid:
    never = sum(age is None for age in ages)
    stale = sum(age is not None and age > stale_days for age in ages)
    return TableSaid(
        table=name,
        rows=len(ages),
        never=never,
        stale=stale,
        percent_verified=_percent(len(ages) - never, len(ages)),
        percent_current=_percent(len(ages) - never - stale, len(ages)),
    )


def _unverified(found: Found) -> Iterator[UnverifiedSaid]:
    """Yield the rows never verified, then those verified too long ago, the oldest first."""
    aged = [(_age_days(row, found.day), row) for row in found.rows]
    for _, row in [pair for pair in aged if pair[0] is None]:
        yield _row(row, None)
    stale = [(age, row) for age, row in aged if age is not None and age > found.stale_days]
    for age, row in sorted(stale, key=lambda pair: -pair[0]):
        yield _row(row, age)


def _row(row: VerifiedRow, days: int | None) -> UnverifiedSaid:
    return UnverifiedSaid(
        table=row.table,
        id=row.id,
        name=row.name,
        verified_on=row.verified_on,
        verified_by=row.verified_by,
        days=days,
        synthetic=row.synthetic,
    )
