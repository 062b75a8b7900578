"""A draft shown by a link: to whoever has it, as it is now, until it ends."""

from datetime import timedelta

import pytest

from core.kernel import clock
from core.kernel.models import AuditEvent
from core.pages import actions
from core.pages.models import DraftLink, HomePage
from tests.factories.web import browser_of


@pytest.fixture
def page(cast):
    home = HomePage.objects.first() or actions.create_site(name="North")
    made = actions.add_page(parent=home, title="Draft of ours", slug="ours", language="en", by=cast.nora)
    actions.add_section(page=made, language="en", kind="quote", value={"text": "First words."}, by=cast.nora)
    made.refresh_from_db()
    return made


def test_link_shows_the_draft_as_it_is_now_until_it_ends(cast, page):
    nora, reader = browser_of(cast.nora), browser_of()
    nora.post(f"/website/pages/{page.pk}/link/")
    link = DraftLink.objects.get()
    at = f"/website/drafts/{link.key}/"
    assert at in nora.get(f"/website/pages/{page.pk}/").content.decode()

    shown = reader.get(at)
    text = shown.content.decode()
    assert "First words." in text and "shown to you by a link" in text
    assert shown.headers["X-Robots-Tag"] == "noindex" and 'content="noindex"' in text
    assert reader.get("/ours/").status_code == 404
    actions.add_section(page=page, language="en", kind="quote", value={"text": "Second words."}, by=cast.nora)
    assert "Second words." in reader.get(at).content.decode()
    assert browser_of(organization="south").get(at).status_code == 404

    nora.post(f"/website/pages/{page.pk}/link/end/")
    assert reader.get(at).status_code == 404
    assert [event.action for event in AuditEvent.objects.filter(action__startswith="page_draft").order_by("at")] == [
        "page_draft.shared", "page_draft_share.ended",
    ]  # fmt: skip


@pytest.mark.parametrize("is_scheduled", [False, True])
def test_link_ends_when_the_draft_is_published(cast, page, is_scheduled):
    at = clock.now() + timedelta(hours=1)
    if is_scheduled:
        actions.schedule_page(page=page, at=at, by=cast.nora)
    link = actions.share_draft(page=page, by=cast.nora, now=clock.now())
    assert browser_of().get(f"/website/drafts/{link.key}/").status_code == 200

    if is_scheduled:
        page.refresh_from_db()
        assert actions.publish_scheduled(page.latest_revision_id, at=at)
    else:
        actions.publish_page(page=page, by=cast.nora)

    assert "First words." in browser_of().get("/ours/").content.decode()
    assert browser_of().get(f"/website/drafts/{link.key}/").status_code == 404
    assert AuditEvent.objects.filter(action="page_draft_share.ended").count() == 1


def test_another_link_and_time_end_the_one_before(cast, page):
    first = actions.share_draft(page=page, by=cast.nora, now=clock.now())
    second = actions.share_draft(page=page, by=cast.nora, now=clock.now() - timedelta(days=8))

    assert browser_of().get(f"/website/drafts/{first.key}/").status_code == 404
    assert browser_of().get(f"/website/drafts/{second.key}/").status_code == 404
    assert browser_of(cast.tess).post(f"/website/pages/{page.pk}/link/").status_code == 403
