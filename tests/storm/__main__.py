"""A longer storm, once: ``python -m tests.storm [SEED [ENTRIES]]``; ends with 1 where something is wrong."""

import sys
from datetime import UTC, datetime

from rich.console import Console

from data.cluster import ensure_running
from data.database import open_engine, sessions_on, transaction
from tests.storm.acknowledged import lost
from tests.storm.grounds import fresh_ground
from tests.storm.judge import faults
from tests.storm.ledger import Outcome
from tests.storm.storm import Plan, Storm, report
from tests.storm.weather import Violence
from tests.storm.workers import Trade

ENTRIES = 20_000
VIOLENCE = Violence(40, 6, 4, 4)


def main() -> int:
    """Rage, judge, and print what was seen."""
    console = Console()
    given = [int(word) for word in sys.argv[1:]]
    seed = given[0] if given else int(datetime.now(UTC).timestamp())
    entries = given[1] if len(given) > 1 else ENTRIES
    console.print(f"seed {seed}, {entries:,} entries")
    with fresh_ground(seed) as ground:
        seen = Storm(ground, Plan(entries, ((Trade.DESK, 26), (Trade.CALLER, 6)), VIOLENCE)).rage()
        ensure_running(ground.settings.cluster_directory)
        engine = open_engine(ground.url)
        with transaction(sessions_on(engine)) as session:
            wrong = [*faults(session), *lost(session, seen.entries), *seen.ended]
        engine.dispose()
    wrong += list(seen.kinds(Outcome.UNEXPECTED))
    console.print(report(seen))
    console.print("\n".join(wrong) or "nothing lost, nobody sent twice, all adds up")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
