"""Made-up authorities and agreements, and which teams come under them; enterprises guard hazard sources."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from data.models import Tier
from data.registry import NewAgreement, NewAuthority, NewBase, NewHazardSource, NewTeam
from data.samples.chance import Chance
from data.samples.naming import phone
from data.samples.responders import Responders
from geo.grading import grade_gb_unit, worst_grade
from geo.places import geodesic_m

BRIGADE = "消防救援支队"
EAST_COUNTY, WEST_COUNTY = "示例东县应急管理局", "示例西县应急管理局"
ENTERPRISE_TIERS = (Tier.ENTERPRISE_FULL_TIME, Tier.ENTERPRISE_PART_TIME)
COUNTY_TIERS = (Tier.DISTRICT_COMPREHENSIVE, Tier.OTHER)
WORST_GRADES = (1, 2)
EVERY_EXPIRED = 4
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class MutualAid:
    """The authorities of a city, their agreements, and all teams, those of others said to be so."""

    authorities: tuple[NewAuthority, ...]
    agreements: tuple[NewAgreement, ...]
    teams: tuple[NewTeam, ...]


def make_mutual_aid(
    responders: Responders, sources: Sequence[NewHazardSource], seed: int, today: date
) -> MutualAid:
    """
    Return the fire brigade, two neighbouring counties, and the enterprises that have teams of their own.

    Each enterprise guards one hazard source, near it and of level 1 or 2 as long as there are such. One
    county's agreement and every fourth enterprise's have expired; one enterprise consents to a bare site.
    """
    chance = Chance(seed, "mutual aid")
    guarded = _guarded(_bases(responders, ENTERPRISE_TIERS), sources)
    counties = _counties(responders)
    enterprises = tuple(dict.fromkeys(source.enterprise for source in guarded.values()))
    return MutualAid(
        authorities=(
            _authority(BRIGADE, "支队指挥中心", 60, chance),
            _authority(EAST_COUNTY, "县应急指挥中心", 600, chance),
            _authority(WEST_COUNTY, "县应急指挥中心", 900, chance),
            *(_authority(name, "企业总值班室", chance.whole(2, 5) * 60, chance) for name in enterprises),
        ),
        agreements=(*_public_agreements(today), *_enterprise_agreements(enterprises, today, chance)),
        teams=tuple(_under(team, counties, guarded) for team in responders.teams),
    )


def _bases(responders: Responders, tiers: Sequence[Tier]) -> list[NewBase]:
    names = {team.base for team in responders.teams if team.tier in tiers}
    return [base for base in responders.bases if base.name in names]


def _counties(responders: Responders) -> dict[str, str]:
    """Give the second half of the districts' bases, and of the other public ones, to the counties in turn."""
    theirs = [
        base.name
        for bases in (_bases(responders, [tier]) for tier in COUNTY_TIERS)
        for base in bases[len(bases) // 2 :]
    ]
    return {name: (EAST_COUNTY, WEST_COUNTY)[i % 2] for i, name in enumerate(theirs)}


def _guarded(bases: Sequence[NewBase], sources: Sequence[NewHazardSource]) -> dict[str, NewHazardSource]:
    """Give each base a source of its own: the nearest of the worst grades, then of all."""
    middle = [source.place.representative_point() for source in sources]
    lon, lat = np.array([(point.x, point.y) for point in middle]).T
    worst = np.array([_grade(source) in WORST_GRADES for source in sources])
    free = np.ones(len(sources), dtype=np.bool_)
    guarded: dict[str, NewHazardSource] = {}
    for base in bases:
        here = np.ones(len(sources))
        distance_m = geodesic_m(lon, lat, here * base.place.lon, here * base.place.lat)
        nearest = next(int(i) for i in np.lexsort((distance_m, ~worst)) if free[i])
        free[nearest] = False
        guarded[base.name] = sources[nearest]
    return guarded


def _grade(source: NewHazardSource) -> int | None:
    return worst_grade([grade_gb_unit(unit) for unit in source.gb_units])


def _under(team: NewTeam, counties: dict[str, str], guarded: dict[str, NewHazardSource]) -> NewTeam:
    if team.tier is Tier.FIRE_BRIGADE:
        return team.model_copy(update={"authority": BRIGADE})
    if team.base in counties:
        return team.model_copy(update={"authority": counties[team.base]})
    if team.base in guarded:
        source = guarded[team.base]
        return team.model_copy(update={"authority": source.enterprise, "hazard_source": source.name})
    return team


def _authority(name: str, approver: str, approval_s: float, chance: Chance) -> NewAuthority:
    return NewAuthority(
        name=name, approver=approver, phone=phone(chance), approval_s=approval_s, synthetic=True
    )


def _public_agreements(today: date) -> tuple[NewAgreement, ...]:
    return (
        NewAgreement(
            authority=BRIGADE,
            number="联动 001",
            mobilise_within_s=60,
            valid_from=today - YEAR,
            synthetic=True,
        ),
        NewAgreement(
            authority=EAST_COUNTY,
            number="东县互助 001",
            mobilise_within_s=600,
            call_out_cost_yuan=3000,
            cost_per_hour_yuan=800,
            valid_from=today - YEAR,
            valid_until=today + YEAR,
            synthetic=True,
        ),
        NewAgreement(
            authority=EAST_COUNTY,
            number="东县防汛 002",
            incident_kind="flood",
            capability="pumping",
            mobilise_within_s=300,
            call_out_cost_yuan=1000,
            cost_per_hour_yuan=300,
            valid_from=today - YEAR,
            synthetic=True,
        ),
        NewAgreement(
            authority=WEST_COUNTY,
            number="西县互助 001",
            mobilise_within_s=900,
            call_out_cost_yuan=5000,
            cost_per_hour_yuan=1200,
            valid_from=today - 2 * YEAR,
            valid_until=today - timedelta(days=30),
            synthetic=True,
        ),
    )


def _enterprise_agreements(names: Sequence[str], today: date, chance: Chance) -> tuple[NewAgreement, ...]:
    return tuple(
        NewAgreement(
            authority=name,
            number=f"企业互助 {number:03d}",
            incident_kind=chance.pick((None, "chemical-leak")),
            mobilise_within_s=chance.whole(2, 10) * 60,
            call_out_cost_yuan=chance.whole(1, 8) * 500,
            cost_per_hour_yuan=chance.whole(2, 10) * 100,
            consents_to_bare_site=number == 1,
            valid_from=today - 2 * YEAR,
            valid_until=today + (-YEAR if number % EVERY_EXPIRED == 0 else YEAR),
            synthetic=True,
        )
        for number, name in enumerate(names, start=1)
    )
