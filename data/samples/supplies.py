"""Made-up supply depots and what they hold."""

from dataclasses import dataclass

from data.models import DepotTier
from data.registry import NewDepot, NewStock
from data.samples.chance import Chance
from data.samples.ground import Ground
from data.samples.naming import Names, contact, phone
from geo.places import Place

GAP_BETWEEN_DEPOTS_M = 2500.0
PICK_UP_ONLY = 10
LOADING_MIN = (5, 20)
MINIMUM_SHARE = 0.25


@dataclass(frozen=True)
class _DepotModel:
    """A kind of depot: how many there are, how many items each holds, and how much against a county's."""

    tier: DepotTier
    name: str
    count: int
    items: int
    size: float


@dataclass(frozen=True)
class _Item:
    """An item, how much of it a county's depot holds, and in which steps it is counted."""

    name: str
    unit_of_measure: str
    least: int
    most: int
    step: float = 1.0


DEPOTS = (
    _DepotModel(DepotTier.PROVINCE, "省级储备库", 2, 8, 3.0),
    _DepotModel(DepotTier.CITY, "市级储备库", 5, 7, 2.0),
    _DepotModel(DepotTier.COUNTY, "区级储备库", 8, 6, 1.0),
    _DepotModel(DepotTier.TOWNSHIP, "街道储备点", 8, 4, 0.3),
    _DepotModel(DepotTier.ENTERPRISE, "企业储备库", 7, 5, 0.6),
)
SORBENT_IN_TONNES = _Item("sorbent", "t", 1, 4, 0.1)
ITEMS = (
    _Item("sorbent", "kg", 400, 2500, 50),
    _Item("chemical-suit", "piece", 10, 60),
    _Item("foam-concentrate", "L", 1000, 8000, 100),
    _Item("sandbag", "piece", 1000, 6000, 100),
    _Item("life-jacket", "piece", 40, 200, 5),
    _Item("scba", "set", 6, 30),
    _Item("gas-detector", "piece", 3, 15),
    _Item("hose", "m", 200, 1500, 20),
)
TIERS_THAT_COUNT_TONNES = (DepotTier.PROVINCE, DepotTier.CITY)


def make_depots(ground: Ground, seed: int) -> tuple[NewDepot, ...]:
    """Return 30 depots of every tier, a third of them pick-up only; some hold less than they should."""
    chance = Chance(seed, "depots")
    models = [model for model in DEPOTS for _ in range(model.count)]
    nodes = ground.spread(len(models), GAP_BETWEEN_DEPOTS_M, Chance(seed, "depot nodes"))
    pick_up_only = set(chance.order(len(models))[:PICK_UP_ONLY])
    names = Names()
    return tuple(
        _depot(model, ground.beside(node, chance), number not in pick_up_only, names, chance)
        for number, (model, node) in enumerate(zip(models, nodes, strict=True))
    )


def _depot(model: _DepotModel, place: Place, delivers: bool, names: Names, chance: Chance) -> NewDepot:
    return NewDepot(
        name=names.next(model.name, place),
        tier=model.tier,
        place=place,
        loading_s=chance.whole(*LOADING_MIN) * 60,
        delivers=delivers,
        contact=contact(chance, "主任"),
        phone=phone(chance),
        stock=tuple(_stock(item, model, chance) for item in chance.some_of(ITEMS, model.items)),
        synthetic=True,
    )


def _stock(item: _Item, model: _DepotModel, chance: Chance) -> NewStock:
    if item.name == SORBENT_IN_TONNES.name and model.tier in TIERS_THAT_COUNT_TONNES:
        item = SORBENT_IN_TONNES
    return NewStock(
        item=item.name,
        unit_of_measure=item.unit_of_measure,
        quantity=_in_steps(model.size * chance.between(item.least, item.most), item),
        minimum=_in_steps(model.size * item.most * MINIMUM_SHARE, item),
        synthetic=True,
    )


def _in_steps(quantity: float, item: _Item) -> float:
    return round(round(quantity / item.step) * item.step, 1)
