"""`python -m deploy.bench.schedule`: how long the calendar takes to think."""

from __future__ import annotations

import argparse

from deploy.bench.calendar import measure_calendar
from deploy.bench.results import Results
from deploy.bench.series import measure_series, sweep_zones
from deploy.bench.slots import measure_slots
from deploy.bench.tenancy import WORK, provision, servers
from deploy.bench.ticks import measure_ticks


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=40, help="how often each question is asked (40)")
    parser.add_argument("--series", type=int, default=500, help="how many weekly series are made for a year (500)")
    parser.add_argument(
        "--fleet", type=int, default=500, help="how many organizations there are, a tenth with work (500)"
    )
    options = parser.parse_args()
    with servers(WORK.with_name("work-schedule"), domain="localhost"):
        import django  # after the servers' addresses are in the environment

        django.setup()
        results = Results("schedule")
        measure_slots(results, options.times)
        measure_calendar(results, options.times)
        from tenants.context import organization_context

        with organization_context(provision(1)):
            measure_series(results, options.series)
        sweep_zones(results)
        measure_ticks(results, options.fleet)
        print(results.write())


if __name__ == "__main__":
    main()
