"""
Drafts of the accident reports (初报, 续报): the record under the headings of the rule, and nothing else.

What the record does not know is said to be not yet known (待补); a person completes the draft and signs it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from api.answer_base import Words
from api.dispatching import Centre
from api.papers import words
from api.papers.entered_facts import NAMES, EnteredFacts, entered_facts
from api.papers.pages import render
from api.papers.report_said import ChangeSaid, ClockSaid, HeadingSaid, LineSaid, ReportSaid, Which
from data.called import KindFacts, SiteFacts, kind_facts, site_facts
from data.database import transaction
from data.graded_sources import StandardFacts, all_standards
from data.models import AssignmentState, IncidentStatus
from data.record import EventFacts, Record, read_record

CLOCKS = ("accident-report-enterprise", "accident-report-level")
NOT_CONFIRMED = "not confirmed"
TITLES: dict[Which, Words] = {
    "first": Words(zh="事故快报（初报）", en="Accident report: first"),
    "follow-up": Words(zh="事故续报", en="Accident report: follow-up"),
}
RULE = Words(
    zh="《生产安全事故报告和调查处理条例》（国务院令第493号）第十二条；条文未经印刷文本核实",
    en="State Council Order 493, article 12; not confirmed in a printed source",
)
REGISTRY = Words(zh="危险源登记", en="registry of hazard sources")
COUNTED = (
    "deaths",
    "missing",
    "seriously_injured",
    "slightly_injured",
    "trapped",
    "evacuated",
    "direct_loss_yuan",
)


def report_draft(incident_id: int, which: Which, centre: Centre) -> ReportSaid:
    """Return a draft of a report, filled from the record as it is now."""
    with transaction(centre.sessions) as session:
        return _draft(session, read_record(session, incident_id), which, ZoneInfo(centre.settings.time_zone))


def report_html(report: ReportSaid, time_zone: str) -> str:
    """Return a draft as a page that prints."""
    return render("report.html", time_zone, report=report)


def _draft(session: Session, record: Record, which: Which, zone: ZoneInfo) -> ReportSaid:
    known = _Known(
        record=record,
        facts=entered_facts(record),
        site=site_facts(session, record.incident.hazard_source_id),
        kind=kind_facts(session, record.incident.kind),
        zone=zone,
    )
    headings = [
        HeadingSaid(number=number, title=title, lines=lines)
        for number, (title, lines) in enumerate(known.headings(), start=1)
    ]
    return ReportSaid(
        which=which,
        incident_id=record.incident.id or 0,
        drafted_at=record.read_at,
        title=TITLES[which],
        rule=RULE,
        clocks=_clocks(all_standards(session), known),
        headings=headings,
        not_known=[line.label for heading in headings for line in heading.lines if line.text is None],
        changes=_changes(known.facts) if which == "follow-up" else [],
        synthetic=record.incident.synthetic,
    )


def _clocks(standards: Sequence[StandardFacts], known: "_Known") -> list[ClockSaid]:
    occurred_at = known.facts.occurred_at
    starts_at = occurred_at or known.record.incident.reported_at
    return [
        ClockSaid(
            code=one.code,
            name=Words(zh=one.name_zh, en=one.name_en),
            applies_to=one.applies_to,
            seconds=one.seconds,
            starts_at=starts_at,
            start_is_the_call=occurred_at is None,
            due_at=starts_at + timedelta(seconds=one.seconds),
            overdue=known.record.read_at > starts_at + timedelta(seconds=one.seconds),
            source=one.source,
            confirmed=NOT_CONFIRMED not in one.source,
        )
        for one in standards
        if one.code in CLOCKS
    ]


def _changes(facts: EnteredFacts) -> list[ChangeSaid]:
    return [
        ChangeSaid(label=label, values=list(facts.history[name]))
        for name, label in NAMES.items()
        if len({said.value for said in facts.history.get(name, ())}) > 1
    ]


@dataclass(frozen=True)
class _Known:
    """What there is to draft from."""

    record: Record
    facts: EnteredFacts
    site: SiteFacts | None
    kind: KindFacts
    zone: ZoneInfo

    def headings(self) -> Iterator[tuple[Words, list[LineSaid]]]:
        """Return the headings of the rule with their lines."""
        yield Words(zh="事故发生单位概况", en="the organisation"), self._organisation()
        yield Words(zh="时间、地点以及事故现场情况", en="time, place and scene"), self._time_and_place()
        yield Words(zh="事故的简要经过", en="what happened, briefly"), [self._fact("course"), *self._course()]
        yield (
            Words(
                zh="已经造成或者可能造成的伤亡人数（包括下落不明的人数）和初步估计的直接经济损失",
                en="casualties, the missing included, and the first estimate of direct loss",
            ),
            [self._fact(name) for name in COUNTED],
        )
        yield Words(zh="已经采取的措施", en="measures taken"), [*self._measures(), self._fact("measures")]
        yield Words(zh="其他应当报告的情况", en="anything else to report"), [self._fact("other")]

    def _organisation(self) -> list[LineSaid]:
        site = self.site
        if site is None:
            return [_line("事故发生单位", "organisation", None, None), self._fact("unit_overview")]
        held = "；".join(f"{one.name} {one.design_max_t:g} t（{one.gb_unit}）" for one in site.substances)
        grade = f"{site.grade}级" if site.grade else None
        return [
            _line("单位名称", "organisation", site.enterprise, REGISTRY),
            _line("危险源", "hazard source", f"{site.name}（{site.kind_zh} {site.kind_en}）", REGISTRY),
            _line("重大危险源等级", "level of the major hazard", grade, REGISTRY),
            _line("储存物质（设计最大量）", "substances held, design maximum", held or None, REGISTRY),
            _line("联系人", "contact", f"{site.contact} {site.phone}".strip() or None, REGISTRY),
            self._fact("unit_overview"),
        ]

    def _time_and_place(self) -> list[LineSaid]:
        incident = self.record.incident
        told = self._told(incident.reported_by, incident.reported_at)
        place = f"{incident.place.lat:.6f}, {incident.place.lon:.6f} (WGS-84)"
        substance = incident.substance
        return [
            self._fact("occurred_at"),
            _line("接报时间", "time of the call", self._clock(incident.reported_at), told),
            _line("地点", "place", f"{self.site.name}，{place}" if self.site else place, told),
            _line("事故类型", "kind", f"{self.kind.zh} {self.kind.en}", told),
            _line("初判等级", "severity, first judged", words.severity(incident.severity).zh, told),
            _line("涉及物质", "substance", substance, told if substance else None),
            self._fact("scene"),
        ]

    def _course(self) -> Iterator[LineSaid]:
        """Return the turns of the response; those of the accident are for people to tell."""
        for state, zh, en in (
            (AssignmentState.EN_ROUTE, "首支力量出动", "first unit on its way"),
            (AssignmentState.ON_SCENE, "首支力量到场", "first unit on scene"),
        ):
            events = self.record.told(f"assignment.{state}")
            if events:
                yield self._event_line(zh, en, events[0])
        for event in self.record.told(f"incident.{IncidentStatus.UNDER_CONTROL}"):
            yield self._event_line("得到控制", "under control", event)

    def _measures(self) -> Iterator[LineSaid]:
        for one in self.record.assignments:
            if one.state == AssignmentState.PROPOSED:
                continue
            progress = self.record.progress(one.id)
            steps = "，".join(
                f"{words.named(words.STATES, state).zh} {self._clock(at)}"
                for state, at in sorted(progress.reached.items(), key=lambda each: each[1])
            )
            yield _line(f"{one.team} {one.unit}", "unit", steps, self._told(one.state_by, one.state_at))
        for supply in self.record.supplies:
            used = "" if supply.used_quantity is None else f"，用 {supply.used_quantity:g}"
            said = words.named(words.SUPPLY_STATES, supply.state).zh
            amount = f"{supply.item} {supply.quantity:g} {supply.unit_of_measure}，{said}{used}"
            yield _line(f"物资：{supply.depot}", "supplies", amount, Words(zh="调度记录", en="the record"))

    def _fact(self, name: str) -> LineSaid:
        said = self.facts.newest(name)
        if said is None:
            return LineSaid(label=NAMES[name], text=None, basis=None)
        value = said.value
        if name == "occurred_at":
            text = self._clock(datetime.fromisoformat(str(value)))
        else:
            text = value if isinstance(value, str) else f"{value:,.10g}"
        return LineSaid(label=NAMES[name], text=text, basis=self._told(said.who, said.as_of))

    def _event_line(self, zh: str, en: str, event: EventFacts) -> LineSaid:
        return _line(zh, en, self._clock(event.happened_at), self._told(event.who, event.entered_at))

    def _told(self, who: str, at: datetime) -> Words:
        return Words(zh=f"{who} {self._clock(at)}", en="")

    def _clock(self, moment: datetime) -> str:
        return f"{moment.astimezone(self.zone):%Y-%m-%d %H:%M}"


def _line(zh: str, en: str, text: str | None, basis: Words | None) -> LineSaid:
    return LineSaid(label=Words(zh=zh, en=en), text=text, basis=None if text is None else basis)
