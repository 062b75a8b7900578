"""The house stands: every program answers, the clock moves, code runs inside an organization."""

from datetime import timedelta

import pytest


@pytest.mark.journey
def test_house_serves_an_organization_and_moves_its_clock(served, person):
    address = served.provision("firsthouse")

    page = person(address + "/")
    assert "Firsthouse" in page.content()
    unknown = page.goto(served.host("nobody-here"))
    assert unknown is not None and unknown.status == 404

    before = served.clock.now()
    served.clock.move(timedelta(hours=2))
    asked = "from core.kernel import clock\nanswer = clock.now().isoformat()"
    # Two hours were skipped; a minute tolerates the time between the two looks at the clock.
    assert served.inside("firsthouse", asked) > (before + timedelta(hours=1, minutes=59)).isoformat()
    served.clock.move(timedelta(hours=-2))
