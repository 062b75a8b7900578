"""One whole journey through every room, on two organizations; then nobody has met the vendor or the other organization."""

import pytest

from . import story as steps
from .live_steps import meet
from .story import Story
from .wire import VENDOR

STRANGERS = ["/dashboard/", "/calendar/", "/appointments/{appointment}/", "/people/clients/{client}/", "/billing/invoices/{invoice}/",
             "/billing/invoices/{invoice}/document/", "/live/{appointment}/"]  # fmt: skip


@pytest.mark.journey
@pytest.mark.timeout(1200)
def test_practice_runs_from_provisioning_to_receipt_on_two_organizations(served, person):
    wren = Story(
        served, person, "Quillfeather Clinic", "quillfeather", "clinic", "Europe/Berlin", "America/New_York", "EUR"
    )
    lark = Story(served, person, "Lark Music School", "lark", "school", "America/Chicago", "Europe/London", "USD")

    for story in (wren, lark):
        run(story)

    for story, other in ((wren, lark), (lark, wren)):
        refuse_members_of(other, on=story)
        assert story.wire.findings(VENDOR, other.name, other.slug) == []
        assert story.wire.unresolved() == []


def run(story: Story) -> None:
    """From nothing to a receipt."""
    steps.provision(story)
    steps.set_up(story)
    steps.add_people(story)
    steps.book(story)
    steps.find_appointment(story)
    steps.read_invitation_to_appointment(story)
    meet(story)
    steps.complete(story)
    steps.pay(story)


def refuse_members_of(other: Story, *, on: Story) -> None:
    """With the cookies of the other organization, every address of this one leads to sign-in or to nothing."""
    cookies = [{**cookie, "domain": f"{on.slug}.localhost"} for cookie in other.pages["olive"].context.cookies()]
    page = on.arrive("")
    page.context.add_cookies(cookies)
    page.goto(on.home + "/")
    for address in STRANGERS:
        answer = page.evaluate(
            "async (address) => { const got = await fetch(address, { redirect: 'manual' }); return [got.type, got.status] }",
            address.format(**on.facts),
        )
        assert answer in (["opaqueredirect", 0], ["basic", 404]), f"{address}: {answer}"
