"""
Discrete-event simulation of dispatch: calls, a rule that answers them, and no unit ever in two places.

Everything works on plain arrays and a ``Rule``; the product's own rule is joined to it where the registry is
known, and ``SoonestFree`` is the rule of the queueing models in ``routing.siting``.
"""

from routing.simulation.calls import Calls, lognormal_s, poisson_times
from routing.simulation.engine import Record, Waiting, simulate
from routing.simulation.intervals import Estimate, difference, estimate
from routing.simulation.itinerary import Clash, Itinerary, Trip, clashes
from routing.simulation.measures import Counted, Figures, figures, first_there
from routing.simulation.rule import Order, Rule, Sent, SoonestFree, Standing

__all__ = [
    "Calls",
    "Clash",
    "Counted",
    "Estimate",
    "Figures",
    "Itinerary",
    "Order",
    "Record",
    "Rule",
    "Sent",
    "SoonestFree",
    "Standing",
    "Trip",
    "Waiting",
    "clashes",
    "difference",
    "estimate",
    "figures",
    "first_there",
    "lognormal_s",
    "poisson_times",
    "simulate",
]
