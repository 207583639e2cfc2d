"""Made-up supply depots and what they hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

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
    """An item, how much of it a county's depot holds, in which steps it is counted, and how long it keeps."""

    name: str
    unit_of_measure: str
    least: int
    most: int
    step: float = 1.0
    keeps_days: int | None = None


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
    _Item("chemical-suit", "piece", 10, 60, keeps_days=1800),
    _Item("foam-concentrate", "L", 1000, 8000, 100, keeps_days=1000),
    _Item("sandbag", "piece", 1000, 6000, 100),
    _Item("life-jacket", "piece", 40, 200, 5, keeps_days=2500),
    _Item("scba", "set", 6, 30, keeps_days=1000),
    _Item("gas-detector", "piece", 3, 15, keeps_days=360),
    _Item("hose", "m", 200, 1500, 20),
)
PRODUCED = ("sorbent", "foam-concentrate")
RESERVES = ((4 * 3600, 0.5), (24 * 3600, 1.5))
"""After how many seconds a works can produce what share of its stock."""

OLD_SHARE = 0.3
OLD_LEFT_DAYS, OLD_EXPIRED_DAYS, NEW_LEFT_DAYS = (10, 90), (5, 300), 100
_KINDS = {(item.name, item.unit_of_measure): item for item in (*ITEMS, SORBENT_IN_TONNES)}
TIERS_THAT_COUNT_TONNES = (DepotTier.PROVINCE, DepotTier.CITY)


def make_depots(ground: Ground, seed: int, today: date) -> tuple[NewDepot, ...]:
    """
    Return 30 depots of every tier, a third of them pick-up only; some hold less than they should.

    What does not keep lies in two batches, of which the older has expired here and there. Enterprises can
    produce more within hours.
    """
    chance = Chance(seed, "depots")
    models = [model for model in DEPOTS for _ in range(model.count)]
    nodes = ground.spread(len(models), GAP_BETWEEN_DEPOTS_M, Chance(seed, "depot nodes"))
    pick_up_only = set(chance.order(len(models))[:PICK_UP_ONLY])
    names = Names()
    depots = [
        _depot(model, ground.beside(node, chance), number not in pick_up_only, names, chance)
        for number, (model, node) in enumerate(zip(models, nodes, strict=True))
    ]
    ages = Chance(seed, "batches")
    return tuple(depot.model_copy(update={"stock": tuple(_batches(depot, today, ages))}) for depot in depots)


def _batches(depot: NewDepot, today: date, chance: Chance) -> Iterator[NewStock]:
    """Yield the stock by batch, the older of two without a minimum of its own, then what can be produced."""
    for stock in depot.stock:
        item = _KINDS[stock.item, stock.unit_of_measure]
        if item.keeps_days is None:
            yield stock
        else:
            yield from _old_and_new(stock, item, item.keeps_days, today, chance)
        if depot.tier is DepotTier.ENTERPRISE and stock.item in PRODUCED:
            for after_s, share in RESERVES:
                yield stock.model_copy(
                    update={
                        "quantity": _in_steps(stock.quantity * share, item),
                        "minimum": 0.0,
                        "batch": "production",
                        "available_after_s": after_s,
                    }
                )


def _old_and_new(
    stock: NewStock, item: _Item, keeps_days: int, today: date, chance: Chance
) -> Iterator[NewStock]:
    old = _in_steps(stock.quantity * OLD_SHARE, item)
    has_expired = chance.whole(1, 3) == 1
    days = -chance.whole(*OLD_EXPIRED_DAYS) if has_expired else chance.whole(*OLD_LEFT_DAYS)
    new_day = today + timedelta(days=chance.whole(NEW_LEFT_DAYS, keeps_days))
    if old > 0:
        yield _batch(stock, old, 0.0, today + timedelta(days=days))
    yield _batch(stock, round(stock.quantity - old, 1), stock.minimum, new_day)


def _batch(stock: NewStock, quantity: float, minimum: float, expires_on: date) -> NewStock:
    return stock.model_copy(
        update={
            "quantity": quantity,
            "minimum": minimum,
            "batch": f"{expires_on:%Y%m%d}",
            "expires_on": expires_on,
        }
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
