"""The answer to a siting question: every figure recomputed from the sites, and what is proved of it."""

from dataclasses import dataclass

from api.siting.question import QuestionSaid, SiteSaid, SourceSaid


@dataclass(frozen=True)
class GradeSaid:
    """
    Sources of one level.

    ``reached`` in time on average over the scenarios, which is what plans are ranked by; ``always`` in each.
    """

    grade: int
    sources: int
    reached: float
    always: float


@dataclass(frozen=True)
class LatestSaid:
    """
    The latest arrival of a plan, among the sources that some site reaches.

    Attributes
    ----------
    source : str
    grade : int
    arrival_s : float or None
        None where this plan never arrives.
    past_deadline_s : float or None
        Above zero: so much too late.
    scenario : str
    """

    source: str
    grade: int
    arrival_s: float | None
    past_deadline_s: float | None
    scenario: str


@dataclass(frozen=True)
class PlanSaid:
    """
    Sites built together, and what they give beside what stands.

    Attributes
    ----------
    rank : int or None
        Its place among all options; None where it comes from a model or is what stands.
    sites : tuple of str
        Names of what is built.
    covered : float
        Weight reached in time over all scenarios; what was maximised.
    grades : tuple of GradeSaid
    latest : LatestSaid or None
        None where no site reaches anything.
    keeps_standard : bool
        Whether the percentile of sources is reached in time in every scenario.
    breaks : tuple of str
        Advising rules that its sites break.
    """

    rank: int | None
    sites: tuple[str, ...]
    cost: float | None
    covered: float
    grades: tuple[GradeSaid, ...]
    latest: LatestSaid | None
    keeps_standard: bool
    breaks: tuple[str, ...]


@dataclass(frozen=True)
class ProofSaid:
    """How near the best is proved: objective beside its bound."""

    objective: float | None
    bound: float | None
    proved: bool
    gap: float | None
    seconds_spent: float
    method: str


@dataclass(frozen=True)
class ModelSaid:
    """A plan that another aim would choose, and what is proved of it."""

    aim: str
    plan: PlanSaid
    proof: ProofSaid


@dataclass(frozen=True)
class NeededSaid:
    """
    How many bases reach everything that can be reached in time.

    Attributes
    ----------
    number : int
        New bases; their cost is not minded.
    later_s : float or None
        By how much every deadline would have to be later so that nothing is unreachable; None: no road leads
        to a source.
    unreachable : tuple of str
        Sources that no site reaches in time, wherever one builds.
    smallest_standard_s : float or None
        The least standard that some choice would keep everywhere; None where no road leads to a source, or
        deadlines depend on when a local force comes.
    """

    number: int
    later_s: float | None
    unreachable: tuple[str, ...]
    smallest_standard_s: float | None
    model: ModelSaid


@dataclass(frozen=True)
class WhyNotSaid:
    """Why a site is not in the best plan, in a sentence, and the best plan with it."""

    site: str
    sentence: str
    best_with_it: PlanSaid | None


@dataclass(frozen=True)
class RuleSaid:
    """
    A rule of the standards beside the best plan.

    ``verdict`` is ``kept``, ``broken`` or ``cannot tell``; ``price`` is what keeping an advising rule costs.
    """

    clause: str
    strength: str
    rule: str
    verdict: str
    price: str


@dataclass(frozen=True)
class NamedPlan:
    """A plan of the map: its letter, why it is shown, and how each source fares, in their order."""

    letter: str
    why: str
    plan: PlanSaid
    arrival_s: tuple[float | None, ...]
    reached: tuple[float, ...]


@dataclass(frozen=True)
class HoldingSaid:
    """The first tier in one scenario: sources that a local force reaches within the standard, of all."""

    scenario: str
    held: float
    sources: int


@dataclass(frozen=True)
class BuiltSaid:
    """
    What one new base of the best plan does: sources in time in every scenario, not to be done twice.

    ``alone``: no other base, standing or new, reaches them in time; ``with_new``: another new one does too.
    """

    site: str
    reached: float
    alone: float
    with_new: float


@dataclass(frozen=True)
class BaseBusySaid:
    """A base that answers calls: how often it is out, and which share of all calls it answers."""

    site: str
    busy: float
    answers: float


@dataclass(frozen=True)
class BusySaid:
    """
    The best plan, and the one another aim would build, when bases are often out; one team a base.

    Attributes
    ----------
    fraction : float
        How often a base is out, on average, as the other aim counts it.
    calls : str
        From what that fraction follows.
    expected_cover : float
        Share of calls answered in time under the best plan, roads open; every source calls equally often.
    loss : float
        Share of calls that find no base free that could come.
    method : str
    bases : tuple of BaseBusySaid
    aim : ModelSaid
        The plan with most expected cover.
    """

    fraction: float
    calls: str
    expected_cover: float
    loss: float
    method: str
    bases: tuple[BaseBusySaid, ...]
    aim: ModelSaid


@dataclass(frozen=True)
class SitingAnswer:
    """Everything that is said to a siting question."""

    question: QuestionSaid
    best: PlanSaid
    today: PlanSaid
    proof: ProofSaid
    remark: str | None
    built: tuple[BuiltSaid, ...]
    runner_up: PlanSaid | None
    options: int
    top: tuple[PlanSaid, ...]
    near_ties: tuple[PlanSaid, ...]
    front: tuple[PlanSaid, ...]
    other_aims: tuple[ModelSaid, ...]
    needed: NeededSaid
    why_not: tuple[WhyNotSaid, ...]
    curve: tuple[ModelSaid, ...]
    busy: BusySaid | None
    holding: tuple[HoldingSaid, ...]
    rules: tuple[RuleSaid, ...]
    barred: tuple[str, ...]
    never_reached: tuple[str, ...]
    notes: tuple[str, ...]
    plans: tuple[NamedPlan, ...]
    sites: tuple[SiteSaid, ...]
    sources: tuple[SourceSaid, ...]
