"""What people enter about an incident that no step tells: when it happened, casualties, losses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy.orm import Session

from api.answer_base import Said, Words
from api.dispatching import Centre
from data import incidents
from data.database import transaction
from data.incidents import Told, note
from data.record import EventFacts, Record, read_record
from data.registry.rows import Moment, Name, Prose
from data.steps import checked_moment
from geo.errors import InvalidInputError

FACTS = "incident.facts"
Count = Annotated[int, Field(ge=0, le=1_000_000)]
Yuan = Annotated[float, Field(ge=0, le=1e13, allow_inf_nan=False)]
Text = Annotated[Prose, Field(min_length=1)]

NAMES: Mapping[str, Words] = {
    "occurred_at": Words(zh="事故发生时间", en="time of the accident"),
    "unit_overview": Words(zh="单位概况", en="the organisation"),
    "scene": Words(zh="现场情况", en="the scene"),
    "course": Words(zh="事故简要经过", en="what happened, briefly"),
    "deaths": Words(zh="死亡（人）", en="dead"),
    "missing": Words(zh="下落不明（人）", en="missing"),
    "seriously_injured": Words(zh="重伤、中毒（人）", en="seriously injured or poisoned"),
    "slightly_injured": Words(zh="轻伤（人）", en="slightly injured"),
    "trapped": Words(zh="被困（人）", en="trapped"),
    "evacuated": Words(zh="已疏散（人）", en="evacuated"),
    "direct_loss_yuan": Words(zh="初步估计直接经济损失（元）", en="direct loss, first estimate (yuan)"),
    "measures": Words(zh="其他已采取措施", en="other measures taken"),
    "other": Words(zh="其他应当报告的情况", en="anything else to report"),
}


class FactsIn(BaseModel):
    """What is known now; what is left out stays as it was, and nothing is assumed to be none."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"who": "duty officer", "deaths": 0, "missing": 2, "scene": "氯气泄漏，已停车"}]
        },
    )

    who: Name
    source: Name = "desk"
    happened_at: Moment | None = Field(
        default=None, description="when it was so, with time zone; now where left out"
    )
    occurred_at: Moment | None = None
    unit_overview: Text | None = None
    scene: Text | None = None
    course: Text | None = None
    deaths: Count | None = None
    missing: Count | None = None
    seriously_injured: Count | None = None
    slightly_injured: Count | None = None
    trapped: Count | None = None
    evacuated: Count | None = None
    direct_loss_yuan: Yuan | None = None
    measures: Text | None = None
    other: Text | None = None

    @model_validator(mode="after")
    def _tells_something(self) -> Self:
        if not self.told():
            raise ValueError(f"it tells nothing; name at least one of {', '.join(NAMES)}")
        return self

    def told(self) -> dict[str, Any]:
        """Return what was entered, as an event keeps it."""
        return self.model_dump(mode="json", include=set(NAMES), exclude_none=True)


class FactSaid(Said):
    """A fact as somebody entered it."""

    value: int | float | str
    who: str
    source: str
    as_of: datetime
    entered_at: datetime


@dataclass(frozen=True)
class EnteredFacts:
    """What was entered about an incident: every value of each fact, the one that counts last."""

    history: Mapping[str, tuple[FactSaid, ...]]

    def newest(self, name: str) -> FactSaid | None:
        """Return the newest by when it was so; one entered late does not displace a newer one."""
        return self.history[name][-1] if name in self.history else None

    @property
    def occurred_at(self) -> datetime | None:
        """When the accident happened, if anybody said so."""
        said = self.newest("occurred_at")
        return None if said is None else datetime.fromisoformat(str(said.value))


def enter_facts(incident_id: int, entered: FactsIn, centre: Centre) -> EnteredFacts:
    """Write down what is known, and return all that was entered."""
    with transaction(centre.sessions) as session:
        incidents.facts(session, incident_id)
        _check_occurred(session, entered.occurred_at)
        at = checked_moment(session, entered.happened_at)
        note(session, incident_id, FACTS, entered.who, entered.told(), Told(at, entered.source))
    return facts_of(incident_id, centre)


def _check_occurred(session: Session, occurred_at: datetime | None) -> None:
    try:
        checked_moment(session, occurred_at)
    except InvalidInputError as error:
        raise InvalidInputError("occurred_at", error.reason) from error


def facts_of(incident_id: int, centre: Centre) -> EnteredFacts:
    """Return what was entered about an incident."""
    with transaction(centre.sessions) as session:
        return entered_facts(read_record(session, incident_id))


def entered_facts(record: Record) -> EnteredFacts:
    """Return what a record says was entered."""
    history: dict[str, list[FactSaid]] = {}
    for event in record.told(FACTS):
        for name, value in event.detail.items():
            history.setdefault(name, []).append(_fact(event, value))
    return EnteredFacts({name: tuple(said) for name, said in history.items()})


def _fact(event: EventFacts, value: str | float) -> FactSaid:
    return FactSaid(
        value=value,
        who=event.who,
        source=event.source,
        as_of=event.happened_at,
        entered_at=event.entered_at,
    )
