"""GB 30077: what enterprises with major hazards must hold: vehicles, kits at the workplace, spares."""

from dataclasses import dataclass

import numpy as np

from api.answer_base import Words
from api.clauses.enterprise_class import (
    FIRE_FIGHTING,
    GAS_PROTECTION,
    kinds_filled,
    possible_classes,
)
from api.clauses.findings import Findings, Rules, Subject
from api.clauses.ground import Ground, Records
from data.clause_facts import CrewFacts, GradedSource, StoredItem
from data.measures import factor
from data.records import EnterpriseFacts

CLASS = "gb30077-class"
VEHICLES_1, KINDS_1 = "gb30077-vehicles-1", "gb30077-vehicle-kinds-1"
VEHICLES_2, FIRE_2, GAS_2 = "gb30077-vehicles-2", "gb30077-fire-vehicle-2", "gb30077-gas-protection-2"
OF_CLASS = {1: (VEHICLES_1, KINDS_1), 2: (VEHICLES_2, FIRE_2, GAS_2), 3: ()}
VEHICLES = Words(en="Vehicles of its own in service", zh="自有在役车辆")
HIGHLY_TOXIC = frozenset({"J1", "J2"})
"""Acute toxicity of category 1."""


@dataclass(frozen=True)
class Kit:
    """An item of a store, and the unit of measure it is counted in."""

    item: str
    unit_of_measure: str


WORKPLACE = {
    "gb30077-workplace-scba": Kit("scba", "set"),
    "gb30077-workplace-suits": Kit("chemical-suit", "piece"),
    "gb30077-workplace-detectors": Kit("gas-detector", "piece"),
    "gb30077-workplace-sorbent": Kit("sorbent", "kg"),
    "gb30077-workplace-hose": Kit("hose", "m"),
}
SPARES = {
    "gb30077-spare-scba": Kit("scba", "set"),
    "gb30077-spare-fire-suits": Kit("fire-suit", "piece"),
    "gb30077-spare-kit": Kit("chemical-suit", "piece"),
}
CODES = (CLASS, VEHICLES_1, KINDS_1, VEHICLES_2, FIRE_2, GAS_2, *WORKPLACE, *SPARES)


@dataclass(frozen=True)
class Holder:
    """
    An enterprise with a major hazard.

    Attributes
    ----------
    level : int
        Of its gravest source.
    highly_toxic : tuple of str
        What it holds of such goods.
    teams : frozenset of str
        Those it commands or that guard a source of its own.
    vehicles : tuple of CrewFacts
        Of these teams, in service.
    stores : tuple of StoredItem or None
        Of its own depots, those of tier enterprise whose names begin with its own; None where it has none.
    """

    subject: Subject
    level: int
    size: EnterpriseFacts | None
    highly_toxic: tuple[str, ...]
    teams: frozenset[str]
    vehicles: tuple[CrewFacts, ...]
    stores: tuple[StoredItem, ...] | None


def findings(ground: Ground, rules: Rules) -> Findings:
    """Judge every enterprise with a source of level 1 to 4 by the clauses of its own class."""
    for holder in holders(ground.records):
        yield from of_class(rules, holder)
        yield from _workplace(rules, holder)
        yield from _spares(rules, holder)


def holders(records: Records) -> tuple[Holder, ...]:
    """Return the enterprises with a major hazard in the order of their first sources."""
    sources: dict[str, list[GradedSource]] = {}
    for source in records.sources:
        if source.grade is not None:
            sources.setdefault(source.enterprise, []).append(source)
    sizes = {size.name: size for size in records.enterprises}
    return tuple(_holder(records, name, own, sizes.get(name)) for name, own in sources.items())


def of_class(rules: Rules, holder: Holder) -> Findings:
    """Judge the class, and the vehicles that it asks for."""
    size = holder.size or EnterpriseFacts(holder.subject.name, None, None)
    possible = possible_classes(size.headcount, size.revenue_yuan, holder.level)
    if len(possible) > 1:
        yield from (rules.cannot_tell(code, holder.subject) for code in _until_known(possible))
        return
    (own,) = possible
    said = Words(
        en=f"Class {own}: gravest source of level {holder.level}.",
        zh=f"第{own}类：最高 {holder.level} 级重大危险源。",
    )
    yield rules.decided(CLASS, holder.subject, kept=True, value=float(own), said=said)
    if own == 1:
        yield from _class_1(rules, holder)
    elif VEHICLES_2 in OF_CLASS[own]:
        yield from _class_2(rules, holder)


def _holder(records: Records, name: str, own: list[GradedSource], size: EnterpriseFacts | None) -> Holder:
    gravest = min(own, key=lambda source: (source.grade or 0, source.id))
    crews = [crew for crew in records.crews if name in (crew.authority, crew.enterprise)]
    has_depot = any(depot.startswith(name) for depot in records.enterprise_depots)
    toxic = [
        held.name
        for source in own
        for unit in source.units
        for held in unit.substances
        if HIGHLY_TOXIC & set((held.hazard_class or "").replace(" ", "").split(","))
    ]
    return Holder(
        subject=Subject("enterprise", name, gravest.lon, gravest.lat, gravest.synthetic),
        level=gravest.grade or 0,
        size=size,
        highly_toxic=tuple(dict.fromkeys(toxic)),
        teams=frozenset(crew.team for crew in crews),
        vehicles=tuple(crew for crew in crews if crew.in_service),
        stores=tuple(one for one in records.stores if one.depot.startswith(name)) if has_depot else None,
    )


def _until_known(possible: frozenset[int]) -> tuple[str, ...]:
    return (CLASS, *(code for own in sorted(possible) for code in OF_CLASS[own]))


def _class_1(rules: Rules, holder: Holder) -> Findings:
    yield rules.measured(VEHICLES_1, holder.subject, float(len(holder.vehicles)), VEHICLES)
    kinds = kinds_filled([vehicle.can for vehicle in holder.vehicles])
    said = Words(
        en="Kinds of vehicle there at once: fire-fighting, gas protection, hazmat",
        zh="同时具备的车辆种类：消防、气防或多功能、危化洗消",
    )
    yield rules.measured(KINDS_1, holder.subject, float(kinds), said)


def _class_2(rules: Rules, holder: Holder) -> Findings:
    yield rules.measured(VEHICLES_2, holder.subject, float(len(holder.vehicles)), VEHICLES)
    fire = sum(bool(FIRE_FIGHTING & vehicle.can) for vehicle in holder.vehicles)
    said = Words(en="Vehicles with water, foam or a pump", zh="载水、泡沫或泵的车辆")
    yield rules.measured(FIRE_2, holder.subject, float(fire), said)
    if holder.highly_toxic:
        gas = sum(bool(GAS_PROTECTION & vehicle.can) for vehicle in holder.vehicles)
        goods = ", ".join(holder.highly_toxic)
        said = Words(en=f"Vehicles with detection, for {goods}", zh=f"带侦检的气防车（{goods}）")
        yield rules.measured(GAS_2, holder.subject, float(gas), said)


def _workplace(rules: Rules, holder: Holder) -> Findings:
    for code, kit in WORKPLACE.items():
        held = _held(holder, kit)
        if held is None:
            yield rules.cannot_tell(code, holder.subject)
        else:
            said = Words(en=f"{kit.item} in its own stores", zh=f"自有库存 {kit.item}")
            yield rules.measured(code, holder.subject, held, said)


def _spares(rules: Rules, holder: Holder) -> Findings:
    """Judge the spares: each of its crews wears one set, and what its stores hold stands by."""
    crew = sum(vehicle.crew for vehicle in holder.vehicles)
    for code, kit in SPARES.items():
        spare = _held(holder, kit)
        if spare is None or not crew:
            yield rules.cannot_tell(code, holder.subject)
            continue
        said = Words(
            en=f"{spare:g} {kit.item} spare for {crew} people of its crews",
            zh=f"车组 {crew} 人，备用 {kit.item} {spare:g}",
        )
        yield rules.measured(code, holder.subject, crew / spare if spare else np.inf, said)


def _held(holder: Holder, kit: Kit) -> float | None:
    """Return how much of an item its stores hold, None where it has no store."""
    if holder.stores is None:
        return None
    return sum(
        one.quantity * (factor(one.unit_of_measure, kit.unit_of_measure) or 0.0)
        for one in holder.stores
        if one.item == kit.item
    )
