"""Critical links as a map."""

from folium import Map
from shapely import LineString

from api.coverage.files import planned_bases, terms_words
from api.critical_links.answer import LinkSaid
from api.critical_links.ranking import Ranked
from api.live_roads import LiveRoads
from api.mapping import road_frame
from geo.maps.critical_links_map import CriticalLink, CriticalLinksScene, critical_links_map
from geo.maps.planning_marks import ReachedSource
from geo.maps.planning_panel import Count, Headline
from geo.maps.words import Word, clock
from geo.places import Place
from routing.coverage import NOBODY, UNGRADED


def critical_links_chart(ranked: Ranked, roads: LiveRoads) -> Map:
    """Return the map of critical links."""
    answer = ranked.answer
    return critical_links_map(
        CriticalLinksScene(
            head=_headline(ranked),
            counts=_counts(ranked),
            links=[_link(link) for link in answer.links],
            bases=planned_bases(answer.bases),
            sources=_sources(ranked),
            roads=road_frame(roads.network),
            licence=answer.question.licence,
            notes=answer.notes,
        )
    )


def link_name(link: LinkSaid) -> str:
    """Return what people call a link."""
    kinds = {"bridge": "桥 bridge", "tunnel": "隧道 tunnel"}
    return " ".join(part for part in (kinds.get(link.kind, ""), link.name or link.road_class) if part)


def _headline(ranked: Ranked) -> Headline:
    answer = ranked.answer
    dropping = sum(bool(link.lost or link.cut_off) for link in answer.links)
    return Headline(
        title="关键路段 Critical links",
        subtitle=terms_words(answer.question),
        figure=str(dropping),
        means=Word("个路段一旦封闭即失去覆盖", "listed links whose closing alone drops a source"),
        verdict=f"全部开放时最晚 worst with all open {clock(answer.before_s)}",
        good=dropping == 0,
    )


def _counts(ranked: Ranked) -> list[Count]:
    answer = ranked.answer
    return [
        Count(Word("试算", "tried"), f"{answer.tried:,}", good=True),
        Count(Word("有影响", "change an arrival"), f"{answer.harmful:,}", good=answer.harmful == 0),
    ]


def _link(link: LinkSaid) -> CriticalLink:
    facts = (
        f"失去覆盖 drops {len(link.lost)}",
        f"中断 cuts off {len(link.cut_off)}",
        f"最晚 worst {clock(link.worst_s)}",
    )
    return CriticalLink(
        rank=link.rank,
        name=link_name(link),
        lines=tuple(LineString(line) for line in link.coordinates),
        drops=bool(link.lost or link.cut_off),
        worst_s=link.worst_s,
        facts=facts,
    )


def _sources(ranked: Ranked) -> list[ReachedSource]:
    ground, due = ranked.ground, ranked.due
    sources, spots, posts = ground.layout.sources, ground.spots, ground.layout.posts
    within_s = ranked.answer.question.within_s or float("inf")
    return [
        ReachedSource(
            key=f"hazard-{sources.id[i]}",
            name=str(sources.name[i]),
            place=Place(float(spots.lon[due.worst_spot[i]]), float(spots.lat[due.worst_spot[i]])),
            grade=None if sources.grade[i] == UNGRADED else int(sources.grade[i]),
            reached=bool(due.first[i] != NOBODY and due.first_s[i] <= within_s),
            first_s=float(due.first_s[i]) if due.first[i] != NOBODY else None,
            first_base=posts.base_name[posts.base[due.first[i]]] if due.first[i] != NOBODY else None,
            second_s=float(due.second_s[i]) if due.second[i] != NOBODY else None,
            lie=False,
            synthetic=bool(sources.synthetic[i]),
        )
        for i in range(len(sources.id))
    ]
