"""State Council Order 493: the accident is reported within the hour."""

from api.answer_base import Words
from api.clauses.findings import Findings, Rules, Subject
from api.clauses.ground import Ground

ENTERPRISE = "accident-report-enterprise"
CODES = (ENTERPRISE,)


def findings(ground: Ground, rules: Rules) -> Findings:
    """Judge every real incident at an enterprise's hazard source; the call is taken to be the report."""
    for incident in ground.records.log:
        if incident.enterprise is None:
            continue
        name = f"{incident.enterprise} · 事故 incident {incident.id}"
        subject = Subject("incident", name, incident.lon, incident.lat)
        if incident.occurred_at is None:
            yield rules.cannot_tell(ENTERPRISE, subject)
            continue
        waited_s = (incident.reported_at - incident.occurred_at).total_seconds()
        if waited_s < 0:
            why = Words(en="the accident is entered as after its report", zh="事故发生时间晚于接报时间")
            yield rules.cannot_tell(ENTERPRISE, subject, why)
            continue
        said = Words(en="From the accident to the call", zh="事故发生至接报")
        yield rules.measured(ENTERPRISE, subject, waited_s, said)
