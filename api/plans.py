"""See and write what decisions rest on: plans, standards, authorities, agreements; and which plan speaks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from api.webhooks import Speaker
from data.audit import speaking_as
from data.database import Sessions, transaction
from data.graded_sources import Site, site_at
from data.incidents import NotFoundError, check_kind
from data.plans import Features
from data.registry.rows import Grade, Line, Name, Severity
from data.rulebook import PlanRow, RowsPage, plan_by_id, plan_by_name, plans_that_fit
from geo.places import Place

New = TypeVar("New")
Said = TypeVar("Said")


class Case(BaseModel):
    """An incident as plans see it; without a grade, that of the hazard source at its place counts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Name
    severity: Severity
    place: Place
    grade: Grade | None = None
    substance: Line | None = None


@dataclass(frozen=True)
class Matched:
    """The plan that speaks for a case, the others that fit, closest first, and the grade they are read by."""

    plan: PlanRow
    others: tuple[PlanRow, ...]
    grade: int | None
    site: Site | None


def read_rows(
    read: Callable[[Session, int, int], RowsPage[Said]], limit: int, offset: int, sessions: Sessions
) -> RowsPage[Said]:
    """Read a page of rows."""
    with transaction(sessions) as session:
        return read(session, limit, offset)


def write_rows(
    write: Callable[[Session, Sequence[New]], None], rows: Sequence[New], speaker: Speaker, sessions: Sessions
) -> None:
    """
    Write rows: all of them, or none; the audit tells who wrote them.

    Raises
    ------
    InvalidInputError
        Naming the row, the field and the reason, when one cannot be written.
    """
    with transaction(sessions) as session:
        speaking_as(session, speaker.who, speaker.source)
        write(session, rows)


def one_plan(plan_id: int, sessions: Sessions) -> PlanRow:
    """Return a response plan by its number."""
    with transaction(sessions) as session:
        return plan_by_id(session, plan_id)


def plan_named(name: str, sessions: Sessions) -> PlanRow:
    """Return a response plan by its name."""
    with transaction(sessions) as session:
        return plan_by_name(session, name)


def match_plan(case: Case, site_radius_m: float, sessions: Sessions) -> Matched:
    """
    Return the plan that would speak for an incident.

    Raises
    ------
    NotFoundError
        When no plan fits.
    """
    with transaction(sessions) as session:
        check_kind(session, case.kind)
        site = site_at(session, case.place, site_radius_m) if case.grade is None else None
        grade = site.grade if site else case.grade
        features = Features(case.kind, case.severity, grade, case.substance, case.place)
        fitting = plans_that_fit(session, features)
    if not fitting:
        raise NotFoundError(
            f"no response plan fits {case.kind}, severity {case.severity}; add one, or say the needs"
        )
    speaks, *others = fitting
    return Matched(speaks, tuple(others), grade, site)
