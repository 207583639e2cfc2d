"""Say which depots supply the incident, how, and what there will be later."""

from api.answer_base import Words
from api.answer_choice import DeliverySaid, StockAtSaid, SupplyChoiceSaid
from api.picture import Picture
from api.rounding import amount, seconds, seconds_if_ever
from api.supplying import Supplying
from routing.supplying import Load


def say_supply_choice(picture: Picture, supplying: Supplying) -> SupplyChoiceSaid:
    """Say what comes from where."""
    supplies, names = supplying.supplies, [supply.item for supply in picture.needs.supplies]
    over_time = supplying.over_time
    return SupplyChoiceSaid(
        deliveries=[_delivery(picture, supplying, load, names) for load in supplies.loads],
        met_at_s={name: seconds_if_ever(met_s) for name, met_s in zip(names, supplies.met_at_s, strict=True)},
        shortfall={
            name: amount(missing)
            for name, missing in zip(names, supplies.missing, strict=True)
            if missing > 0
        },
        reserved={one.item: amount(one.quantity) for one in picture.needs.reserved},
        why_short={
            name: Words(en=str(why), zh=why.zh)
            for name, why in zip(names, supplies.why_missing, strict=True)
            if why is not None
        },
        over_time=[
            StockAtSaid(
                at_s=at_s,
                items={name: amount(held) for name, held in zip(names, row, strict=True)},
            )
            for at_s, row in zip(over_time.at_s, over_time.held, strict=True)
        ],
        below_minimum_by=picture.needs.below_minimum_by,
        proved=supplies.proved,
    )


def _delivery(picture: Picture, supplying: Supplying, load: Load, names: list[str]) -> DeliverySaid:
    depot = int(supplying.depot[load.row])
    carrier = None if load.carrier is None else int(supplying.carrier[load.carrier])
    return DeliverySaid(
        depot=int(picture.depots.id[depot]),
        name=picture.depots.name[depot],
        items={name: amount(given) for name, given in zip(names, load.amounts, strict=True) if given > 0},
        how="delivered" if carrier is None else "picked up",
        carrier=None if carrier is None else int(picture.units.id[carrier]),
        carrier_name=None if carrier is None else picture.units.name[carrier],
        carrier_later_s=seconds(load.slip_s),
        arrival_s=seconds(load.arrival_s),
        available_after_s=float(supplying.available_after_s[load.row]),
        contact=picture.depots.contact[depot],
        phone=picture.depots.phone[depot],
    )
