"""Settings, Messages: every message is there; an owner changes one, tries it, goes back; nobody else does, and nothing typed is lost."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from branding.actions import change_brand
from branding.queries import current_brand
from core.kernel import clock, outbox, unseen
from core.kernel.models import AuditEvent
from core.notifications.messages import registered
from core.notifications.models import Delivery, MessageVersion
from core.people import actions
from core.people.actions import NewLogin
from core.people.models import Client, StaffMember, User
from tenants.context import organization_context
from tests.factories.scheduling import book

PATH = "/settings/messages/email/invitation/"
TEXT = {
    "subject": "{{ inviter }} waits for you",
    "heading": "",
    "body": "Dear {{ name }},\r\n\r\n{% if clients %}about {{ clients }}{% endif %}{% if role %}as {{ role }}{% endif %}.",
    "button": "Come in",
}
NASTY = [
    "山田太郎の予約",
    "👩‍👩‍👧 hello",
    "‮مرحبا بك‬",
    "a\u200db\u200c",
    "“quotes” 'and' \"more\" <b>&amp;</b>",
    "x" * 150,
]


def invite(by, *, first_name="Max", name="Mia Long", language="en"):
    """A client with a guardian who is invited; returns the mail."""
    login = NewLogin(
        email=f"{name.split()[0].lower()}@x.test", name=name, relationship="guardian", time_zone="Europe/Berlin", language=language
    )  # fmt: skip
    actions.add_client(first_name=first_name, time_zone="Europe/Berlin", logins=[login], by=by, now=clock.now())
    outbox.deliver_due()
    return mail.outbox[-1]


def test_list_has_every_message_and_its_state_in_as_many_queries_whatever_was_changed(cast, visit):
    browser = visit(cast.nora)
    page = browser.get("/settings/messages/")
    rows = [row for group in page.context["groups"] for row in group["rows"]]
    assert len(rows) == len(registered())
    with CaptureQueriesContext(connection) as before:
        browser.get("/settings/messages/")
    browser.post(PATH, TEXT)

    browser.get("/settings/messages/")  # because the first page says that it was saved
    with CaptureQueriesContext(connection) as after:
        changed = browser.get("/settings/messages/?state=changed")
    assert len(after) == len(before)
    (group,) = changed.context["groups"]
    assert [row["name"] for row in group["rows"]] == ["Invitation"]
    assert "Nora North" in changed.content.decode()
    found = browser.get("/settings/messages/?q=one-time").context["groups"]
    assert [row["name"] for group in found for row in group["rows"]] == ["One-time code"]
    assert "Nothing found" in browser.get("/settings/messages/?q=zzz").content.decode()


def test_owner_writes_it_and_the_next_invitation_has_it(cast, visit):
    answer = visit(cast.nora).post(PATH, TEXT, follow=True)
    assert "Saved." in answer.content.decode() and "Your own text" in answer.content.decode()

    message = invite(cast.nora)

    assert message.subject == "Nora North waits for you"
    html = message.alternatives[0][0]
    for written in (message.body, html):
        assert "Dear Mia Long," in written and "about Max" in written and "Come in" in written
        assert "has invited you to" not in written and "mia@x.test" in written
        assert written.count("/account/invitations/") == 1  # the button is there by itself
    event = AuditEvent.objects.get(action="message.changed")
    assert event.actor_label == cast.nora.name
    assert event.changes["language"] == [None, "en"] and event.changes["subject"] == [None, TEXT["subject"]]


def test_versions_are_kept_restored_and_left_for_the_standard_text(cast, visit):
    browser = visit(cast.nora)
    browser.post(PATH, TEXT)
    browser.post(PATH, {**TEXT, "subject": "Second"})
    browser.post(PATH, {**TEXT, "subject": "Second"})  # nothing new makes no version
    assert [version.number for version in MessageVersion.objects.all()] == [2, 1]

    browser.post(f"{PATH}versions/1/")
    assert browser.get(PATH).context["form"].initial["subject"] == TEXT["subject"]
    browser.post(f"{PATH}standard/")
    assert invite(cast.nora).subject == "Nora North has invited you to North Practice"
    browser.post(f"{PATH}standard/")
    newest = MessageVersion.objects.first()
    assert (newest.number, newest.is_standard, newest.author_name) == (4, True, "Nora North")
    assert browser.post(f"{PATH}versions/99/").status_code == 404
    codes = list(
        AuditEvent.objects.filter(action__startswith="message.").order_by("at", "id").values_list("action", flat=True)
    )
    assert codes == ["message.changed", "message.changed", "message.restored", "message.reset"]


def test_second_of_two_tabs_reads_what_the_first_has_written(cast, visit):
    first, second = visit(cast.nora), visit(cast.nora)
    version = second.get(PATH).wsgi_request.signed_form_version
    first.post(PATH, TEXT)

    answer = second.post(PATH, {**TEXT, "subject": "Mine", "form_version": version})

    assert answer.status_code == 422 and "Nora North" in answer.content.decode()
    assert "Mine" in answer.content.decode()
    assert MessageVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"body": "Dear {{ nmae }}"}, "there is no variable “nmae”"),
        ({"body": "Dear\n{{ clients }}"}, "Line 2: “clients” may be empty"),
        ({"subject": "{{ name"}, "A variable is not closed"),
        ({"body": ""}, "This field is required"),
        ({"body": "{{ name | upcase }}"}, "cannot be used here"),
        ({"subject": "x" * 251}, "at most 250"),
        ({"button": "x" * 121}, "at most 120"),
        ({"body": "{% for x in (1..9) %}x{% endfor %}"}, "cannot be used here"),
    ],
)
def test_bad_text_is_refused_with_a_sentence_and_kept_in_the_form(cast, visit, change, sentence):
    browser = visit(cast.nora)
    for more in ({}, {"test": "1"}):
        answer = browser.post(PATH, {**TEXT, **change, **more})

        assert answer.status_code == 422
        page = answer.content.decode()
        assert sentence in page and "Come in" in page or "x" * 121 in page
    assert not MessageVersion.objects.exists() and not mail.outbox


@pytest.mark.parametrize("words", NASTY)
def test_every_script_and_every_mark_arrives_as_it_was_written(cast, visit, words):
    visit(cast.nora).post(PATH, {**TEXT, "subject": words, "body": f"{words} {{{{ name }}}}"})

    message = invite(cast.nora, first_name="<img src=x onerror=y>", name="Mia <i>Long</i>")

    # What nobody sees is taken out of one line, as everywhere.
    assert message.subject == unseen.one_line(words) and f"{words} Mia <i>Long</i>" in message.body
    html = message.alternatives[0][0]
    assert "<i>Long" not in html and "<img src=x" not in html and "<b>&amp;" not in html


def test_preview_shows_what_stands_in_the_form_and_saves_nothing(cast, visit):
    browser = visit(cast.nora)
    words = {**TEXT, "body": "A word before, {{ name }}"}

    shown = browser.post(f"{PATH}preview/", words)

    page = shown.content.decode()
    assert shown.status_code == 200 and "A word before, Mia Example" in page and "North Practice" in page
    policy = shown.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'self'" in policy and "sandbox" in policy
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
    dark = browser.post(f"{PATH}preview/", {**words, "view": "dark"}).content.decode()
    assert "prefers-color-scheme" not in dark and "prefers-color-scheme" in page
    assert "<pre" in browser.post(f"{PATH}preview/", {**words, "view": "text"}).content.decode()
    assert "has invited you to" in browser.get(f"{PATH}preview/").content.decode()
    refused = browser.post(f"{PATH}preview/", {**words, "body": "{{ <b> }}"})
    assert refused.status_code == 422 and "<b>" not in refused.content.decode()
    assert not MessageVersion.objects.exists() and not mail.outbox


def test_preview_of_real_facts_is_of_what_the_editor_may_see_and_opens_no_door(cast, visit):
    browser = visit(cast.nora)
    booked = "/settings/messages/email/appointment_booked/preview/?facts=real"
    assert "There is nothing yet" in browser.get(booked).content.decode()
    book(cast, at=clock.now() + timedelta(days=3))
    invite(cast.nora)

    assert "Speech therapy" in browser.get(booked).content.decode()
    notice = browser.get("/settings/messages/notice/schedule_booked/preview/?facts=real").content.decode()
    assert "Cleo Marten" in notice
    invitation = browser.get(f"{PATH}preview/?facts=real").content.decode()
    assert "Nora North has invited you" in invitation and "/account/invitations/" not in invitation


@pytest.mark.parametrize("facts", ["", "real"])
def test_every_message_has_a_preview(cast, visit, facts):
    book(cast, at=clock.now() + timedelta(days=3))
    browser = visit(cast.nora)
    for message in registered():
        address = f"/settings/messages/{message.channel}/{message.code}/"
        assert browser.get(address).status_code == 200
        assert browser.get(f"{address}preview/?facts={facts}").status_code == 200


def test_test_goes_to_oneself_only_and_stands_in_the_log(cast, visit):
    browser = visit(cast.nora)

    answer = browser.post(PATH, {**TEXT, "test": "1"})
    outbox.deliver_due()

    assert answer.status_code == 200 and "A test is on its way to nora@north.test" in answer.content.decode()
    assert TEXT["subject"] in answer.content.decode()
    (sent,) = mail.outbox
    assert sent.to == ["Nora North <nora@north.test>"] and sent.subject == "Test: Max Example waits for you"
    assert Delivery.objects.get().is_test and not MessageVersion.objects.exists()
    assert "Test" in browser.get(f"/settings/mail/{Delivery.objects.get().pk}/").content.decode()


def test_tests_have_a_limit(cast, visit):
    browser = visit(cast.nora)
    for _ in range(30):
        browser.post(PATH, {**TEXT, "test": "1"})

    answer = browser.post(PATH, {**TEXT, "test": "1"})

    assert "too many attempts" in answer.content.decode() and TEXT["subject"] in answer.content.decode()


@pytest.mark.parametrize("letter", ["\x07", "\x1b", "\x7f", "\x02"])
def test_text_is_text_only(cast, visit, letter):
    browser = visit(cast.nora)
    for path in (PATH, f"{PATH}preview/"):
        answer = browser.post(path, {**TEXT, "body": f"Hello {letter}"})
        assert answer.status_code in (400, 422)
        assert "character" in answer.content.decode()


def test_each_language_has_its_own(cast, visit):
    change_brand(current_brand(), by=cast.nora, languages=["en", "de"])
    browser = visit(cast.nora)
    page = browser.get(f"{PATH}?language=de")
    assert "eingeladen" in page.context["form"].initial["subject"]
    browser.post(f"{PATH}?language=de", {**TEXT, "subject": "Willkommen {{ name }}"})

    assert invite(cast.nora, name="Mia Long", language="de").subject == "Willkommen Mia Long"
    assert invite(cast.nora, name="Ann Long", language="en").subject == "Nora North has invited you to North Practice"
    browser.post(f"{PATH}?language=xx", {**TEXT, "subject": "Into the first language"})
    assert sorted(MessageVersion.objects.values_list("language", flat=True)) == ["de", "en"]


@pytest.mark.parametrize("who", ["tess", "sam", "gus", "ada", "alma"])
@pytest.mark.parametrize(
    "path", ["/settings/messages/", PATH, f"{PATH}preview/", f"{PATH}standard/", f"{PATH}versions/1/"]
)
def test_only_whoever_runs_the_organization_writes_it(cast, visit, who, path):
    cast.alma = User.objects.create_user("alma@north.test", name="Alma", time_zone="Europe/Berlin")
    StaffMember.objects.create(user=cast.alma, role="administrator")
    browser = visit(getattr(cast, who))

    assert browser.get(path).status_code == 403
    assert browser.post(path, TEXT).status_code in (403, 405)
    assert not MessageVersion.objects.exists()


@pytest.mark.parametrize("path", ["/settings/messages/sms/invitation/", "/settings/messages/email/nothing/"])
def test_message_that_does_not_exist_is_not_found(cast, visit, path):
    browser = visit(cast.nora)
    assert browser.get(path).status_code == 404
    assert browser.get(f"{path}preview/").status_code == 404
    assert browser.post(f"{path}standard/").status_code == 404


def test_text_of_north_never_reaches_south(cast, visit, south):
    visit(cast.nora).post(PATH, {**TEXT, "subject": "Only north", "body": "Only north"})

    with organization_context(south):
        message = invite(cast.olga, name="Sia Long")
        assert Client.objects.filter(first_name="Max").exists()
    assert "Only north" not in message.subject + message.body
    assert "Only north" not in visit(cast.olga, organization="south").get(PATH).content.decode()
