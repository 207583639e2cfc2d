"""Whose teams may be asked for, and the agreements about it: what a row must say, and writing it."""

from collections.abc import Sequence
from typing import Self

from pydantic import model_validator
from sqlalchemy import select
from sqlalchemy.orm import Session

from data.models import Agreement, Authority, Capability, IncidentKind
from data.registry.checks import flush, ids_by_name, refuse_names_in_use, refuse_unknown, words_of
from data.registry.rows import Day, Line, Name, NewRow, Quantity, Seconds
from geo.errors import InvalidInputError


class NewAuthority(NewRow):
    """Who commands teams that are not ours, the office that approves a request, and how long that takes."""

    name: Name
    approver: Name
    phone: Line = ""
    approval_s: Seconds


class NewAgreement(NewRow):
    """
    What an authority that is written already has promised.

    Without a kind of incident or a capability it holds for every one; ``valid_until`` is its last day.
    """

    authority: Name
    number: Name
    incident_kind: Name | None = None
    capability: Name | None = None
    mobilise_within_s: Seconds
    call_out_cost_yuan: Quantity = 0.0
    cost_per_hour_yuan: Quantity = 0.0
    consents_to_bare_site: bool = False
    valid_from: Day
    valid_until: Day | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise ValueError(
                f"agreement {self.number!r} ends on {self.valid_until}, before it begins on {self.valid_from}"
            )
        return self


_Subject = tuple[str, str | None, str | None]


def add_authorities(session: Session, rows: Sequence[NewAuthority]) -> None:
    """Add authorities; their names must be new."""
    refuse_names_in_use(session, Authority.name, rows)
    session.add_all(Authority(**row.model_dump()) for row in rows)
    flush(session)


def add_agreements(session: Session, rows: Sequence[NewAgreement]) -> None:
    """Add agreements of authorities named in the registry; two about the same are refused."""
    authorities = ids_by_name(session, Authority.id, Authority.name)
    refuse_unknown("authority", (row.authority for row in rows), authorities)
    refuse_unknown("incident_kind", (row.incident_kind for row in rows), words_of(session, IncidentKind.code))
    refuse_unknown("capability", (row.capability for row in rows), words_of(session, Capability.code))
    _refuse_two_about_the_same(session, rows)
    session.add_all(
        Agreement(**row.model_dump(exclude={"authority"}), authority_id=authorities[row.authority])
        for row in rows
    )
    flush(session)


def _refuse_two_about_the_same(session: Session, rows: Sequence[NewAgreement]) -> None:
    written = session.execute(
        select(Authority.name, Agreement.incident_kind, Agreement.capability, Agreement.number).join(
            Authority, Agreement.authority_id == Authority.id
        )
    ).all()
    known: dict[_Subject, str] = {(name, kind, code): number for name, kind, code, number in written}
    for row in rows:
        subject = (row.authority, row.incident_kind, row.capability)
        if subject in known:
            raise InvalidInputError(
                "agreement", f"{known[subject]!r} and {row.number!r} are about the same: {_said(subject)}"
            )
        known[subject] = row.number


def _said(subject: _Subject) -> str:
    authority, kind, capability = subject
    return f"{authority}, {kind or 'every kind of incident'}, {capability or 'every capability'}"
