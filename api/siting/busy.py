"""How sure a plan is when bases are often out, and what would be built with that in mind."""

from collections.abc import Sequence

from api.siting.answer import BaseBusySaid, BusySaid, ModelSaid
from api.siting.asked import BusyAsked
from api.siting.ground import Ground
from api.siting.models import Choice, Models, proof
from routing.siting import Reliability, busy_fraction, expected_cover, reliability

EXPECTED = "most expected cover, bases often out"
HOURS_A_DAY, SECONDS_A_MINUTE, HOUR_S = 24.0, 60.0, 3600.0


def busy_said(models: Models, asked: BusyAsked, choice: Choice) -> BusySaid | None:
    """
    Return what becomes of the best plan when bases are often out, and the plan that minds it.

    None where no base stands or is built. The fraction is one for all bases of the other aim (MEXCLP); who
    answers what is the queueing model's, in which every source calls equally often, all roads open.
    """
    ground = models.ground
    bases = [*ground.sites.existing.tolist(), *choice.best]
    if not bases:
        return None
    calls_per_hour, service_s = _calls(asked, len(bases))
    fraction = asked.fraction or busy_fraction(calls_per_hour, service_s, len(bases))
    found = _reliability(ground, bases, calls_per_hour, service_s)
    share = ground.demand.share / ground.demand.share.sum()
    return BusySaid(
        fraction=round(fraction, 4),
        calls=_words(asked, len(bases)),
        expected_cover=round(found.expected_cover, 4),
        loss=round(found.loss, 4),
        method=found.method,
        bases=tuple(
            BaseBusySaid(str(ground.sites.name[site]), round(float(out), 4), round(float(answers), 4))
            for site, out, answers in zip(bases, found.busy, share @ found.answered, strict=True)
        ),
        aim=_aim(models, fraction),
    )


def _aim(models: Models, fraction: float) -> ModelSaid:
    ground = models.ground
    asked = (
        ground.counted_s,
        ground.weight,
        ground.limit_s,
        ground.sites.existing,
        models.possible,
        fraction,
    )
    found = expected_cover(*asked, time_limit_s=models.time_limit_s)
    return ModelSaid(EXPECTED, ground.plan(models.added(found)), proof(found))


def _reliability(
    ground: Ground, bases: Sequence[int], calls_per_hour: float, service_s: float
) -> Reliability:
    rows = len(ground.demand.source)
    share = ground.demand.share / ground.demand.share.sum()
    return reliability(ground.counted_s[:rows], share * calls_per_hour, service_s, ground.limit_s, bases)


def _calls(asked: BusyAsked, bases: int) -> tuple[float, float]:
    """Return calls an hour and how long each takes; of a fraction alone, hour-long calls that bring it."""
    if asked.calls_per_day is None or asked.service_min is None:
        return (asked.fraction or 0.0) * bases, HOUR_S
    return asked.calls_per_day / HOURS_A_DAY, asked.service_min * SECONDS_A_MINUTE


def _words(asked: BusyAsked, bases: int) -> str:
    if asked.calls_per_day is None or asked.service_min is None:
        return f"given; as many calls as would keep {bases} bases out so long if none were lost"
    return f"{asked.calls_per_day:g} calls a day, {asked.service_min:g} min each, {bases} bases"
