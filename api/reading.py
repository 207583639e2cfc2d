"""Read the picture of a moment in one transaction."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from api.incident_plan import plan_of
from api.needs import NeedsAsked, less_reserved, needs_of
from api.picture import Picture
from api.settings import Settings
from api.situations import Situation
from data.agreements import all_agreements, all_authorities
from data.brought import brought_so_far
from data.candidates import all_depots, all_units, stock_columns
from data.graded_sources import all_standards, gravest_sources, site_by_id
from data.incidents import IncidentFacts
from data.registry import NewIncident


def read_picture(
    session: Session, incident: IncidentFacts, asked: NeedsAsked, situation: Situation, settings: Settings
) -> Picture:
    """
    Read everybody who might help, and everything that says whether they may.

    Raises
    ------
    InvalidInputError
        When the plan that the incident follows asks for nothing.
    """
    needs = less_reserved(
        needs_of(session, plan_of(incident), asked.below_minimum_by),
        [] if incident.id is None else brought_so_far(session, incident.id),
    )
    standards = all_standards(session)
    read = dict.fromkeys(
        [
            *(need.name for need in needs.capabilities),
            *(standard.capability for standard in standards if standard.capability),
        ]
    )
    depots = all_depots(session)
    return Picture(
        incident=incident,
        site=site_by_id(session, incident.hazard_source_id),
        needs=needs,
        read_capabilities=tuple(read),
        units=all_units(session, tuple(read), incident.id),
        depots=depots,
        stock=stock_columns(session, depots, [(s.item, s.unit_of_measure) for s in needs.supplies]),
        authorities=all_authorities(session),
        agreements=all_agreements(session),
        sources=gravest_sources(session),
        standards=standards,
        situation=situation,
        read_at=datetime.now(UTC),
        time_zone=settings.time_zone,
    )


def unrecorded(call: NewIncident) -> IncidentFacts:
    """Return the facts of an incident that is only asked about."""
    return IncidentFacts(id=None, status="not recorded", **dict(call))
