"""`python -m tests.chaos --runs 50`: kill things under load, many times, and compare with the ledger.

Prints one JSON line per run; exit status 1 when a post was lost, doubled or wrong, or the tally was.
"""

import argparse
import json
from dataclasses import asdict

from tests.chaos.runs import VICTIMS, run, stage


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=len(VICTIMS), help="how many runs; victims take turns")
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    given = parser.parse_args()
    failed = 0
    with stage() as one:
        for seed in range(given.seed, given.seed + given.runs):
            outcome = run(one, seed)
            failed += not outcome.well
            print(json.dumps(asdict(outcome)), flush=True)
    print(json.dumps({"runs": given.runs, "failed": failed}))
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
