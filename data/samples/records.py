"""Made-up records: enterprises, drills, some overdue, station areas, and what was looked at when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import shapely
from shapely import Point, Polygon
from sqlalchemy.orm import Session

from data.models import DrillForm, DrillOrganiser, StationClass, Tier
from data.records import plan_records, verified_rows
from data.registry import NewBase, NewHazardSource, NewTeam
from data.registry.records import (
    BY_NUMBER,
    NewDrill,
    NewEnterprise,
    NewStationArea,
    PlanDates,
    Verification,
    add_drills,
    date_plans,
    put_enterprises,
    put_station_areas,
    verify,
)
from data.samples.chance import Chance
from data.samples.ground import DIGITS
from data.samples.naming import contact
from geo.crs import metric_system, to_degrees, to_metres

HEADCOUNT = (12, 3200)
REVENUE_A_HEAD_YUAN = (300_000, 2_400_000)
EVERY_UNKNOWN_REVENUE = 10

TEAM_DRILL_DAYS, OVERDUE_DAYS, EVERY_OVERDUE = (10, 170), (200, 420), 7
GOVERNMENT_DRILLS, GOVERNMENT_DRILL_DAYS = 6, (40, 900)
ENTERPRISE_DRILL_DAYS, EVERY_ENTERPRISE = (20, 400), 3

RADIUS_M = {
    StationClass.CLASS_1: (1300, 1700),
    StationClass.CLASS_2: (950, 1250),
    StationClass.SMALL: (650, 850),
    StationClass.SUBURBAN: (1900, 2400),
}
"""Of the circle that an area is cut from: about what the class should answer for, at times more."""
FARTHEST_M = 5000.0

EVERY_NEVER_VERIFIED, EVERY_STALE = 9, 6
FRESH_DAYS, STALE_DAYS = (5, 350), (400, 1500)
REVISED_DAYS, LONG_AGO_DAYS, FILED_AFTER_DAYS = (30, 1000), 1300, (5, 25)


@dataclass(frozen=True)
class CityRecords:
    """What is on file of a city, each row marked as synthetic."""

    enterprises: tuple[NewEnterprise, ...]
    drills: tuple[NewDrill, ...]
    areas: tuple[NewStationArea, ...]


def make_records(
    bases: Sequence[NewBase],
    teams: Sequence[NewTeam],
    sources: Sequence[NewHazardSource],
    seed: int,
    today: date,
) -> CityRecords:
    """Return what a bureau would keep on file of these; every seventh team's drill is overdue."""
    return CityRecords(
        enterprises=tuple(_enterprises(sources, Chance(seed, "enterprises"))),
        drills=tuple(_drills(teams, today, Chance(seed, "drills"))),
        areas=tuple(_areas(_fire_stations(bases, teams), Chance(seed, "station areas"))),
    )


def seed_records(session: Session, records: CityRecords, seed: int, today: date) -> None:
    """
    Write a city's records, and say of its rows and plans when they were last looked at.

    Some rows were never verified, some long ago; the first plan was revised more than three years ago.
    """
    put_enterprises(session, records.enterprises)
    add_drills(session, records.drills)
    put_station_areas(session, records.areas)
    verify(session, list(_verifications(session, today, Chance(seed, "verified"))))
    date_plans(session, list(_plan_dates(session, today, Chance(seed, "plan dates"))))


def _enterprises(sources: Sequence[NewHazardSource], chance: Chance) -> Iterator[NewEnterprise]:
    names = sorted({source.enterprise for source in sources})
    for number, name in enumerate(names, start=1):
        headcount = chance.whole(*HEADCOUNT)
        revenue_yuan = float(headcount * chance.whole(*REVENUE_A_HEAD_YUAN))
        known = number % EVERY_UNKNOWN_REVENUE > 0
        yield NewEnterprise(
            name=name, headcount=headcount, revenue_yuan=revenue_yuan if known else None, synthetic=True
        )


def _drills(teams: Sequence[NewTeam], today: date, chance: Chance) -> Iterator[NewDrill]:
    for number, team in enumerate(teams, start=1):
        ago = OVERDUE_DAYS if number % EVERY_OVERDUE == 0 else TEAM_DRILL_DAYS
        yield _drill(DrillOrganiser.TEAM, chance.pick(tuple(DrillForm)), today, chance.whole(*ago), team.name)
        if number % EVERY_ENTERPRISE == 0 and team.hazard_source is not None:
            days = chance.whole(*ENTERPRISE_DRILL_DAYS)
            yield _drill(DrillOrganiser.ENTERPRISE, DrillForm.PRACTICAL, today, days, team.name)
    for number in range(GOVERNMENT_DRILLS):
        days = chance.whole(*GOVERNMENT_DRILL_DAYS)
        yield _drill(DrillOrganiser.GOVERNMENT, tuple(DrillForm)[number % 2], today, days, None)


def _drill(organiser: DrillOrganiser, form: DrillForm, today: date, days: int, team: str | None) -> NewDrill:
    held_on = today - timedelta(days=days)
    return NewDrill(held_on=held_on, form=form, organiser=organiser, team=team, synthetic=True)


def _fire_stations(bases: Sequence[NewBase], teams: Sequence[NewTeam]) -> list[NewBase]:
    names = {team.base for team in teams if team.tier is Tier.FIRE_BRIGADE}
    return [base for base in bases if base.name in names]


def _areas(stations: Sequence[NewBase], chance: Chance) -> Iterator[NewStationArea]:
    """Give each station what is nearer to it than to any other, within the radius of its class."""
    if not stations:
        return
    lon, lat = np.array([(base.place.lon, base.place.lat) for base in stations]).T
    system = metric_system(lon, lat)
    points = shapely.points(*to_metres(system, lon, lat))
    for base, here in zip(stations, points, strict=True):
        station_class = chance.pick(tuple(RADIUS_M))
        area = here.buffer(chance.whole(*RADIUS_M[station_class]))
        for other in points[~shapely.equals(points, here)]:
            area = area.intersection(_nearer_half(here, other))
        x, y = shapely.get_coordinates(area).T
        degrees = np.column_stack(to_degrees(system, x, y)).round(DIGITS)
        yield NewStationArea(
            base=base.name, station_class=station_class, area=Polygon(degrees), synthetic=True
        )


def _nearer_half(here: Point, other: Point) -> Polygon:
    """Return what is nearer to a point than to another one, as far as any area reaches."""
    ahead = np.array([other.x - here.x, other.y - here.y])
    gap_m = float(np.hypot(*ahead))
    ahead /= gap_m
    across = np.array([-ahead[1], ahead[0]]) * FARTHEST_M
    middle = np.array([here.x + other.x, here.y + other.y]) / 2
    behind = middle - ahead * (gap_m + FARTHEST_M)
    return Polygon([middle + across, middle - across, behind - across, behind + across])


def _verifications(session: Session, today: date, chance: Chance) -> Iterator[Verification]:
    for number, row in enumerate(verified_rows(session), start=1):
        ago = STALE_DAYS if number % EVERY_STALE == 0 else FRESH_DAYS
        days, by = chance.whole(*ago), contact(chance, "检查员")
        if number % EVERY_NEVER_VERIFIED:
            yield Verification(
                table=row.table,
                name=f"{BY_NUMBER}{row.id}",
                verified_on=today - timedelta(days=days),
                verified_by=by,
            )


def _plan_dates(session: Session, today: date, chance: Chance) -> Iterator[PlanDates]:
    """Date the plans, which are from then on marked as made up as their dates are."""
    for number, plan in enumerate(plan_records(session)):
        ago = chance.whole(*REVISED_DAYS) if number else LONG_AGO_DAYS
        revised_on = today - timedelta(days=ago)
        filed_on = revised_on + timedelta(days=chance.whole(*FILED_AFTER_DAYS))
        yield PlanDates(plan=plan.name, revised_on=revised_on, filed_on=filed_on, synthetic=True)
