"""Routers for towns, by plain Dijkstra."""

from routing.graph import SearchGraph
from routing.metric import metric_of
from routing.network import RoadNetwork
from routing.profiles import profile
from routing.router import Router


def car(network: RoadNetwork) -> Router:
    """Return a router for an ordinary car."""
    return Router.plain(network, SearchGraph.of(network), metric_of(network, profile("car")))
