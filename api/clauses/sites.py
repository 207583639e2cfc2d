"""Where hazmat plants may stand: not in densely populated parts of towns."""

from api.answer_base import Words
from api.clauses.findings import Findings, Rules
from api.clauses.ground import Ground, source_subject

DENSITY = "hazmat-plant-density"
CODES = (DENSITY,)
PLANTS = frozenset({"chemical-plant", "tank-farm", "warehouse", "fireworks"})
AROUND_M = 1000.0


def findings(ground: Ground, rules: Rules) -> Findings:
    """Judge the ground of every plant as if it were to be built there; the registry does not tell its age."""
    people = ground.people
    for i, source in enumerate(ground.records.sources):
        if source.kind not in PLANTS:
            continue
        if people is None:
            yield rules.cannot_tell(DENSITY, source_subject(source))
            continue
        dense = people.per_km2(ground.metric_shapes[i], AROUND_M)
        said = Words(
            en=f"People within {AROUND_M:g} m of where a new plant may stand",
            zh=f"选址周边 {AROUND_M:g} m 人口密度",
        )
        yield rules.measured(DENSITY, source_subject(source), dense, said)
