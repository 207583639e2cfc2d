"""The shipped vocabularies, and writing them into a database without touching what a city has added."""

from sqlalchemy import Connection, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from data.models import (
    AssignmentTransition,
    Base,
    Capability,
    HazardKind,
    IncidentKind,
    IncidentTransition,
    ReservationTransition,
    ResponsePlan,
    Standard,
)
from data.registry import add_plans
from data.vocabulary.default_plans import default_plans
from data.vocabulary.shipped import shipped_rows, typed_rows

__all__ = ["capability_names", "default_plans", "kind_name", "shipped_rows", "write_vocabulary"]

SHIPPED: tuple[tuple[type[Base], str], ...] = (
    (Capability, "capabilities.csv"),
    (IncidentKind, "incident_kinds.csv"),
    (HazardKind, "hazard_kinds.csv"),
    (Standard, "standards.csv"),
    (AssignmentTransition, "assignment_transitions.csv"),
    (IncidentTransition, "incident_transitions.csv"),
    (ReservationTransition, "reservation_transitions.csv"),
)


def kind_name(session: Session, code: str) -> str:
    """Return the name of a kind of incident, Chinese then English; its code where it is not known."""
    kind = session.get(IncidentKind, code)
    return code if kind is None else f"{kind.name_zh} {kind.name_en}"


def capability_names(session: Session) -> dict[str, str]:
    """Return the Chinese name of every capability by its code."""
    return dict(session.execute(select(Capability.code, Capability.name_zh)).all())


def write_vocabulary(connection: Connection) -> None:
    """
    Insert the shipped words and standards a database does not have yet; those it has are left as they are.

    The default plans are written only where there is no plan at all: a city's own are never mixed with them.
    """
    for table, file_name in SHIPPED:
        connection.execute(insert(table).on_conflict_do_nothing(), typed_rows(table, file_name))
    if not connection.scalar(select(exists().select_from(ResponsePlan))):
        with Session(connection) as session:
            add_plans(session, default_plans())
