"""A check of the clauses as layers of a GeoPackage, and its reds as a map."""

from pathlib import Path

import geopandas as gpd
from folium import Map
from shapely import Point

from api.clauses.answer import ClauseSaid, ClausesAnswer, FindingSaid
from api.clauses.findings import Verdict
from api.clauses.numbers import told
from api.live_roads import LiveRoads
from api.mapping import road_frame
from data.layers_file import write_layers
from data.models import Strength
from geo.maps.clauses_map import ClauseLayer, ClausesScene, Red, Undecided, clauses_map
from geo.maps.planning_panel import Count, Headline
from geo.maps.roads import Extent
from geo.maps.words import Word
from geo.places import Place

WGS84 = "EPSG:4326"
NOT_CONFIRMED = "未经印刷文本核实 not confirmed in a printed source"


def save_clause_layers(answer: ClausesAnswer, path: Path) -> None:
    """Write a layer a verdict, and the summary of the clauses; what stands nowhere has an empty geometry."""
    layers = {
        verdict.replace("-", "_"): _layer([one for one in answer.findings if one.verdict == verdict])
        for verdict in (Verdict.RED, Verdict.GREEN, Verdict.CANNOT_TELL)
    }
    write_layers(path, layers | {"clauses": _summary(answer.clauses)})


def clauses_chart(answer: ClausesAnswer, roads: LiveRoads) -> Map:
    """Return the map of the reds."""
    return clauses_map(
        ClausesScene(
            head=_headline(answer),
            counts=_counts(answer),
            clauses=[
                ClauseLayer(clause.code, Word(clause.name.zh, clause.name.en), _binds(clause))
                for clause in answer.clauses
            ],
            reds=[_red(finding) for finding in answer.findings if finding.verdict == Verdict.RED],
            undecided=_undecided(answer),
            extent=Extent(*roads.stored.bounds),
            roads=road_frame(roads.network),
            licence=answer.licence,
            notes=answer.notes,
        )
    )


def asked_of(finding: FindingSaid | ClauseSaid) -> str:
    """Return what the clause asks: ``≤ 5:00 min``, nothing where no threshold decides."""
    if finding.threshold is None or finding.bound is None:
        return ""
    return f"{'≤' if finding.bound == 'most' else '≥'} {told(finding.threshold, finding.unit)}"


def _headline(answer: ClausesAnswer) -> Headline:
    totals = answer.totals
    preset = f" · {answer.preset}" if answer.preset else ""
    return Headline(
        title="条款核查 Clauses",
        subtitle=f"{answer.roads} · {answer.today}{preset}",
        figure=str(totals.red_shall),
        means=Word("处违反“应”", "findings that break a shall"),
        verdict=(
            f"合格 green {totals.green} · 不合格 red {totals.red} · 无法判定 cannot tell {totals.cannot_tell}"
        ),
        good=totals.red_shall == 0,
    )


def _counts(answer: ClausesAnswer) -> list[Count]:
    """Return the clauses that anything is told of, those with most reds first."""
    told_of = [clause for clause in answer.clauses if clause.green or clause.red]
    return [_count(clause) for clause in sorted(told_of, key=lambda clause: -clause.red)]


def _undecided(answer: ClausesAnswer) -> list[Undecided]:
    why = {one.clause: f"{one.sentence.zh} {one.sentence.en}" for one in answer.findings}
    return [
        Undecided(Word(clause.name.zh, clause.name.en), why[clause.code])
        for clause in answer.clauses
        if clause.cannot_tell and not clause.green and not clause.red
    ]


def _count(clause: ClauseSaid) -> Count:
    strength = "应 shall" if _binds(clause) else "宜 should"
    doubt = () if clause.confirmed else (NOT_CONFIRMED,)
    parts = (strength, asked_of(clause), clause.source, *doubt)
    return Count(
        what=Word(clause.name.zh, clause.name.en),
        figure=f"{clause.green}/{clause.red}/{clause.cannot_tell}",
        good=clause.red == 0,
        under=" · ".join(part for part in parts if part),
    )


def _red(finding: FindingSaid) -> Red:
    doubt = () if finding.confirmed else (NOT_CONFIRMED,)
    facts = (finding.sentence.zh, finding.sentence.en, finding.source, *doubt)
    return Red(
        clause=finding.clause,
        subject=finding.subject,
        place=None if finding.place is None else Place(finding.place.lon, finding.place.lat),
        value=told(finding.value, finding.unit),
        asked=asked_of(finding),
        facts=facts,
        synthetic=finding.synthetic,
    )


def _binds(said: ClauseSaid) -> bool:
    return said.strength == Strength.SHALL


def _layer(findings: list[FindingSaid]) -> gpd.GeoDataFrame:
    rows = [
        one.model_dump(exclude={"place", "sentence"}) | {"en": one.sentence.en, "zh": one.sentence.zh}
        for one in findings
    ]
    shapes = [Point() if one.place is None else Point(one.place.lon, one.place.lat) for one in findings]
    return gpd.GeoDataFrame(rows, geometry=shapes, crs=WGS84)


def _summary(clauses: list[ClauseSaid]) -> gpd.GeoDataFrame:
    rows = [
        one.model_dump(exclude={"name"}) | {"name_en": one.name.en, "name_zh": one.name.zh} for one in clauses
    ]
    return gpd.GeoDataFrame(rows, geometry=[Point() for _ in clauses], crs=WGS84)
