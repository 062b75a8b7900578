"""Pictures of the website: where each is shown is told, and only what nothing shows is taken away."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from core.kernel import clock
from core.kernel.errors import ConflictError
from core.kernel.models import AuditEvent
from core.pages import actions
from core.pages.models import HomePage, SitePicture
from core.team.models import PublicCard
from tests.factories.images import LOGOS, upload

PAGE = "/website/pictures/"


@pytest.fixture
def nora(cast, visit):
    actions.create_site(name="North Practice")
    return visit(cast.nora)


def picture(cast):
    kept = actions.keep_picture(upload=upload(LOGOS["png"]()), by=cast.nora)
    SitePicture.objects.filter(pk=kept.pk).update(created_at=clock.now() - timedelta(days=1))
    return kept


def show(cast, kept):
    """On a page, which is published."""
    value = {"picture": str(kept.pk), "alt": "A wordmark"}
    sections = [{"type": "picture", "value": value}]
    page = actions.add_page(
        parent=HomePage.objects.get(), title="Team", slug="team", language="en", by=cast.nora, sections=sections
    )
    actions.publish_page(page=page, by=cast.nora)
    return page


def test_each_says_where_it_is_shown_and_only_the_others_can_be_deleted(cast, nora, django_capture_on_commit_callbacks):
    shown, unused = picture(cast), picture(cast)
    show(cast, shown)
    listed = nora.get(PAGE).content.decode()
    assert "Shown on: Team" in listed and "Not shown anywhere" in listed
    assert f"{PAGE}{unused.pk}/removal/" in listed and f"{PAGE}{shown.pk}/removal/" not in listed
    assert str(shown.pk) not in nora.get(f"{PAGE}?state=unused").content.decode()

    names = [unused.large.name, unused.small.name]
    with django_capture_on_commit_callbacks(execute=True):
        assert nora.post(f"{PAGE}{unused.pk}/removal/").status_code == 302
    assert not SitePicture.objects.filter(pk=unused.pk).exists() and not any(map(default_storage.exists, names))
    assert AuditEvent.objects.filter(action="picture.deleted").count() == 1
    nora.post(f"{PAGE}{unused.pk}/removal/")
    assert AuditEvent.objects.filter(action="picture.deleted").count() == 1
    nora.post(f"{PAGE}{shown.pk}/removal/")
    assert SitePicture.objects.filter(pk=shown.pk).exists()


def test_pictures_of_drafts_and_cards_are_in_use_and_those_of_old_versions_are_not(cast, nora):
    kept = picture(cast)
    page = show(cast, kept)
    section = page.specific.texts.get().parts[0]["id"]
    actions.remove_section(page=page, language="en", section=section, by=cast.nora)
    with pytest.raises(ConflictError) as refusal:  # readers see it still
        actions.remove_picture(pk=str(kept.pk), by=cast.nora)
    assert refusal.value.code == "picture_shown"
    actions.publish_page(page=page, by=cast.nora)
    card = PublicCard.objects.create(
        staff=cast.tess_staff, slug="tess", name="Tess", photo=str(kept.pk), changed_at=clock.now()
    )
    assert "Public card" in nora.get(PAGE).content.decode()
    assert actions.remove_unused_pictures(before=clock.now(), by=cast.nora) == 0
    card.delete()
    assert actions.remove_picture(pk=str(kept.pk), by=cast.nora)
    assert nora.get("/team/").status_code == 200


def test_picture_of_a_draft_that_is_published_by_itself_is_in_use(cast, nora):
    """The newest draft does not show it; the one with a date does."""
    coming = picture(cast)
    page = actions.add_page(parent=HomePage.objects.get(), title="Team", slug="team", language="en", by=cast.nora)
    actions.publish_page(page=page, by=cast.nora)
    value = {"picture": str(coming.pk), "alt": "A wordmark"}
    section = actions.add_section(page=page, language="en", kind="picture", value=value, by=cast.nora)
    actions.schedule_page(page=page, at=clock.now() + timedelta(days=2), by=cast.nora)
    actions.remove_section(page=page, language="en", section=section, by=cast.nora)

    assert "Shown on: Team" in nora.get(PAGE).content.decode()
    with pytest.raises(ConflictError):
        actions.remove_picture(pk=str(coming.pk), by=cast.nora)
    assert actions.remove_unused_pictures(before=clock.now(), by=cast.nora) == 0

    actions.unschedule_page(page=page, by=cast.nora)
    assert actions.remove_picture(pk=str(coming.pk), by=cast.nora)


def test_all_that_is_unused_goes_at_once_but_what_was_just_uploaded(cast, nora):
    shown = picture(cast)
    show(cast, shown)
    for _ in range(2):
        picture(cast)
    fresh = actions.keep_picture(upload=upload(LOGOS["png"]()), by=cast.nora)
    assert "Delete 2 that are not shown" in nora.get(PAGE).content.decode()
    nora.post(f"{PAGE}unused/removal/")
    assert set(SitePicture.objects.values_list("pk", flat=True)) == {shown.pk, fresh.pk}


def test_others_do_not_see_them(cast, nora, visit):
    kept = picture(cast)
    for user in (cast.tess, cast.gus):
        assert visit(user).get(PAGE).status_code in (403, 404)
        assert visit(user).post(f"{PAGE}{kept.pk}/removal/").status_code in (403, 404)
    assert visit(cast.olga, organization="south").post(f"{PAGE}{kept.pk}/removal/").status_code in (302, 403, 404)
    assert SitePicture.objects.filter(pk=kept.pk).exists()


@pytest.mark.parametrize("number", [1, 3])
def test_list_costs_the_same_however_many(cast, nora, number, django_assert_max_num_queries):
    for _ in range(number):
        picture(cast)
    with django_assert_max_num_queries(20):
        assert nora.get(PAGE).status_code == 200
