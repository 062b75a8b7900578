"""Forms in a real Chromium: dragged into order, seen while they are written, and filled in on a phone without losing a letter."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from core.kernel import clock
from core.records.questionnaires import actions
from core.records.questionnaires.models import Questionnaire, QuestionnaireRequest
from tenants.context import organization_context
from tests.factories.questionnaires import EVERYTHING

pytestmark = pytest.mark.journey
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def asked(practice):
    """A form of Harbour's that Tara has sent about Pia; made before Chromium starts its loop."""
    with organization_context(practice.organization):
        form = actions.create_form(EVERYTHING, by=practice.owner, now=clock.now())
        due_on = (clock.now() + timedelta(days=3)).date()
        [request] = actions.send_forms(
            practice.clients[0], [form], message="As we said.", due_on=due_on, by=practice.tara, now=clock.now()
        )
    return form, request


def test_parts_are_dragged_by_their_handles_and_moved_by_keyboard(practice, asked, open_as):
    form, _ = asked
    page = open_as(practice.owner, f"/forms/{form.pk}/")
    handle, above = page.locator("#item-q9 [data-handle]"), page.locator("#item-q8")
    handle.scroll_into_view_if_needed()
    page.mouse.move(*middle(handle))
    page.mouse.down()
    page.mouse.move(*middle(above.locator("[data-handle]"), up=30), steps=5)
    with page.expect_navigation():
        page.mouse.up()
    expect(page.locator("#item-q9 + #item-q8")).to_be_visible()
    with page.expect_navigation():
        page.locator("#item-q8").get_by_role("button", name="Move up").press("Enter")
    expect(page.locator("#item-q8 + #item-q9")).to_be_visible()


def middle(locator, up=0):
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2 - up


def test_question_is_seen_while_it_is_written(practice, asked, open_as):
    form, _ = asked
    page = open_as(practice.owner, f"/forms/{form.pk}/items/new/one/")
    page.get_by_label("Question").fill("How often?")
    page.get_by_label("Answers").fill("Always\nNever")
    expect(page.locator("#item-preview")).to_contain_text("Never")
    expect(page.locator("#item-preview")).to_contain_text("How often?")


def test_form_is_filled_in_on_a_phone_and_kept_while_one_types(practice, asked, open_as):
    _, request = asked
    page = open_as(practice.gwen, f"/forms/requests/{request.pk}/", **PHONE)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    how = page.get_by_label("What was it like?")
    expect(how).to_be_hidden()
    page.get_by_label("Yes").check()
    expect(how).to_be_visible()
    page.get_by_label("How shall we call you?").fill("Pia")
    expect(page.locator('[data-part="said"]')).to_have_text("Everything is saved.")
    page.reload()
    expect(page.get_by_label("How shall we call you?")).to_have_value("Pia")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_text("Please answer this.", exact=True)).to_be_visible()
    page.get_by_label("What was it like?").fill("Quiet.")
    page.get_by_role("button", name="Next").click()
    page.get_by_label("I agree.").check()
    page.get_by_label("Your signature: type your name").fill("Gwen Harbour")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("Thank you. What you have filled in is sent.")).to_be_visible()
    with organization_context(practice.organization):
        found = QuestionnaireRequest.objects.get(pk=request.pk)
        assert found.latest.answers["q4"] == "Quiet." and found.latest.signatures.count() == 2
        assert Questionnaire.objects.exists()
