"""What each new base of a plan does that others do not: two built side by side would do the same twice."""

from collections.abc import Sequence

from api.siting.answer import BuiltSaid
from api.siting.ground import Ground

PARTS_OF_A_SOURCE = 3


def built_said(ground: Ground, built: Sequence[int]) -> tuple[BuiltSaid, ...]:
    """Return for each new base the sources it reaches in time, alone and along with other new ones."""
    standing = ground.sites.existing.tolist()
    everything = ground.reached([*standing, *built]).sum()
    said = []
    for site in built:
        others = [other for other in built if other != site]
        reached, by_others = ground.reached([site]), ground.reached(others)
        either = ground.reached([site, *others])
        said.append(
            BuiltSaid(
                site=str(ground.sites.name[site]),
                reached=_rounded(reached.sum()),
                alone=_rounded(everything - ground.reached([*standing, *others]).sum()),
                with_new=_rounded((reached + by_others - either).clip(min=0).sum()),
            )
        )
    return tuple(said)


def _rounded(sources: float) -> float:
    return round(float(sources), PARTS_OF_A_SOURCE)
