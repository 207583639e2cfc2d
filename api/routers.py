"""Routers made when first asked for, one for each profile and preset, and kept."""

from dataclasses import dataclass, field
from threading import Lock

from routing.cch.topology import Topology
from routing.graph import SearchGraph
from routing.hierarchy_engine import HierarchyEngine
from routing.metric import metric_of
from routing.network import RoadNetwork
from routing.profiles import CAR, preset, profile
from routing.router import Router
from routing.whereabouts import Stands, places_to_stand


@dataclass(frozen=True)
class Routers:
    """The routers of one network. Threads may ask at once; each router is made once."""

    network: RoadNetwork
    graph: SearchGraph
    topology: Topology
    _made: dict[tuple[str, str | None], Router] = field(default_factory=dict)
    _stands: dict[str, Stands] = field(default_factory=dict)
    _making: Lock = field(default_factory=Lock)

    def get(self, profile_name: str, preset_name: str | None = None) -> Router:
        """
        Return the router of a vehicle profile, by night, on ice or in fog where a preset says so.

        Raises
        ------
        InvalidInputError
            When there is no such profile or preset.
        """
        with self._making:
            return self._get(profile_name, preset_name)

    def stands(self, profile_name: str) -> Stands:
        """Return where a vehicle of a profile may stand when nothing is closed."""
        metric = self.get(profile_name).metric
        with self._making:
            if profile_name not in self._stands:
                self._stands[profile_name] = places_to_stand(self.network, metric)
            return self._stands[profile_name]

    def _get(self, profile_name: str, preset_name: str | None) -> Router:
        key = (profile_name, preset_name)
        if key not in self._made:
            slower = None if preset_name is None else preset(preset_name)
            metric = metric_of(self.network, profile(profile_name), slower)
            if key == (CAR, None):
                engine = HierarchyEngine.of(self.topology, self.graph.weights_ms(metric))
                self._made[key] = Router(self.network, self.graph, metric, engine)
            else:
                self._made[key] = self._get(CAR, None).under(metric)
        return self._made[key]
