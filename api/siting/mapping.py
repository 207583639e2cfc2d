"""A siting answer as a map and as layers."""

from collections.abc import Sequence
from pathlib import Path

import folium
import geopandas as gpd

from api.live_roads import LiveRoads
from api.mapping import road_frame
from api.siting.answer import GradeSaid, LatestSaid, NamedPlan, PlanSaid, SitingAnswer
from api.siting.demand import GRAVEST
from api.siting.question import SiteSaid
from api.siting.sites import Kind
from data.siting_files import write_layers
from geo.maps.offline import save_offline
from geo.maps.siting_front import FrontPoint
from geo.maps.siting_map import Fare, PlanLayer, SiteDot, SitingScene, Source, siting_map
from geo.maps.words import Word, clock
from geo.places import Place

WGS84 = 4326
NOTHING = "现状 nothing new"
MOST_SHOWN_RULES = 6
LOWEST = 4
GRAVEST_COUNTED = Word("一、二级源按时到达数", "levels 1 and 2 reached in time")
ALL_COUNTED = Word("按时到达源数", "sources reached in time")
KIND_WORDS = {Kind.NEW: "新建 new", Kind.UPGRADE: "升级 upgrade", Kind.EXISTING: "现有 stands"}


def chart_of_siting(answer: SitingAnswer, roads: LiveRoads) -> folium.Map:
    """Draw the plans of an answer side by side."""
    sites = {site.name: site for site in answer.sites}
    places = {source.name: number for number, source in enumerate(answer.sources)}
    built = {name for named in answer.plans for name in named.plan.sites}
    question = answer.question
    front, counts = _front(answer)
    return siting_map(
        SitingScene(
            title=f"选址 Siting · {question.roads} · {question.new} 新 new",
            subtitle=_subtitle(answer),
            plans=tuple(_layer(named, sites, places) for named in answer.plans),
            standing=_dots([site for site in answer.sites if site.kind == Kind.EXISTING]),
            candidates=_dots(
                [site for site in answer.sites if site.kind != Kind.EXISTING and site.name not in built]
            ),
            sources=tuple(
                Source(source.name, source.grade, Place(source.lon, source.lat), source.synthetic)
                for source in answer.sources
            ),
            front=front,
            front_counts=counts,
            rules=tuple(
                f"{rule.verdict} · {rule.strength} · {rule.rule}{f' · {rule.price}' if rule.price else ''}"
                for rule in answer.rules[:MOST_SHOWN_RULES]
            ),
            notes=(question.weights, *answer.notes),
            roads=road_frame(roads.network),
            licence=question.licence,
        )
    )


def save_siting_map(answer: SitingAnswer, roads: LiveRoads, path: Path) -> None:
    """Write the map of an answer as one offline page."""
    save_offline(chart_of_siting(answer, roads), path)


def write_siting_layers(answer: SitingAnswer, path: Path) -> None:
    """Write sites and sources, with how each fares under every plan, as a GeoPackage."""
    sites, sources = answer.sites, answer.sources
    in_plans = [
        "".join(named.letter for named in answer.plans if site.name in named.plan.sites) for site in sites
    ]
    site_rows = gpd.GeoDataFrame(
        {
            "name": [site.name for site in sites],
            "kind": [site.kind for site in sites],
            "cost": [site.cost for site in sites],
            "plans": in_plans,
            "breaks": ["; ".join(site.breaks) for site in sites],
        },
        geometry=gpd.points_from_xy([site.lon for site in sites], [site.lat for site in sites]),
        crs=WGS84,
    )
    fares: dict[str, Sequence[float | None]] = {}
    for named in answer.plans:
        fares[f"arrival_s_{named.letter}"] = named.arrival_s
        fares[f"reached_{named.letter}"] = named.reached
    source_rows = gpd.GeoDataFrame(
        {"name": [source.name for source in sources], "grade": [source.grade for source in sources], **fares},
        geometry=gpd.points_from_xy([source.lon for source in sources], [source.lat for source in sources]),
        crs=WGS84,
    )
    write_layers(path, {"sites": site_rows, "sources": source_rows})


def _subtitle(answer: SitingAnswer) -> str:
    question = answer.question
    holding = f" · 先期控制 holding {clock(question.holding_s)}" if question.holding_s else ""
    asked = "时限 limit" if question.standard == "seconds" else f"{question.standard} ({question.strength})"
    scenarios = "" if len(question.scenarios) == 1 else f" · {len(question.scenarios)} 情景 scenarios"
    return f"{asked} {clock(question.seconds)} · {question.needs}{holding}{scenarios}"


def _layer(named: NamedPlan, sites: dict[str, SiteSaid], places: dict[str, int]) -> PlanLayer:
    plan = named.plan
    chosen = [sites[name] for name in plan.sites]
    facts = [grades_of(plan.grades)]
    if plan.cost is not None:
        facts.append(f"费用 cost {plan.cost:g}")
    facts += [f"宜 should, broken: {rule}" for rule in plan.breaks]
    return PlanLayer(
        letter=named.letter,
        why=named.why,
        builds=" + ".join(plan.sites) or NOTHING,
        facts=tuple(facts),
        latest=_latest(plan.latest),
        latest_source=None if plan.latest is None else places[plan.latest.source],
        new=_dots([site for site in chosen if site.kind == Kind.NEW]),
        upgraded=_dots([site for site in chosen if site.kind == Kind.UPGRADE]),
        fares=tuple(
            Fare(reached, arrival) for reached, arrival in zip(named.reached, named.arrival_s, strict=True)
        ),
    )


def _dots(sites: Sequence[SiteSaid]) -> tuple[SiteDot, ...]:
    return tuple(
        SiteDot(
            site.name,
            Place(site.lon, site.lat),
            (KIND_WORDS[Kind(site.kind)], *(() if not site.cost else (f"费用 cost {site.cost:g}",))),
        )
        for site in sites
    )


def grades_of(grades: Sequence[GradeSaid]) -> str:
    """Say how many sources of each level are reached."""
    return " · ".join(
        f"{each.grade} 级 L{each.grade} {each.reached:.3g}/{each.sources}"
        f"{'' if each.always == each.reached else f' ({each.always:.3g} 始终 always)'}"
        for each in grades
    )


def _latest(latest: LatestSaid | None) -> str:
    if latest is None:
        return "—"
    late = latest.past_deadline_s or 0.0
    words = f"{clock(latest.arrival_s)} {latest.source}"
    return f"{words} · 超时 {clock(late)} late" if late > 0 else words


def _front(answer: SitingAnswer) -> tuple[tuple[FrontPoint, ...], Word]:
    """Return the front and the other named plans, by the gravest sources that tell them apart."""
    letters = {named.plan.sites: named.letter for named in answer.plans}
    on_front = {plan.sites for plan in answer.front}
    others = [named.plan for named in answer.plans if named.plan.sites not in on_front]
    plans = (*answer.front, *others)
    gravest = len({_count(plan, GRAVEST) for plan in answer.front}) > 1
    up_to = GRAVEST if gravest else LOWEST
    points = tuple(
        FrontPoint(
            reached=_count(plan, up_to),
            latest_s=None if plan.latest is None else plan.latest.arrival_s,
            letter=letters.get(plan.sites, ""),
            title=f"{' + '.join(plan.sites) or NOTHING}: {grades_of(plan.grades)}, {_latest(plan.latest)}",
            on_front=plan.sites in on_front,
        )
        for plan in plans
    )
    return points, GRAVEST_COUNTED if gravest else ALL_COUNTED


def _count(plan: PlanSaid, up_to: int) -> float:
    """Return how many sources a plan reaches of the levels up to one."""
    return sum(each.reached for each in plan.grades if each.grade <= up_to)
