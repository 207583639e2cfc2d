"""What a survey of resources looks at: who runs hazard sources and who stands by them, and what they hold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.models import Agreement, Authority, Enterprise, GbSubstance, GbUnit, HazardSource, Team
from data.vocabulary import shipped_rows


@dataclass(frozen=True)
class EnterpriseStanding:
    """
    An enterprise that runs hazard sources, and who stands by it.

    Attributes
    ----------
    name : str
    headcount : int or None
        None where nobody said.
    sources : tuple of str
        The names of its hazard sources.
    grade : int or None
        The worst of theirs, None where none is a major hazard.
    teams : tuple of str
        Its own: those that guard one of its sources, and those under its own command.
    agreements : tuple of str
        The numbers of its agreements in force on the day.
    lapsed : tuple of str
        The numbers of those that have run out.
    synthetic : bool
        Whether every source of it is made up.
    """

    name: str
    headcount: int | None
    sources: tuple[str, ...]
    grade: int | None
    teams: tuple[str, ...]
    agreements: tuple[str, ...]
    lapsed: tuple[str, ...]
    synthetic: bool

    @property
    def provided(self) -> bool:
        """Whether it has a team of its own or an agreement in force."""
        return bool(self.teams or self.agreements)


@dataclass(frozen=True)
class _Source:
    id: int
    name: str
    grade: int | None
    synthetic: bool


def enterprise_standings(session: Session, day: date) -> tuple[EnterpriseStanding, ...]:
    """Read every enterprise that runs a hazard source, by name, and who stands by it on a day."""
    sources: dict[str, list[_Source]] = {}
    rows = session.execute(
        select(
            HazardSource.enterprise,
            HazardSource.id,
            HazardSource.name,
            HazardSource.grade,
            HazardSource.synthetic,
        ).order_by(HazardSource.enterprise, HazardSource.id)
    )
    for enterprise, number, name, grade, synthetic in rows:
        sources.setdefault(enterprise, []).append(_Source(number, name, grade, synthetic))
    headcounts = dict(session.execute(select(Enterprise.name, Enterprise.headcount)).all())
    teams, agreements = _teams(session, sources), _agreements(session)
    return tuple(
        EnterpriseStanding(
            name=name,
            headcount=headcounts.get(name),
            sources=tuple(source.name for source in own),
            grade=min((source.grade for source in own if source.grade is not None), default=None),
            teams=tuple(teams.get(name, ())),
            agreements=tuple(one.number for one in agreements.get(name, ()) if _in_force(one, day)),
            lapsed=tuple(one.number for one in agreements.get(name, ()) if _is_over(one, day)),
            synthetic=all(source.synthetic for source in own),
        )
        for name, own in sorted(sources.items())
    )


def substances_of_sources(session: Session) -> dict[int, tuple[str, ...]]:
    """Return what each hazard source holds, that which weighs most in its grade first."""
    weight = func.sum(GbSubstance.beta * GbSubstance.design_max_t / GbSubstance.threshold_t)
    rows = session.execute(
        select(GbUnit.hazard_source_id, GbSubstance.name)
        .join(GbSubstance.gb_unit)
        .group_by(GbUnit.hazard_source_id, GbSubstance.name)
        .order_by(GbUnit.hazard_source_id, weight.desc(), GbSubstance.name)
    )
    held: dict[int, list[str]] = {}
    for source, name in rows:
        held.setdefault(source, []).append(name)
    return {source: tuple(names) for source, names in held.items()}


def incident_kinds_of_hazards() -> Mapping[str, str]:
    """Return the kind of incident that fits each shipped kind of hazard source best."""
    return {row["hazard"]: row["incident"] for row in shipped_rows("hazard_incidents.csv")}


def _teams(session: Session, sources: Mapping[str, Iterable[_Source]]) -> dict[str, list[str]]:
    enterprise_of = {source.id: name for name, own in sources.items() for source in own}
    rows = session.execute(
        select(Team.name, Team.hazard_source_id, Authority.name).outerjoin(Team.authority).order_by(Team.id)
    )
    teams: dict[str, list[str]] = {}
    for team, guarded, authority in rows:
        enterprise = authority if guarded is None else enterprise_of[guarded]
        for owner in {enterprise, authority}:
            if owner is not None:
                teams.setdefault(owner, []).append(team)
    return teams


def _agreements(session: Session) -> dict[str, list[Agreement]]:
    agreements: dict[str, list[Agreement]] = {}
    rows = session.execute(select(Authority.name, Agreement).join(Agreement.authority).order_by(Agreement.id))
    for authority, agreement in rows:
        agreements.setdefault(authority, []).append(agreement)
    return agreements


def _in_force(agreement: Agreement, day: date) -> bool:
    return agreement.valid_from <= day and not _is_over(agreement, day)


def _is_over(agreement: Agreement, day: date) -> bool:
    return agreement.valid_until is not None and agreement.valid_until < day
