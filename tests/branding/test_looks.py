"""A look is drafted, published at once or later, and brought back; what is published changes by nothing else."""

from datetime import UTC, datetime, timedelta

import pytest

from branding import actions
from branding.models import LOOK, Brand, BrandDraft, BrandVersion
from branding.queries import current_brand, look_of_digest, look_tried, palette, shared_draft
from core.kernel import clock, outbox
from core.kernel.errors import ConflictError, DomainError, NotFound
from core.kernel.models import AuditEvent, OutboxMessage

AT = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
TEAL, PLUM = "#0f766e", "#7c2d6b"


def drafted(by, **wanted):
    return actions.change_draft(by=by, now=AT, **(wanted or {"primary_color": PLUM}))


def published():
    return {field: str(getattr(Brand.objects.get(), field)) for field in LOOK}


def test_new_organization_has_its_first_version(cast):
    [version] = BrandVersion.objects.all()

    assert (version.number, version.differences(Brand.objects.get())) == (1, [])


def test_drafting_publishes_nothing(cast):
    before = published()

    draft = drafted(cast.nora, primary_color=PLUM, name="Another")

    assert published() == before
    assert draft.differences(Brand.objects.get()) == ["name", "primary_color"]
    assert (draft.author_name, BrandVersion.objects.count()) == (cast.nora.name, 1)


def test_draft_that_differs_in_nothing_is_none(cast):
    assert drafted(cast.nora, primary_color=TEAL) is None
    drafted(cast.nora)
    assert drafted(cast.nora, primary_color=TEAL) is None
    assert not BrandDraft.objects.exists()


def test_colour_that_is_none_is_refused_and_changes_nothing(cast):
    drafted(cast.nora)
    with pytest.raises(DomainError, match="no colour|not a colour"):
        drafted(cast.nora, primary_color="teal")

    assert BrandDraft.objects.get().primary_color == PLUM


def test_publication_is_one_version_and_one_row_of_the_audit(cast):
    draft = drafted(cast.nora)

    version = actions.publish_draft(mark=draft.mark, over=1, by=cast.nora, now=AT)

    assert (version.number, Brand.objects.get().primary_color, BrandDraft.objects.count()) == (2, PLUM, 0)
    [event] = AuditEvent.objects.filter(action="brand.published")
    assert event.changes == {"published": ["1", "2"], "primary_color": [TEAL, PLUM]}


@pytest.mark.parametrize(
    ("mark", "over", "code"), [("old", 1, "draft_changed"), (None, 0, "version_changed"), (None, 7, "version_changed")]
)
def test_publication_of_what_was_not_seen_is_refused(cast, mark, over, code):
    draft, before = drafted(cast.nora), published()
    with pytest.raises(ConflictError) as refused:
        actions.publish_draft(mark=mark or draft.mark, over=over, by=cast.sam, now=AT)

    assert refused.value.code == code and published() == before and BrandDraft.objects.exists()


def test_second_publication_of_one_draft_is_refused(cast):
    draft = drafted(cast.nora)
    actions.publish_draft(mark=draft.mark, over=1, by=cast.nora, now=AT)
    with pytest.raises(ConflictError) as refused:
        actions.publish_draft(mark=draft.mark, over=1, by=cast.nora, now=AT)

    assert refused.value.code == "draft_gone" and BrandVersion.objects.count() == 2


def test_earlier_version_is_brought_back_and_the_draft_of_somebody_stays(cast):
    first = published()
    actions.publish_draft(mark=drafted(cast.nora).mark, over=1, by=cast.nora, now=AT)
    draft = drafted(cast.sam, tagline="Sam's")
    actions.schedule_draft(mark=draft.mark, over=2, at=AT + timedelta(days=1), by=cast.sam, now=AT)

    version = actions.restore_version(number=1, over=2, by=cast.nora, now=AT)

    assert (version.number, version.restores) == (3, 1) and published() == first
    left = BrandDraft.objects.get()
    assert (left.tagline, left.primary_color, left.publish_at) == ("Sam's", PLUM, None)
    with pytest.raises(ConflictError, match=r"Nora North has published version 3 meanwhile\."):
        actions.publish_draft(mark=left.mark, over=2, by=cast.sam, now=AT)
    assert published() == first


def test_version_that_is_published_or_unknown_or_was_replaced_is_not_brought_back(cast):
    with pytest.raises(ConflictError, match="exactly like this version"):
        actions.restore_version(number=1, over=1, by=cast.nora, now=AT)
    with pytest.raises(NotFound):
        actions.restore_version(number=9, over=1, by=cast.nora, now=AT)
    actions.publish_draft(mark=drafted(cast.nora).mark, over=1, by=cast.nora, now=AT)
    with pytest.raises(ConflictError, match="version 2 meanwhile"):
        actions.restore_version(number=1, over=1, by=cast.sam, now=AT)


@pytest.mark.parametrize(
    ("at", "code"), [(AT, "moment_past"), (AT - timedelta(days=1), "moment_past"), (AT + timedelta(days=400), "moment_far")]
)  # fmt: skip
def test_moment_that_cannot_be_is_refused(cast, at, code):
    draft = drafted(cast.nora)
    with pytest.raises(DomainError) as refused:
        actions.schedule_draft(mark=draft.mark, over=1, at=at, by=cast.nora, now=AT)

    assert refused.value.code == code and not OutboxMessage.objects.filter(name="branding.publish_draft").exists()


def scheduled(cast):
    now = clock.now()
    draft = actions.change_draft(by=cast.nora, now=now, primary_color=PLUM)
    actions.schedule_draft(mark=draft.mark, over=1, at=now + timedelta(hours=1), by=cast.nora, now=now)
    return draft


def deliver_in_two_hours():
    OutboxMessage.objects.filter(name="branding.publish_draft").update(due_at=clock.now())
    outbox.deliver_due()


def test_scheduled_draft_is_published_as_it_is_by_then_in_the_name_of_who_set_it(cast):
    scheduled(cast)
    actions.change_draft(by=cast.sam, now=clock.now(), tagline="Later")
    deliver_in_two_hours()

    brand, version = Brand.objects.get(), BrandVersion.objects.first()
    assert (brand.primary_color, brand.tagline) == (PLUM, "Later")
    assert (version.number, version.author_name, BrandDraft.objects.count()) == (2, cast.nora.name, 0)


@pytest.mark.parametrize("how", ["called off", "thrown away", "published", "another time"])
def test_promise_that_holds_no_more_publishes_nothing(cast, how):
    draft, now = scheduled(cast), clock.now()
    match how:
        case "called off":
            actions.unschedule_draft(by=cast.nora)
        case "thrown away":
            actions.discard_draft(mark=draft.mark, by=cast.nora)
        case "published":
            actions.publish_draft(mark=draft.mark, over=1, by=cast.nora, now=now)
        case "another time":
            actions.schedule_draft(mark=draft.mark, over=1, at=now + timedelta(days=9), by=cast.nora, now=now)
            OutboxMessage.objects.filter(name="branding.publish_draft").order_by("-due_at").first().delete()
    before = BrandVersion.objects.count()
    deliver_in_two_hours()

    assert BrandVersion.objects.count() == before
    assert OutboxMessage.objects.get(name="branding.publish_draft").state == OutboxMessage.State.VOID


def test_link_opens_the_draft_until_it_ends(cast):
    drafted(cast.nora)
    key = actions.share_draft(by=cast.nora, now=AT).share_key

    assert shared_draft(key, now=AT + timedelta(days=6)) is not None
    assert shared_draft(key, now=AT + timedelta(days=8)) is None
    assert shared_draft("", now=AT) is None and shared_draft(key[:-1], now=AT) is None
    again = actions.share_draft(by=cast.nora, now=AT).share_key
    assert shared_draft(key, now=AT) is None and shared_draft(again, now=AT) is not None
    actions.end_share(by=cast.nora)
    assert shared_draft(again, now=AT) is None


def test_look_is_tried_inside_only(cast):
    draft, before = drafted(cast.nora, primary_color=PLUM, name="Another"), current_brand()
    with look_tried(draft):
        assert (current_brand().name, palette().colours["action"]) == ("Another", PLUM)

    assert current_brand() is before and palette().colours["action"] == TEAL


def test_addresses_of_a_draft_and_of_earlier_looks_show_what_they_were_made_with(cast):
    draft = drafted(cast.nora)
    assert look_of_digest(draft.digest).primary_color == PLUM
    actions.publish_draft(mark=draft.mark, over=1, by=cast.nora, now=AT)
    later = drafted(cast.nora, primary_color=TEAL)
    actions.publish_draft(mark=later.mark, over=2, by=cast.nora, now=AT)

    assert look_of_digest(draft.digest).primary_color == PLUM
    assert look_of_digest(later.digest).primary_color == TEAL
    assert look_of_digest("nonsense") is None
