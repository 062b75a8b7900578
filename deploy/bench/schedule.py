"""`python -m deploy.bench.schedule`: how long the calendar takes to think."""

from __future__ import annotations

import argparse

from deploy.bench.results import Results
from deploy.bench.slots import measure_slots
from deploy.bench.tenancy import WORK, servers


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=40, help="how often each question is asked (40)")
    options = parser.parse_args()
    with servers(WORK.with_name("work-schedule"), domain="localhost"):
        import django  # after the servers' addresses are in the environment

        django.setup()
        results = Results("schedule")
        measure_slots(results, options.times)
        print(results.write())


if __name__ == "__main__":
    main()
