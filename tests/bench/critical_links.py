"""Critical links of Wuhan: every road on a fastest way closed, beside weighing the roads anew each time."""

import os
import time
from pathlib import Path

import numpy as np
from rich.console import Console

from api.demo import Town, ready_roads, settings_for
from api.live_roads import LiveRoads, open_live_roads
from routing.closing import with_all_open
from routing.coverage import Demands, due_at
from routing.critical_links import closings, worst_closures
from routing.links import Fleet, Links, arrivals_under

VAR = Path(os.environ.get("RESCUEGRID_VAR", "var"))
POSTS, SPOTS, SAMPLE = 60, 600, 100
PROFILES = ("fire-engine", "ambulance", "heavy-hazmat-truck")
WITHIN_S = 900.0


def drawn(roads: LiveRoads) -> Links:
    """Put posts and spots at crossings drawn by chance."""
    chance = np.random.default_rng(1)
    nodes = chance.choice(roads.network.nodes, POSTS + SPOTS, replace=False)
    places = roads.index.snap(roads.network.node_lon[nodes], roads.network.node_lat[nodes])
    fleets = [
        Fleet(roads.routers.get(name), own, places[own], np.full(len(own), 60.0))
        for name, own in zip(PROFILES, np.array_split(np.arange(POSTS), len(PROFILES)), strict=True)
    ]
    each = np.arange(SPOTS)
    demands = Demands(chance.integers(1, 5, SPOTS), np.zeros(SPOTS, dtype=bool), each, np.ones(SPOTS))
    return Links(fleets, places[POSTS + each], demands, np.zeros((POSTS, SPOTS), dtype=bool))


def main() -> None:
    """Measure and print."""
    paper = Console()
    settings = settings_for(Town.WUHAN, VAR)
    ready_roads(Town.WUHAN, settings, paper.print)
    links = drawn(open_live_roads(settings.roads_root, settings.roads))
    worst_closures(links, WITHIN_S)
    begun = time.perf_counter()
    found = {one.segments: one.worst_s for one in worst_closures(links, WITHIN_S)}
    all_s = time.perf_counter() - begun
    asked = closings(links, with_all_open(links))
    sample = np.random.default_rng(2).choice(len(asked), SAMPLE, replace=False).tolist()
    before_s = due_at(arrivals_under(links, (), np.arange(SPOTS)), links.demands).spot_s
    begun = time.perf_counter()
    for one in (asked[i] for i in sample):
        spot_s = before_s.copy()
        spot_s[one.spots] = arrivals_under(links, one.segments, one.spots).min(axis=0)
        if (spot_s != before_s).any() and found[one.segments] != spot_s.max():
            paper.print(f"differs: {one.segments}", style="red")
    each_s = (time.perf_counter() - begun) / SAMPLE
    anew_s = each_s * len(asked)
    paper.print(f"{len(asked):,} closings, {POSTS} posts, {SPOTS} spots")
    paper.print(f"one thread, the ways while all is open included: {all_s:.2f} s")
    paper.print(f"weighing anew, {SAMPLE} measured: {anew_s:.1f} s, {anew_s / all_s:.0f} times that")


if __name__ == "__main__":
    main()
