"""A second, plain way to find road times and to drive a route, to check the product's by: heaps and loops."""

import heapq
from collections import defaultdict
from collections.abc import Hashable

import numpy as np

from routing.network import RoadNetwork
from routing.snapping import Snapped
from routing.stretches import Route

Spot = Hashable


def plain_ms(network: RoadNetwork, origin: Snapped, target: Snapped) -> float:
    """Search forwards from one origin, over streets split where the origin and the target stand."""
    streets = defaultdict(list)
    for s in range(network.segments):
        stops = {0.0: int(network.tail[s]), 1.0: int(network.head[s])} | _stops_on(s, origin, target)
        shares = sorted(stops)
        for low in shares:
            for high in shares[shares.index(low) + 1 :]:
                if network.forward[s]:
                    streets[stops[low]].append(
                        (stops[high], round((high - low) * int(network.forward_ms[s])))
                    )
                if network.backward[s]:
                    streets[stops[high]].append(
                        (stops[low], round((high - low) * int(network.backward_ms[s])))
                    )
    return _fastest_ms(streets, standing_at(origin), standing_at(target))


def standing_at(place: Snapped) -> Spot:
    """Return the node where one place stands, or its segment and share."""
    if place.at_node[0]:
        return int(place.node[0])
    return int(place.segment[0]), float(place.along[0])


def _stops_on(segment: int, *places: Snapped) -> dict[float, Spot]:
    standing = [standing_at(place) for place in places if not place.at_node[0]]
    return {spot[1]: spot for spot in standing if isinstance(spot, tuple) and spot[0] == segment}


def _fastest_ms(streets: dict[Spot, list[tuple[Spot, int]]], start: Spot, goal: Spot) -> float:
    waiting, counter, settled = [(0, 0, start)], 0, set()
    while waiting:
        ms, _, spot = heapq.heappop(waiting)
        if spot == goal:
            return ms
        if spot in settled:
            continue
        settled.add(spot)
        for following, street_ms in streets[spot]:
            counter += 1
            heapq.heappush(waiting, (ms + street_ms, counter, following))
    return float("inf")


def drive(network: RoadNetwork, route: Route) -> tuple[Spot, Spot, float]:
    """Drive a route, asserting each turn of the way; return where it starts, where it ends, and its time."""
    legs = list(zip(route.stretches.segment, route.stretches.start, route.stretches.end, strict=True))
    ms = 0.0
    begins = at = _spot(network, legs[0][0], legs[0][1])
    for segment, start, end in legs:
        assert _spot(network, segment, start) == at, "each stretch starts where the last one ended"
        if end > start:
            assert network.forward[segment]
        if end < start:
            assert network.backward[segment]
        whole_ms = network.forward_ms[segment] if end > start else network.backward_ms[segment]
        ms += abs(end - start) * float(whole_ms)
        at = _spot(network, segment, end)
    metres = np.abs(route.stretches.end - route.stretches.start) * network.length_m[route.stretches.segment]
    assert abs(route.length_m - sum(metres)) < 1e-6
    return begins, at, ms


def _spot(network: RoadNetwork, segment: np.int64, share: np.float64) -> Spot:
    if share in (0.0, 1.0):
        return int(network.head[segment] if share else network.tail[segment])
    return int(segment), float(share)
