"""The organization's own invitation: written by the owner, previewed in the brand, sent, and taken back."""

import re

import pytest
from django.core import mail

from branding.actions import change_brand
from branding.queries import current_brand
from core.kernel import clock, outbox
from core.kernel.models import AuditEvent
from core.people import actions
from core.people.actions import NewLogin
from core.people.models import Client, InvitationText, StaffMember, User
from tenants.context import organization_context

PATH = "/settings/invitation/"
TEXT = {
    "subject": "{{ inviter }} waits for you",
    "body": "Dear {{ name }},\r\n\r\n{% if clients %}about {{ clients }}{% endif %}{% if role %}as {{ role }}{% endif %}",
}


def invite(by, *, first_name="Max", name="Mia Long", language="en"):
    """A client with a guardian who is invited; returns the mail."""
    login = NewLogin(
        email=f"{name.split()[0].lower()}@x.test", name=name, relationship="guardian", time_zone="Europe/Berlin", language=language
    )  # fmt: skip
    actions.add_client(first_name=first_name, time_zone="Europe/Berlin", logins=[login], by=by, now=clock.now())
    outbox.deliver_due()
    return mail.outbox[-1]


def bodies(message):
    return message.body, message.alternatives[0][0]


def test_owner_writes_it_and_the_next_invitation_has_it(cast, visit):
    answer = visit(cast.nora).post(PATH, TEXT, follow=True)
    assert "Saved." in answer.content.decode() and "Your own text" in answer.content.decode()

    message = invite(cast.nora)

    assert message.subject == "Nora North waits for you"
    text, html = bodies(message)
    for written in (text, html):
        assert "Dear Mia Long," in written and "about Max" in written
        assert "has invited you to" not in written
        assert len(re.findall(r"/account/invitations/[\w-]{43}/", written)) == 1  # the button is there by itself
        assert "mia@x.test" in written
        assert "colonnade" not in written.lower() and "South" not in written
    event = AuditEvent.objects.get(action="invitation_text.changed")
    assert event.actor_label == cast.nora.name and event.changes["subject"] == [None, TEXT["subject"]]


def test_staff_are_told_their_role(cast, visit):
    visit(cast.nora).post(PATH, TEXT)
    actions.invite_staff_member(
        email="paul@x.test",
        name="Paul Neu",
        role="practitioner",
        time_zone="Europe/Berlin",
        by=cast.nora,
        now=clock.now(),
    )
    outbox.deliver_due()

    assert "as Therapist" in mail.outbox[-1].body and "about" not in mail.outbox[-1].body


def test_markup_and_names_stay_text(cast, visit):
    visit(cast.nora).post(
        PATH, {"subject": "<b>Hi</b>", "body": "<script>x()</script> <mj-raw>y</mj-raw> {{ name }} & {{ clients }}"}
    )

    message = invite(cast.nora, first_name="<img src=x onerror=y>", name="Mia <i>Long</i>")

    text, html = bodies(message)
    assert message.subject == "<b>Hi</b>"
    assert "<script>x()</script>" in text  # plain text needs no escaping
    for markup in ("<script>x", "<mj-raw", "<img src=x", "<i>Long", "<b>Hi"):
        assert markup not in html
    assert "&lt;script&gt;x()&lt;/script&gt;" in html and "&lt;img src=x onerror=y&gt;" in html


def test_standard_text_comes_back(cast, visit):
    browser = visit(cast.nora)
    browser.post(PATH, TEXT)

    browser.post(PATH, {**TEXT, "reset": "1"})

    assert not InvitationText.objects.exists()
    assert invite(cast.nora).subject == "Nora North has invited you to North Practice"
    assert AuditEvent.objects.filter(action="invitation_text.reset").count() == 1
    browser.post(PATH, {"reset": "1"})
    assert AuditEvent.objects.filter(action="invitation_text.reset").count() == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"body": "Dear {{ nmae }}"}, "There is no placeholder “nmae”"),
        ({"subject": "{{ name"}, "A placeholder is not closed"),
        ({"body": ""}, "This field is required"),
        ({"body": "{{ name | upcase }}"}, "cannot be used here"),
        ({"subject": "x" * 151}, "at most 150"),
    ],
)
def test_bad_text_is_refused_with_a_sentence_and_kept_in_the_form(cast, visit, change, sentence):
    answer = visit(cast.nora).post(PATH, {**TEXT, **change})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not InvitationText.objects.exists()


def test_preview_shows_the_text_of_the_form_in_the_brand_and_saves_nothing(cast, visit):
    browser = visit(cast.nora)

    shown = browser.post(f"{PATH}preview/", {"subject": "Hi", "body": "A word before, {{ name }}"})

    page = shown.content.decode()
    assert shown.status_code == 200 and "A word before, Max Example" in page and "North Practice" in page
    assert "#0f766e" in page or "background" in page
    policy = shown.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'self'" in policy and "sandbox" in policy
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert not InvitationText.objects.exists() and not mail.outbox
    assert "has invited you to" in browser.get(f"{PATH}preview/").content.decode()
    refused = browser.post(f"{PATH}preview/", {"subject": "Hi", "body": "{{ <b> }}"})
    assert refused.status_code == 422 and "<b>" not in refused.content.decode()


@pytest.mark.parametrize("letter", ["\x00", "\x07", "\x1b", "\x7f"])
def test_preview_takes_text_only(cast, visit, letter):
    answer = visit(cast.nora).post(f"{PATH}preview/", {"subject": "Welcome", "body": f"Hello {letter}"})
    assert answer.status_code in (400, 422)
    assert "character" in answer.content.decode()


def test_standard_text_is_one_that_may_be_saved(cast, visit):
    browser = visit(cast.nora)
    form = browser.get(PATH).context["form"]

    assert browser.post(PATH, form.initial).status_code == 302


def test_each_language_has_its_own(cast, visit):
    change_brand(current_brand(), by=cast.nora, languages=["en", "de"])
    browser = visit(cast.nora)
    page = browser.get(f"{PATH}?language=de")
    assert "{{ inviter }}" in page.context["form"].initial["subject"]
    browser.post(f"{PATH}?language=de", {"subject": "Willkommen {{ name }}", "body": "Hallo"})

    assert invite(cast.nora, name="Mia Long", language="de").subject == "Willkommen Mia Long"
    assert invite(cast.nora, name="Ann Long", language="en").subject == "Nora North has invited you to North Practice"
    browser.post(f"{PATH}?language=xx", {"subject": "Into the first language", "body": "Hello"})
    assert sorted(InvitationText.objects.values_list("language", flat=True)) == ["de", "en"]


@pytest.mark.parametrize("who", ["tess", "sam", "gus", "ada", "alma"])
@pytest.mark.parametrize("path", [PATH, f"{PATH}preview/"])
def test_only_whoever_runs_the_organization_writes_it(cast, visit, who, path):
    cast.alma = User.objects.create_user("alma@north.test", name="Alma", time_zone="Europe/Berlin")
    StaffMember.objects.create(user=cast.alma, role="administrator")
    browser = visit(getattr(cast, who))

    assert browser.get(path).status_code == 403
    assert browser.post(path, TEXT).status_code == 403
    assert not InvitationText.objects.exists()


def test_text_of_north_never_reaches_south(cast, visit, south):
    visit(cast.nora).post(PATH, {"subject": "Only north", "body": "Only north"})

    with organization_context(south):
        message = invite(cast.olga, name="Sia Long")
        assert Client.objects.filter(first_name="Max").exists()
    assert "Only north" not in message.subject + message.body
    assert "Only north" not in visit(cast.olga, organization="south").get(PATH).content.decode()


def test_invitation_arrives_even_if_its_words_cannot_be_filled(cast):
    InvitationText.objects.create(language="en", subject="{{ gone }}", body="x", changed_at=clock.now())

    assert invite(cast.nora).subject == "Nora North has invited you to North Practice"
