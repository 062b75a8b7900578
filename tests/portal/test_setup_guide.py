"""The setup guide: each step is read from the facts, put aside with an author, and found again; it costs the same whatever there is."""

import re

import pytest

from branding.models import Brand
from branding.senders.models import Sender
from core.kernel import clock
from core.kernel.models import AuditEvent
from core.pages.actions import add_section, create_site, publish_page
from core.pages.models import HomePage
from core.people.models import Client, StaffMember
from core.scheduling.actions.availability import Wishes, set_working_hours
from core.scheduling.rules.availability import Window
from core.setup.actions import resume_step, skip_step
from core.setup.models import GUIDE, SkippedStep
from portal import manifests
from portal.setup_guide import guide_for
from portal.setup_steps import StepState
from tenants import context, domains
from tenants.models import Domain, Entitlement

PAGE = "/settings/setup/"


def words_of(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def states(user):
    return {each.step.key: each.state for each in guide_for(user).steps}


@pytest.fixture
def nora(cast, visit):
    return visit(cast.nora)


@pytest.fixture
def administrator(cast):
    StaffMember.objects.filter(pk=cast.sam_staff.pk).update(role="administrator")
    return type(cast.sam).objects.get(pk=cast.sam.pk)


def test_new_practice_finds_the_guide_on_its_start_page(cast, nora):
    page = words_of(nora.get("/dashboard/"))

    assert "Getting started" in page and "Show your logo" in page and "Begin" in page
    found = states(cast.nora)
    assert found["brand"] == found["services"] == found["sender"] == StepState.TO_DO
    assert found["client"] == found["colleagues"] == StepState.DONE  # because the cast is there


@pytest.mark.parametrize("who", ["tess", "gus", "ada", "cleo_login"])
def test_guide_is_for_those_who_bring_the_organization_live(cast, visit, who):
    browser = visit(getattr(cast, who))

    assert "Getting started" not in words_of(browser.get("/dashboard/", follow=True))
    assert browser.get(PAGE).status_code == 403
    for path in ("away/", "back/", "brand/", "brand/skip/", "brand/resume/"):
        assert browser.post(PAGE + path).status_code == 403
    assert not SkippedStep.objects.exists()


def test_facts_make_a_step_done_and_undone(cast):
    Sender.objects.create(way="domain", domain_address="hello@own.example", domain_state="verified")
    Brand.objects.update(logo="brand/logo.png", words={"en": {"client": {"singular": "guest", "plural": "guests"}}})
    found = states(cast.nora)
    assert found["sender"] == found["brand"] == found["words"] == StepState.DONE

    Sender.objects.update(domain_state="broken")
    assert states(cast.nora)["sender"] == StepState.WRONG
    Sender.objects.update(way="neutral", domain_state="setting_up")
    assert states(cast.nora)["sender"] == StepState.WAITING


def test_web_address_is_to_do_awaited_live_and_done(cast, nora):
    assert states(cast.nora)["domain"] == StepState.TO_DO
    added = domains.add_domain(cast.north.pk, host="care.clinic.example", by=cast.nora, now=clock.now())
    assert states(cast.nora)["domain"] == StepState.WAITING
    assert "The records of care.clinic.example are awaited" in words_of(nora.get(PAGE))
    with context.public_context():
        Domain.objects.filter(pk=added.pk).update(state="live", verified_at=clock.now())
    assert states(cast.nora)["domain"] == StepState.TO_DO
    assert "Make it the primary one" in words_of(nora.get(PAGE))
    domains.make_primary(cast.north.pk, added.pk, by=cast.nora, now=clock.now())
    assert states(cast.nora)["domain"] == StepState.DONE
    with context.public_context():
        Domain.objects.filter(pk=added.pk).update(state="degraded", problem="target_lost")
    assert states(cast.nora)["domain"] == StepState.WRONG


def test_hours_and_front_page_are_read_from_the_facts(cast):
    assert states(cast.nora)["hours"] == states(cast.nora)["website"] == StepState.TO_DO
    set_working_hours(cast.tess_staff, weekly={0: [Window(540, 1020)]}, wishes=Wishes(), by=cast.nora, now=clock.now())
    create_site(name="North Practice")
    home = HomePage.objects.get()
    add_section(page=home, language="en", kind="text", value={"body": "Welcome.", "side": "end"}, by=cast.nora)
    found = states(cast.nora)
    assert (found["hours"], found["website"]) == (StepState.DONE, StepState.WAITING)
    publish_page(page=home, by=cast.nora)
    assert states(cast.nora)["website"] == StepState.DONE


def test_what_the_plan_has_not_is_no_step(cast):
    with context.public_context():
        Entitlement.objects.filter(plan=cast.north.plan).delete()
    cast.north.known_allowances = None
    assert not {"domain", "payments", "services"} & states(cast.nora).keys()


def test_step_is_skipped_and_taken_up_with_author_and_audit(cast, nora):
    answer = nora.post(PAGE + "words/skip/", follow=True)
    assert "Skipped: Choose your words" in words_of(answer) and f"Skipped by {cast.nora.name}" in words_of(answer)
    assert states(cast.nora)["words"] == StepState.SKIPPED
    nora.post(PAGE + "words/skip/")
    assert list(AuditEvent.objects.values_list("action", "actor_label", "subject_label")) == [
        ("setup_step.skipped", cast.nora.name, "Choose your words")
    ]

    assert "Choose your words is among what is to do again" in words_of(nora.post(PAGE + "words/resume/", follow=True))
    nora.post(PAGE + "words/resume/")
    assert AuditEvent.objects.filter(action="setup_step.resumed").count() == 1
    assert states(cast.nora)["words"] == StepState.TO_DO


def test_skipped_step_that_is_done_after_all_is_done(cast):
    skip_step("brand", title="x", by=cast.nora, now=clock.now())
    Brand.objects.update(logo="brand/logo.png")
    assert states(cast.nora)["brand"] == StepState.DONE


def test_unknown_step_is_not_found(nora):
    for path in ("nothing/", "nothing/skip/", "nothing/resume/", f"{GUIDE}/skip/"):
        assert nora.post(PAGE + path).status_code in (404, 405)
    assert not SkippedStep.objects.exists()


def test_guide_leaves_when_everything_is_done_or_skipped(cast, nora):
    for step in manifests.setup_steps():
        skip_step(step.key, title="x", by=cast.nora, now=clock.now())
    assert "Getting started" not in words_of(nora.get("/dashboard/"))
    assert "Everything is done" in words_of(nora.get(PAGE))


def test_guide_is_put_away_for_everybody_and_comes_back(cast, nora, visit, administrator):
    answer = nora.post(PAGE + "away/", follow=True)
    assert "You find it in the settings" in words_of(answer)
    assert "Show your logo" not in words_of(visit(administrator).get("/dashboard/"))
    assert f"{cast.nora.name} has taken it from the dashboard" in words_of(visit(administrator).get(PAGE))
    visit(administrator).post(PAGE + "back/")
    assert "Show your logo" in words_of(nora.get("/dashboard/"))
    assert list(AuditEvent.objects.order_by("at").values_list("action", flat=True)) == [
        "setup_guide.put_away", "setup_guide.brought_back"
    ]  # fmt: skip


def test_administrator_does_what_is_theirs(visit, administrator):
    browser = visit(administrator)
    assert "Somebody with the role for it does this" in words_of(browser.get(PAGE))
    assert browser.get(PAGE + "brand/").status_code == browser.post(PAGE + "brand/skip/").status_code == 403
    assert browser.get(PAGE + "sender/")["Location"] == "/settings/sender/"


def test_line_leads_back_from_the_page_of_a_step_until_the_guide_is_open_again(nora):
    assert nora.get(PAGE + "services/")["Location"] == "/billing/services/"
    assert "Back to the setup guide" in words_of(nora.get("/billing/services/new/"))
    assert "Back to the setup guide" not in words_of(nora.get("/calendar/"))
    nora.get(PAGE)
    assert "Back to the setup guide" not in words_of(nora.get("/billing/services/"))


@pytest.mark.parametrize(
    ("step", "page", "elsewhere"),
    [
        ("brand", "/settings/", "/settings/words/"),
        ("website", "/website/new/", "/settings/"),
        ("words", "/settings/words/", "/settings/"),
    ],
)
def test_line_leads_back_from_where_settings_begin_and_from_the_website(nora, step, page, elsewhere):
    nora.get(f"{PAGE}{step}/")
    assert "Back to the setup guide" in words_of(nora.get(page))
    assert "Back to the setup guide" not in words_of(nora.get(elsewhere))


def test_guide_asks_the_same_questions_at_one_row_and_at_three(
    cast, django_assert_num_queries, django_assert_max_num_queries
):
    def ask():
        cast.north.known_allowances = {"white_label": None, "billing": None}
        guide_for(cast.nora)

    ask()  # because the first one learns where the context is
    with django_assert_max_num_queries(4):  # the facts with what is skipped; the hosts, there and back
        ask()
    for number in range(3):
        Client.objects.create(first_name=f"C{number}", time_zone="Europe/Berlin")
        skip_step(f"other-{number}", title="x", by=cast.nora, now=clock.now())
    with django_assert_max_num_queries(4):
        ask()


def test_taking_up_what_nobody_skipped_changes_nothing(cast):
    resume_step("brand", by=cast.nora)
    assert not AuditEvent.objects.exists()
