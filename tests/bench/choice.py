"""How long the choice of who goes together takes, alone: 50, 500 and 5,000 units, tied and short ones too."""

import os
import platform
import statistics
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table

from routing.offers import ChoiceRules, Demand, Offers
from routing.together import Together, choose_together

MS_PER_S = 1000
RULES = ChoiceRules(tolerance_s=60.0, time_limit_s=2.0)
CASES = 20
CASES_OF_MANY = 5


@dataclass(frozen=True)
class Role:
    """One requirement of a large chemical leak, how often it is offered, and what one unit brings of it."""

    needed: float
    deadline_s: float
    weight: float
    often: float
    brings: tuple[float, ...]
    people: str


ROLES = (
    Role(3, 600, 3, 0.10, (1,), "whole crew"),  # hazmat crews of level 2
    Role(1, 900, 2, 0.10, (1,), "two"),  # detection
    Role(60, 1200, 1, 0.08, (10, 20, 30), "whole crew"),  # people decontaminated an hour
    Role(30, 1200, 2, 0.27, (2, 3, 4, 5, 6, 8), "persons"),  # rescue
    Role(8, 600, 3, 0.20, (2, 3, 4), "persons"),  # medical
    Role(1, 1800, 1, 0.05, (1,), "whole crew"),  # command
    Role(3, np.inf, 1, 0.08, (1,), "whole crew"),  # engineering squads
    Role(24000, 900, 1, 0.12, (2000, 5000, 8000, 12000), "none"),  # water
)


@dataclass(frozen=True)
class Kind:
    """So many units that arrive over an hour or all at once, and needs as given or many times as much."""

    name: str
    units: int
    tied: bool = False
    needs: float = 1.0


KINDS = (
    Kind("50 units", 50),
    Kind("500 units", 500),
    Kind("5,000 units", 5000),
    Kind("500 units, all at once", 500, tied=True),
    Kind("5,000 units, all at once", 5000, tied=True),
    Kind("50 units, ten times the needs", 50, needs=10.0),
    Kind("500 units, twenty times the needs", 500, needs=20.0),
)


def generated(kind: Kind, seed: int) -> tuple[Offers, Demand]:
    """Return a case: crews of 3 to 8, each unit with one to three of the roles."""
    rng = np.random.default_rng(seed)
    n = kind.units
    crew = rng.integers(3, 9, n).astype(np.float64)
    share, role_crew = np.zeros((n, len(ROLES))), np.zeros((n, len(ROLES)))
    often = np.array([role.often for role in ROLES])
    for i in range(n):
        for r in rng.choice(len(ROLES), size=rng.integers(1, 4), replace=False, p=often):
            brings = float(rng.choice(ROLES[r].brings))
            people = {"whole crew": crew[i], "two": 2.0, "persons": min(brings, crew[i]), "none": 0.0}
            share[i, r] = min(brings, crew[i]) if ROLES[r].people == "persons" else brings
            role_crew[i, r] = people[ROLES[r].people]
    arrival_s = np.full(n, 600.0) if kind.tied else rng.uniform(120, 3600, n).round(1)
    offers = Offers(
        id=np.arange(1, n + 1),
        arrival_s=arrival_s,
        share=share,
        role_crew=role_crew,
        crew=crew,
        divisible=np.array([role.people == "persons" for role in ROLES]),
        tier=rng.integers(1, 4, n),
        always=np.zeros(n, dtype=np.bool_),
        group=np.full(n, -1),
        group_limit=np.zeros(0, dtype=np.int64),
    )
    return offers, Demand(
        needed=np.array([role.needed * kind.needs for role in ROLES]),
        deadline_s=np.array([role.deadline_s for role in ROLES]),
        weight=np.array([role.weight for role in ROLES], dtype=np.float64),
    )


def choices(kind: Kind) -> list[Together]:
    """Return the choices for one kind of case, one a seed."""
    cases = CASES if kind.units <= 500 else CASES_OF_MANY
    return [choose_together(*generated(kind, seed), RULES) for seed in range(cases)]


def main() -> None:
    """Choose, and print the table."""
    choose_together(*generated(KINDS[0], 0), RULES)
    table = Table(
        title=f"Who goes together, 8 requirements, ms ({machine()})",
        box=box.SIMPLE_HEAD,
        title_justify="left",
    )
    table.add_column("case")
    for heading in ("median", "least", "most", "sent", "proved"):
        table.add_column(heading, justify="right")
    for kind in KINDS:
        chosen = choices(kind)
        taken = [c.seconds_spent * MS_PER_S for c in chosen]
        table.add_row(
            kind.name,
            *(f"{f(taken):.0f}" for f in (statistics.median, min, max)),
            f"{statistics.median(len(c.sent) for c in chosen):.0f}",
            f"{sum(c.proved for c in chosen)} of {len(chosen)}",
        )
    Console().print(table)


def machine() -> str:
    """Return the date and the machine, for whoever keeps the table."""
    return f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python {platform.python_version()}"


if __name__ == "__main__":
    main()
