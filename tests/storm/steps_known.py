"""What may follow on a state, as the shipped tables say."""

from collections import defaultdict
from functools import cache

from data.vocabulary import shipped_rows

Steps = frozenset[tuple[str, str]]


@cache
def known_steps(of: str) -> Steps:
    """Return the steps of assignments, incidents or reservations."""
    return frozenset((row["from_state"], row["to_state"]) for row in shipped_rows(f"{of}_transitions.csv"))


@cache
def what_follows(of: str) -> dict[str, tuple[str, ...]]:
    """Return the states that may follow each state, in an order that is always the same."""
    following: defaultdict[str, list[str]] = defaultdict(list)
    for before, after in sorted(known_steps(of)):
        following[before].append(after)
    return {state: tuple(states) for state, states in following.items()}
