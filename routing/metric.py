"""What each segment costs a vehicle: its time in each direction, or that it is closed and why."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from routing.network import MS_PER_S, Barrier, RoadNetwork
from routing.profiles import Preset, Profile

KMH_PER_M_PER_S = 3.6
LEAST_MS = 1
LONGEST_MS = 2**29
MOTORWAYS = ("motorway", "motorway_link")


@dataclass(frozen=True)
class Metric:
    """
    The times of one profile under one set of conditions.

    Attributes
    ----------
    forward_ms, backward_ms : int32, shape (segments,)
        Whole milliseconds from tail to head and back; meaningless where closed.
    forward, backward : bool, shape (segments,)
        Whether each direction is open.
    obeys_turns : bool
        Whether turn restrictions hold.
    """

    forward_ms: NDArray[np.int32]
    backward_ms: NDArray[np.int32]
    forward: NDArray[np.bool_]
    backward: NDArray[np.bool_]
    obeys_turns: bool

    def under(self, closed: NDArray[np.bool_], time_factor: NDArray[np.float64]) -> "Metric":
        """
        Return the metric with some segments closed and others slower.

        Parameters
        ----------
        closed : bool, shape (segments,)
        time_factor : float64, shape (segments,)
            What the times are multiplied by; 1 changes nothing.
        """
        slowed = np.flatnonzero(time_factor != 1.0)
        forward_ms, backward_ms = self.forward_ms, self.backward_ms
        if len(slowed):
            forward_ms, backward_ms = forward_ms.copy(), backward_ms.copy()
            for times in (forward_ms, backward_ms):
                times[slowed] = _whole_ms(times[slowed] * time_factor[slowed])
        return replace(
            self,
            forward_ms=forward_ms,
            backward_ms=backward_ms,
            forward=self.forward & ~closed,
            backward=self.backward & ~closed,
        )


def metric_of(network: RoadNetwork, profile: Profile, preset: Preset | None = None) -> Metric:
    """Return the times of a profile on a network, by night, on ice or in fog where a preset says so."""
    forward, backward = network.forward, network.backward
    if profile.walks_kmh is not None:
        forward = backward = np.ones(network.segments, dtype=np.bool_)
    open_to_it = ~barred(network, profile)
    slower = _preset_factor(network, preset)
    return Metric(
        forward_ms=_times_ms(network, profile, network.forward_ms, network.rise_m, slower),
        backward_ms=_times_ms(network, profile, network.backward_ms, -network.rise_m, slower),
        forward=forward & open_to_it,
        backward=backward & open_to_it,
        obeys_turns=profile.obeys_turns,
    )


def barred(network: RoadNetwork, profile: Profile) -> NDArray[np.bool_]:
    """Return which segments a profile may not or cannot use, shape (segments,)."""
    if profile.walks_kmh is not None:
        return np.isin(network.class_names[network.road_class], MOTORWAYS)
    shut = Barrier.BLOCK if profile.opens_gates else Barrier.GATE
    return (
        (network.access > profile.enters)
        | (network.barrier >= shut)
        | (network.max_height_m < profile.height_m)
        | (network.max_weight_t < profile.weight_t)
        | (network.max_width_m < profile.width_m)
    )


def why_barred(network: RoadNetwork, profile: Profile, segment: int) -> tuple[str, ...]:
    """Return in words everything that keeps a profile off a segment."""
    street = str(network.street_names[network.street[segment]]) or "an unnamed road"
    if profile.walks_kmh is not None:
        is_motorway = str(network.class_names[network.road_class[segment]]) in MOTORWAYS
        return (f"{street} is a motorway",) if is_motorway else ()
    limits = (
        ("height", network.max_height_m[segment], profile.height_m, "m"),
        ("weight", network.max_weight_t[segment], profile.weight_t, "t"),
        ("width", network.max_width_m[segment], profile.width_m, "m"),
    )
    reasons = [
        f"{street} has a {what} limit of {limit:g} {unit}, a {profile.name} has {own:g} {unit}"
        for what, limit, own, unit in limits
        if limit < own
    ]
    if network.access[segment] > profile.enters:
        reasons.append(f"{street} is not open to a {profile.name}")
    if network.barrier[segment] >= (Barrier.BLOCK if profile.opens_gates else Barrier.GATE):
        reasons.append(f"{street} has a barrier that does not open to a {profile.name}")
    return tuple(reasons)


def _times_ms(
    network: RoadNetwork,
    profile: Profile,
    car_ms: NDArray[np.int32],
    rise_m: NDArray[np.float32],
    slower: NDArray[np.float64],
) -> NDArray[np.int32]:
    length_m = network.length_m
    if profile.walks_kmh is not None:
        own_ms = length_m * (KMH_PER_M_PER_S / profile.walks_kmh * MS_PER_S)
    else:
        own_ms = np.maximum(
            car_ms / profile.lights_factor, length_m * (KMH_PER_M_PER_S / profile.top_kmh * MS_PER_S)
        )
    if profile.uphill_factor:
        slope = np.divide(rise_m, length_m, out=np.zeros(len(length_m)), where=length_m > 0)
        own_ms = own_ms * (1.0 + profile.uphill_factor * np.nan_to_num(np.maximum(slope, 0.0)))
    return _whole_ms(own_ms * slower)


def _whole_ms(ms: NDArray[np.float64]) -> NDArray[np.int32]:
    return np.clip(np.rint(ms), LEAST_MS, LONGEST_MS).astype(np.int32)


def _preset_factor(network: RoadNetwork, preset: Preset | None) -> NDArray[np.float64]:
    if preset is None:
        return np.ones(network.segments)
    by_class = np.array([preset.factor(str(name)) for name in network.class_names])
    return by_class[network.road_class]
