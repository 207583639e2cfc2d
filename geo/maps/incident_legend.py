"""The legend of an incident map: what its marks and lines mean, and no more than is on the map."""

from collections.abc import Sequence
from dataclasses import dataclass

from geo.maps.base import Sample, sample
from geo.maps.incident_marks import GRADE_LOOKS, LOOKS, NOT_NEEDED, REQUESTED, UNCOVERED, requested, uncovered
from geo.maps.scene import IncidentScene
from geo.maps.symbols import Mark
from geo.maps.words import Word

ROADS = Word("道路", "Roads")
HAZARDS = Word("危险源等级", "Hazards by grade")
ROUTES = Word("路线与时间", "Routes and times")
DEPOTS = Word("仓库", "Depots")
UNITS = Word("车组", "Units")

FIRST_DUE = Word("先到", "First due")
PASSED_OVER = Word("未选", "Passed over")
OTHER = Word("其他", "Other")
NOT_CHOSEN = Word("未用", "Not used")

GRADE_SAMPLES = tuple(
    sample(GRADE_LOOKS[grade], word)
    for grade, word in {
        1: Word("1", ""),
        2: Word("2", ""),
        3: Word("3", ""),
        4: Word("4", ""),
        None: Word("未分级", ""),
    }.items()
)


@dataclass(frozen=True)
class Seen:
    """What only some incident maps show."""

    decided: bool
    requested: bool
    uncovered: bool
    move_up: bool
    looks: frozenset[str] | None
    """The looks of units that are there; None where the legend explains them all."""

    @classmethod
    def on(cls, scene: IncidentScene, marks: Sequence[Mark]) -> "Seen":
        """Return what is seen of a scene drawn by these marks."""
        classes = {name for mark in marks for name in mark.look.css.split()}
        return cls(
            decided=scene.decided,
            requested="requested" in classes,
            uncovered="uncovered" in classes,
            move_up=scene.move_up is not None,
            looks=frozenset(mark.look.css for mark in marks) if scene.live else None,
        )

    def shows(self, line: Sample) -> bool:
        """Whether the legend has a line."""
        return self.looks is None or line.css.removeprefix("rg-mark ") in self.looks


def unit_samples(seen: Seen) -> tuple[Sample, ...]:
    """Return the lines about units."""
    sent = LOOKS["unit", "sent"]
    coming = [sample(LOOKS["unit", "listed"], Word("可派", "Can come"))]
    if seen.decided:
        coming = [sample(sent, Word("派出", "Sent")), sample(NOT_NEEDED["unit"], NOT_CHOSEN)]
    if seen.requested:
        coming.insert(1, sample(requested(sent), REQUESTED))
    lines = (
        sample(LOOKS["unit", "first_due"], FIRST_DUE),
        *coming,
        sample(LOOKS["unit", "passed_over"], PASSED_OVER),
        sample(LOOKS["unit", "out_of_service"], Word("停用", "Out of service")),
        sample(LOOKS["unit", "other"], OTHER),
    )
    return tuple(line for line in lines if seen.shows(line))


def depot_samples(seen: Seen) -> tuple[Sample, ...]:
    """Return the lines about depots."""
    supplying = [sample(LOOKS["depot", "listed"], Word("供给", "Supplies"))]
    if seen.decided:
        supplying = [
            sample(LOOKS["depot", "supplies"], Word("供给", "Supplies")),
            sample(NOT_NEEDED["depot"], NOT_CHOSEN),
        ]
    return (
        *supplying,
        sample(LOOKS["depot", "passed_over"], PASSED_OVER),
        sample(LOOKS["depot", "other"], OTHER),
    )


def route_samples(seen: Seen) -> tuple[Sample, ...]:
    """Return the lines about routes."""
    lines = [
        Sample("rg-sample-line first-due", FIRST_DUE),
        Sample("rg-sample-line", UNITS),
        Sample("rg-sample-line depot", DEPOTS),
    ]
    if seen.move_up:
        lines.append(Sample("rg-sample-line move-up", Word("移防", "Move-up")))
    return tuple(lines)


def ring_samples(seen: Seen) -> tuple[Sample, ...]:
    """Return the line about hazard sources that lose their cover, where there are any."""
    return (sample(uncovered(GRADE_LOOKS[2]), UNCOVERED),) if seen.uncovered else ()
