"""The timeline of an incident: each event in words, when it happened and when it was entered."""

from collections.abc import Mapping
from dataclasses import replace

from api.answer_base import Words
from api.papers import words
from api.papers.after_action_said import MomentSaid
from api.papers.entered_facts import FACTS, NAMES
from data.record import EventFacts, Record

KINDS: Mapping[str, Words] = {
    "incident.reported": Words(zh="接报", en="reported"),
    "recommendation.made": Words(zh="生成方案", en="recommendation made"),
    "incident.offered-again": Words(zh="再次推荐", en="offered again"),
    "incident.facts": Words(zh="录入情况", en="facts entered"),
    "incident.under-control": Words(zh="得到控制", en="under control"),
    "incident.open": Words(zh="重新打开", en="opened again"),
    "incident.closed": Words(zh="结束", en="closed"),
    "incident.merged": Words(zh="并案", en="merged"),
    "assignment.overdue": Words(zh="应答超时", en="acknowledgement overdue"),
}
REPORTED = "incident.reported"
TABLES = {"assignment": words.STATES, "reservation": words.SUPPLY_STATES}
TOLD_ELSEWHERE = frozenset({"from"})


def timeline(record: Record) -> list[MomentSaid]:
    """Return the events in the order in which they happened; the call came in when its caller says."""
    units = {one.unit_id: f"{one.call_sign} {one.unit}" for one in record.assignments}
    told = [
        replace(event, happened_at=record.incident.reported_at) if event.kind == REPORTED else event
        for event in record.events
    ]
    told.sort(key=lambda event: (event.happened_at, event.id))
    return [_moment(event, units) for event in told]


def _moment(event: EventFacts, units: Mapping[int, str]) -> MomentSaid:
    return MomentSaid(
        event=event.id,
        happened_at=event.happened_at,
        entered_at=event.entered_at,
        late=event.late,
        kind=event.kind,
        words=_words(event.kind),
        whom=units.get(event.unit_id or 0, ""),
        who=event.who,
        source=words.named(words.SOURCES, event.source),
        detail=_detail(event),
    )


def _words(kind: str) -> Words:
    subject, _, state = kind.partition(".")
    if kind in KINDS:
        return KINDS[kind]
    return words.named(TABLES[subject], state) if subject in TABLES else Words(zh="", en=kind)


def _detail(event: EventFacts) -> str:
    names = {name: label.zh for name, label in NAMES.items()} if event.kind == FACTS else {}
    return " · ".join(
        f"{names.get(name, name)} {_text(value)}"
        for name, value in event.detail.items()
        if name not in TOLD_ELSEWHERE
    )


def _text(value: object) -> str:
    return f"{value:,.10g}" if isinstance(value, float) else str(value)
