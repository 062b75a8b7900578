"""What is changed about the brand is noted, or it is not changed."""

from datetime import UTC, datetime, timedelta

import pytest

from branding import actions
from branding.font_files import FontFile
from branding.font_uploads import Family
from branding.models import Brand
from branding.rules.nouns import Noun
from tenants import context
from tenants.models import Domain
from tests.broken_audit import assert_nothing_is_written

# Before there is anybody who could be named: the first brand comes with the organization, whose history the platform keeps.
NOTE_NOTHING = {"create_brand"}
AT = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
LATER = AT + timedelta(days=2)


def _with_draft(act):
    """`act(draft, by)` upon a draft that is to be published later and shown by a link."""

    def acted(by):
        draft = actions.change_draft(by=by, now=AT, tagline="Drafted")
        actions.schedule_draft(mark=draft.mark, over=1, at=LATER, by=by, now=AT)
        draft = actions.share_draft(by=by, now=AT)
        return lambda: act(draft, by)

    return acted


LOOK_ACTS = {
    "change_draft": lambda by: lambda: actions.change_draft(by=by, now=AT, tagline="Drafted"),
    "discard_draft": _with_draft(lambda draft, by: actions.discard_draft(mark=draft.mark, by=by)),
    "share_draft": _with_draft(lambda draft, by: actions.share_draft(by=by, now=AT)),
    "end_share": _with_draft(lambda draft, by: actions.end_share(by=by)),
    "publish_draft": _with_draft(lambda draft, by: actions.publish_draft(mark=draft.mark, over=1, by=by, now=AT)),
    "schedule_draft": _with_draft(
        lambda draft, by: actions.schedule_draft(mark=draft.mark, over=1, at=LATER, by=by, now=AT)
    ),
    "unschedule_draft": _with_draft(lambda draft, by: actions.unschedule_draft(by=by)),
    "publish_scheduled": _with_draft(
        lambda draft, by: actions.publish_scheduled(draft_id=str(draft.pk), at=LATER.isoformat(), now=LATER)
    ),
    "restore_version": lambda by: _restored(by),
}


FAMILY = Family(
    "own-sans-0123456789ab", {"regular": FontFile("Quill", "", "", "41-5a", False, b"wOF2", {"Regular": b"\0\1\0\0"})}, "0" * 64
)  # fmt: skip
LOOK_ACTS |= {
    "add_font": lambda by: lambda: actions.add_font(FAMILY, by=by, now=AT),
    "remove_font": lambda by: _removal(by),
}


def _with_branch(act, **facts):
    """`act(branch, by)` upon a branch."""

    def acted(by):
        branch = actions.add_branch(label="Harbour", by=by, now=AT)
        if not facts.get("is_active", True):
            actions.close_branch(branch, by=by, now=AT)
        return lambda: act(branch, by)

    return acted


def _host(by):
    organization = context.current_organization()
    with context.public_context():
        domain = Domain.objects.create(tenant=organization, domain="quay.example", is_primary=False, verified_at=AT)
    branch = actions.add_branch(label="Harbour", by=by, now=AT)
    return lambda: actions.give_host(domain.pk, branch=branch, by=by, now=AT)


LOOK_ACTS |= {
    "add_branch": lambda by: lambda: actions.add_branch(label="Harbour", by=by, now=AT),
    "close_branch": _with_branch(lambda branch, by: actions.close_branch(branch, by=by, now=AT)),
    "open_branch": _with_branch(lambda branch, by: actions.open_branch(branch, by=by, now=AT), is_active=False),
    "delete_branch": _with_branch(lambda branch, by: actions.delete_branch(branch, by=by, now=AT)),
    "give_host": _host,
}


def _with_branch_draft(act):
    """`act(branch, draft, by)` upon the draft of a branch, which is to be published later and shown by a link."""

    def acted(by):
        branch = actions.add_branch(label="Harbour", by=by, now=AT)
        draft = actions.change_draft(branch=branch, by=by, now=AT, tagline="Drafted")
        actions.schedule_draft(branch=branch, mark=draft.mark, over=1, at=LATER, by=by, now=AT)
        draft = actions.share_draft(branch=branch, by=by, now=AT)
        return lambda: act(branch, draft, by)

    return acted


def _branch_restored(by):
    branch = actions.add_branch(label="Harbour", by=by, now=AT)
    draft = actions.change_draft(branch=branch, by=by, now=AT, tagline="Drafted")
    actions.publish_draft(branch=branch, mark=draft.mark, over=1, by=by, now=AT)
    return lambda: actions.restore_version(branch=branch, number=1, over=2, by=by, now=AT)


BRANCH_ACTS = {
    "change_draft": _with_branch(
        lambda branch, by: actions.change_draft(branch=branch, by=by, now=AT, tagline="Drafted")
    ),
    "discard_draft": _with_branch_draft(
        lambda branch, draft, by: actions.discard_draft(branch=branch, mark=draft.mark, by=by)
    ),
    "share_draft": _with_branch_draft(lambda branch, draft, by: actions.share_draft(branch=branch, by=by, now=AT)),
    "end_share": _with_branch_draft(lambda branch, draft, by: actions.end_share(branch=branch, by=by)),
    "publish_draft": _with_branch_draft(
        lambda branch, draft, by: actions.publish_draft(branch=branch, mark=draft.mark, over=1, by=by, now=AT)
    ),
    "schedule_draft": _with_branch_draft(
        lambda branch, draft, by: actions.schedule_draft(
            branch=branch, mark=draft.mark, over=1, at=LATER, by=by, now=AT
        )
    ),
    "unschedule_draft": _with_branch_draft(lambda branch, draft, by: actions.unschedule_draft(branch=branch, by=by)),
    "publish_scheduled": _with_branch_draft(
        lambda branch, draft, by: actions.publish_scheduled(draft_id=str(draft.pk), at=LATER.isoformat(), now=LATER)
    ),
    "restore_version": _branch_restored,
}


def _removal(by):
    actions.add_font(FAMILY, by=by, now=AT)
    return lambda: actions.remove_font(FAMILY.key, by=by, now=AT)


def _restored(by):
    draft = actions.change_draft(by=by, now=AT, tagline="Drafted")
    actions.publish_draft(mark=draft.mark, over=1, by=by, now=AT)
    return lambda: actions.restore_version(number=1, over=2, by=by, now=AT)


def test_every_action_is_tested_here():
    assert set(actions.__all__) - NOTE_NOTHING == {"change_brand", "change_words", *LOOK_ACTS}


@pytest.mark.parametrize(
    "wanted", [{"name": "Another"}, {"primary_color": "#7c2d6b"}, {"words": {"en": {}}, "tagline": "New"}]
)
def test_brand_stays_where_the_audit_fails(cast, monkeypatch, wanted):
    brand = Brand.objects.get(is_current=True)

    assert_nothing_is_written(lambda: actions.change_brand(brand, by=cast.nora, **wanted), monkeypatch)


def test_words_stay_where_the_audit_fails(cast, monkeypatch):
    assert_nothing_is_written(
        lambda: actions.change_words(
            preset="school", language="en", nouns={"client": Noun("wug", "wugs")}, by=cast.nora
        ),
        monkeypatch,
    )
    assert Brand.objects.get(is_current=True).words == {}


@pytest.mark.parametrize("act", LOOK_ACTS)
def test_looks_stay_where_the_audit_fails(cast, monkeypatch, act):
    assert_nothing_is_written(LOOK_ACTS[act](cast.nora), monkeypatch)


@pytest.mark.parametrize("act", BRANCH_ACTS)
def test_branches_stay_where_the_audit_fails(cast, monkeypatch, act):
    assert_nothing_is_written(BRANCH_ACTS[act](cast.nora), monkeypatch)
