"""Made-up hazard sources: points, plant areas and pipelines with their GB 18218 units."""

from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from data.registry import NewHazardSource
from data.samples.chance import Chance
from data.samples.ground import FULL_TURN_DEG, Ground, away
from data.samples.naming import Names, contact, phone
from data.samples.sites import SITES, Held, Shape, SiteModel
from geo.grading import GbUnit, Substance
from geo.places import Place

GAP_BETWEEN_SOURCES_M = 400.0
CORNERS = (6, 9)
RADIUS_M = (90, 260)
STEPS_OF_A_LINE = (4, 7)
STEP_M = 700.0


def make_hazard_sources(ground: Ground, seed: int) -> tuple[NewHazardSource, ...]:
    """Return 200 hazard sources, from filling stations that are no major hazard to plants of level 1."""
    chance = Chance(seed, "hazards")
    models = [model for model in SITES for _ in range(model.count)]
    nodes = ground.spread(len(models), GAP_BETWEEN_SOURCES_M, Chance(seed, "hazard nodes"))
    names = Names()
    return tuple(
        _source(model, ground.place(node), _drawn(model.shape, node, ground, chance), names, chance)
        for model, node in zip(models, nodes, strict=True)
    )


def _source(
    model: SiteModel, about: Place, shape: BaseGeometry, names: Names, chance: Chance
) -> NewHazardSource:
    name = names.next(model.name, about)
    residents = chance.whole(*model.residents)
    holds = chance.some_of(model.holds, chance.whole(*model.units))
    return NewHazardSource(
        name=name,
        kind=model.kind,
        enterprise=f"示例{model.industry}有限公司 {chance.whole(1, 60):02d}",
        place=shape,
        contact=contact(chance, "安全主任"),
        phone=phone(chance),
        gb_units=tuple(GbUnit(held.kept_in, residents, (_substance(held, chance),)) for held in holds),
        synthetic=True,
    )


def _substance(held: Held, chance: Chance) -> Substance:
    return Substance(held.name, held.cas, held.hazard_class, round(chance.between(*held.tonnes), 1))


def _drawn(shape: Shape, node: int, ground: Ground, chance: Chance) -> BaseGeometry:
    if shape is Shape.AREA:
        return _area(ground.place(node), chance)
    if shape is Shape.LINE:
        return _line(node, ground, chance)
    return Point(_lon_lat(ground.beside(node, chance)))


def _area(middle: Place, chance: Chance) -> Polygon:
    """Draw corners at even bearings around the middle, so that no two sides cross."""
    corners = chance.whole(*CORNERS)
    return Polygon(
        _lon_lat(away(middle, FULL_TURN_DEG * corner / corners, chance.whole(*RADIUS_M)))
        for corner in range(corners)
    )


def _line(node: int, ground: Ground, chance: Chance) -> LineString:
    """Follow a chain of nodes; the last is passed twice, so that even a chain of one node makes a line."""
    nodes = ground.chain(node, chance.whole(*STEPS_OF_A_LINE), STEP_M, chance)
    return LineString(_lon_lat(ground.beside(each, chance)) for each in (*nodes, nodes[-1]))


def _lon_lat(place: Place) -> tuple[float, float]:
    return place.lon, place.lat
