"""Legal texts: drafts, versions, their public addresses, and where they are linked."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.kernel import clock
from core.kernel.errors import ConflictError, DomainError
from core.kernel.models import AuditEvent
from core.legal import actions, queries
from core.legal.models import LegalText, LegalVersion
from core.legal.outlines import empty_heading, outline
from core.legal.rules.asking import is_asked
from core.notifications.layout import render
from core.notifications.messages import Content
from core.people.messages import LOGIN_CODE
from tests.factories.scheduling import book
from tests.factories.web import browser_of
from tests.rules_tables import rows

NASTY = "Zoë “the 1st” 李明 👩‍👧 שלום <b>&amp;"


@pytest.mark.unit
@pytest.mark.parametrize(("answered", "required", "in_force", "asked"), rows("asking"))
def test_asking(answered, required, in_force, asked):
    number = None if answered == "–" else int(answered)

    assert is_asked(answered=number, required=int(required)) is (asked == "yes")
    assert int(required) <= int(in_force)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("body", "heading"),
    [
        ("<h2>One</h2><p>x</p>", ""),
        ("<h2>One</h2><p></p>", "One"),
        ("<h2>One</h2><p> </p><h2>Two</h2><p>x</p>", "One"),
        ("<h2>One</h2><h3>Small</h3><p>x</p>", ""),
        ("<h2>One</h2><h3>Small</h3>", "Small"),
        ("<p>No heading at all</p>", ""),
    ],
)
def test_heading_with_nothing_below_is_found(body, heading):
    assert empty_heading(body) == heading


def test_nothing_is_linked_before_it_is_published(cast):
    browser = browser_of()
    actions.write_draft(
        text=LegalText(kind="privacy", slug="privacy"), language="en", title="Privacy", body="<p>Draft.</p>", by=cast.nora, now=clock.now()
    )  # fmt: skip

    assert "/legal/" not in browser.get("/account/login/").content.decode()
    assert browser.get("/legal/privacy/").status_code == 404
    assert "/legal/" not in render(LOGIN_CODE, Content(), language="en").text


def test_published_text_is_read_and_linked_everywhere(publish, cast, two_languages):
    publish("privacy", languages=("en", "de"))
    browser = browser_of()

    page = browser.get("/legal/privacy/").content.decode()
    german = browser.get("/de/legal/privacy/").content.decode()
    mail = render(LOGIN_CODE, Content(), language="en")

    assert "North Practice." in page and "<p>en</p>" in page and "<p>de</p>" in german
    assert 'hreflang="de" href="http://north.test/de/legal/privacy/"' in page
    assert 'href="/legal/privacy/"' in browser.get("/account/login/").content.decode()
    assert 'href="/legal/privacy/"' in browser_of(cast.cleo_login).get("/dashboard/").content.decode()
    assert "http://north.test/en/legal/privacy/" in mail.text and "/en/legal/privacy/" in mail.html
    assert browser.get("/fr/legal/privacy/").status_code == 404


def test_earlier_version_stays_at_its_address_and_taken_out_text_is_gone(publish, cast):
    text = publish("terms")
    publish("terms", "<p>Second.</p>")
    browser = browser_of()

    first, now = browser.get("/legal/terms/1/").content.decode(), browser.get("/legal/terms/").content.decode()
    assert "earlier version" in first and "Who we are" in first and "noindex" in first
    assert "Second." in now and "/legal/terms/1/" in now and "noindex" not in now
    assert browser.get("/legal/terms/3/").status_code == 404

    actions.withdraw_text(text=text, by=cast.nora, now=clock.now())
    assert browser.get("/legal/terms/").status_code == browser.get("/legal/terms/1/").status_code == 404
    assert browser_of(cast.nora).get("/legal/terms/1/").status_code == 200  # who looks after it still finds it
    actions.return_text(text=text, by=cast.nora)
    assert browser.get("/legal/terms/").status_code == 200


@pytest.mark.parametrize(("body", "code"), [("", "text_empty"), ("<h2>One</h2><p></p>", "heading_empty")])
def test_unfinished_text_is_not_published(cast, body, code):
    draft = {"language": "en", "title": "Terms", "by": cast.nora, "now": clock.now()}
    text = actions.write_draft(text=LegalText(kind="terms", slug="terms"), body=body, **draft).version.text

    with pytest.raises(DomainError) as refusal:
        actions.publish_text(text=text, must_accept=True, by=cast.nora, now=clock.now())

    assert refusal.value.code == code
    actions.write_draft(text=text, body=outline("terms") + "<p>x</p>", **draft)
    with pytest.raises(DomainError):
        actions.publish_text(text=text, must_accept=True, by=cast.nora, now=clock.now())
    assert not LegalVersion.objects.filter(number__isnull=False).exists()


def test_draft_that_changed_is_not_published_unseen(publish, cast):
    text = publish("terms")
    words = {"language": "en", "title": "Terms", "by": cast.nora}
    actions.write_draft(text=text, body="<p>Seen.</p>", now=clock.now(), **words)
    seen = queries.mark_of_draft(text)
    actions.write_draft(text=text, body="<p>Another.</p>", now=clock.now(), **words)

    with pytest.raises(ConflictError):
        actions.publish_text(text=text, must_accept=False, by=cast.nora, now=clock.now(), seen=seen)

    actions.discard_draft(text=text, by=cast.nora)
    assert "North Practice." in browser_of().get("/legal/terms/").content.decode()


def test_writing_needs_the_right_and_is_noted(publish, cast):
    text = publish("terms")
    for act in (
        lambda: actions.add_consent(title="x", language="en", by=cast.tess, now=clock.now()),
        lambda: actions.publish_text(text=text, must_accept=True, by=cast.tess, now=clock.now()),
        lambda: actions.withdraw_text(text=text, by=cast.cleo_login, now=clock.now()),
    ):
        with pytest.raises(PermissionDenied):
            act()
    noted = AuditEvent.objects.get(action="legal_text.published")
    assert noted.actor_label == str(cast.nora) and len(noted.changes["digests"][1]["en"]) == 64


def test_whole_way_through_the_pages(cast):
    browser = browser_of(cast.nora)
    assert "Not written" in browser.get("/settings/legal/").content.decode()
    browser.get("/settings/legal/terms/")
    browser.get("/settings/legal/terms/words/")
    assert (
        browser.post(
            "/settings/legal/terms/words/", {"title": NASTY, "body": f"<p>{NASTY}</p><script>1</script>"}
        ).status_code
        == 302
    )
    text = LegalText.objects.get(slug="terms")
    assert "“the 1st”" in browser.get("/settings/legal/terms/publication/").content.decode()
    assert browser.post("/settings/legal/terms/publication/", {}).status_code == 302

    page = browser_of().get("/legal/terms/").content.decode()
    assert "李明 👩‍👧 שלום" in page and "<script>1" not in page and "&lt;b&gt;" in page
    assert text.versions.get().must_accept
    assert (
        browser.post("/settings/legal/terms/publication/", {}).status_code == 422
    )  # sent late: nothing is left to publish
    assert text.versions.count() == 1
    assert (
        browser.post("/settings/legal/terms/removal/").status_code == 302
        and LegalText.objects.filter(pk=text.pk).exists()
    )


def test_consent_that_is_called_like_a_form_has_an_address_of_its_own(cast):
    text = actions.add_consent(title="New", language="en", by=cast.nora, now=clock.now())

    assert text.slug == "new-2"
    assert "New" in browser_of(cast.nora).get(f"/settings/legal/{text.slug}/").content.decode()


def test_list_of_texts_asks_the_same_of_the_database(publish, cast):
    publish("consent", title="One", is_asked_of_clients=True)
    browser = browser_of(cast.nora)
    browser.get("/settings/legal/")

    def count():
        with CaptureQueriesContext(connection) as asked:
            browser.get("/settings/legal/")
        return len(asked)

    one = count()
    publish("terms")
    publish("privacy")
    actions.add_consent(title="Two", language="en", by=cast.nora, now=clock.now())
    browser.get("/settings/legal/")
    assert count() == one


def test_text_is_linked_in_the_waiting_room_and_where_a_session_has_ended(publish, cast):
    publish("privacy")
    appointment = book(cast, at=clock.now() + timedelta(minutes=5))
    gus = browser_of(cast.gus)

    for path in (f"/live/{appointment.pk}/", f"/live/{appointment.pk}/ended/"):
        assert 'href="/legal/privacy/"' in gus.get(path).content.decode()
