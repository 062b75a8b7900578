"""Public cards: written by each person, released, found on the website, and gone at once."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage

from branding.models import Brand
from core.kernel import clock
from core.kernel.errors import ConflictError, DomainError
from core.kernel.models import AuditEvent
from core.notifications.models import Notice
from core.pages.actions import add_page, add_section, create_site, keep_picture, publish_page
from core.pages.models import HomePage, SitePicture
from core.people.models import StaffMember
from core.team import actions
from core.team.models import PublicCard
from tests.factories.images import LOGOS, upload
from tests.factories.web import browser_of

NASTY = "Zoë “the 1st” 李明 👩‍👧 שלום <b>&amp;"


@pytest.fixture
def site(cast):
    home = HomePage.objects.first() or create_site(name="North")
    page = add_page(
        parent=home, title="Team", slug="team", language="en", by=cast.nora,
        sections=[{"type": "team", "value": {"heading": "Who works here", "text": ""}}],
    )  # fmt: skip
    publish_page(page=page, by=cast.nora)
    return cast


def write(staff, by, **more):
    values = {
        "name": "Tess Whelan", "titles": {"en": "Therapist"}, "languages": ["en", "ga"], "services": [], "photo": "",
        "texts": {"en": "I listen first."}, "is_wanted": True, **more,
    }  # fmt: skip
    return actions.write_card(staff=staff, by=by, now=clock.now(), path=f"/people/staff/{staff.pk}/card/", **values)


def test_card_is_seen_once_it_is_released(site):
    staff, reader = site.tess.staff, browser_of()
    card = write(staff, site.tess)

    assert reader.get("/team/tess-whelan/").status_code == 404
    assert "Tess" not in reader.get("/team/").content.decode()
    notice = Notice.objects.get(user_id=site.nora.pk, kind="card_waits")
    assert notice.path == f"/people/staff/{staff.pk}/card/"
    nora = browser_of(site.nora)
    assert "Waits for its release" in nora.get(notice.path).content.decode()
    nora.post(f"{notice.path}release/", {"seen": card.changed_at.isoformat()})

    page = reader.get("/team/tess-whelan/").content.decode()
    assert "I listen first." in page and "Therapist" in page and "Irish" in page
    assert 'href="/team/tess-whelan/"' in reader.get("/team/").content.decode()
    assert "/team/tess-whelan/" in reader.get("/sitemap.xml").content.decode()
    assert AuditEvent.objects.get(action="card.released").actor_id == str(site.nora.pk)


def test_change_waits_while_readers_see_what_was_released(site):
    staff, reader = site.tess.staff, browser_of()
    write(staff, site.nora)
    seen = PublicCard.objects.get().changed_at.isoformat()

    write(staff, site.tess, texts={"en": "Something new."})

    assert "I listen first." in reader.get("/team/tess-whelan/").content.decode()
    with pytest.raises(ConflictError):
        actions.release_card(staff=staff, by=site.nora, now=clock.now(), seen=seen)
    assert "Something new." in browser_of(site.tess).get(f"/people/staff/{staff.pk}/card/preview/").content.decode()
    actions.change_review(is_needed=False, by=site.nora)
    write(staff, site.tess, texts={"en": "Newer still."})
    assert "Newer still." in reader.get("/team/tess-whelan/").content.decode()


@pytest.mark.parametrize("end", ["hides", "leaves"])
def test_card_is_gone_at_once_with_its_photo(site, end):
    staff, reader = site.tess.staff, browser_of()
    photo = str(keep_picture(upload=upload(LOGOS["png"]()), by=site.nora).pk)
    write(staff, site.nora, photo=photo)
    page = reader.get("/team/tess-whelan/").content.decode()
    assert f"/pictures/{photo}/large" in page and 'property="og:image"' in page
    assert reader.get(f"/pictures/{photo}/small").status_code == 200

    if end == "hides":
        write(staff, site.tess, photo=photo, is_wanted=False)
    else:
        StaffMember.objects.filter(pk=staff.pk).update(status="inactive")

    assert reader.get("/team/tess-whelan/").status_code == 404
    assert reader.get(f"/pictures/{photo}/small").status_code == 404
    assert "Tess" not in reader.get("/team/").content.decode()


def kept(photo):
    row = SitePicture.objects.filter(pk=photo).first()
    return row is not None and default_storage.exists(row.small.name)


@pytest.mark.parametrize("end", ["taken off", "replaced"])
@pytest.mark.parametrize("was_public", [False, True])
def test_photo_that_no_card_has_any_more_is_deleted(site, end, was_public, django_capture_on_commit_callbacks):
    staff, reader = site.tess.staff, browser_of()
    photo, other = (str(keep_picture(upload=upload(LOGOS["png"]()), by=site.nora).pk) for _ in range(2))
    names = [SitePicture.objects.get(pk=photo).large.name, SitePicture.objects.get(pk=photo).small.name]
    write(staff, site.nora if was_public else site.tess, photo=photo)
    assert reader.get(f"/pictures/{photo}/small").status_code == (200 if was_public else 404)

    with django_capture_on_commit_callbacks(execute=True):
        card = write(staff, site.tess, photo=other if end == "replaced" else "")
    if was_public:  # readers see it until the change is released
        assert kept(photo) and reader.get(f"/pictures/{photo}/small").status_code == 200
        with django_capture_on_commit_callbacks(execute=True):
            actions.release_card(staff=staff, by=site.nora, now=clock.now(), seen=card.changed_at.isoformat())

    assert not SitePicture.objects.filter(pk=photo).exists() and not any(map(default_storage.exists, names))
    for browser in (reader, browser_of(site.nora)):
        assert browser.get(f"/pictures/{photo}/small").status_code == 404
    assert kept(other)
    assert AuditEvent.objects.get(action="picture.deleted").actor_id == str((site.nora if was_public else site.tess).pk)


@pytest.mark.parametrize("where", ["card", "draft", "version"])
def test_photo_that_is_shown_elsewhere_stays(site, where, django_capture_on_commit_callbacks):
    photo = str(keep_picture(upload=upload(LOGOS["png"]()), by=site.nora).pk)
    if where == "card":
        write(site.sam.staff, site.nora, name="Sam", photo=photo)
    else:
        page = add_page(parent=HomePage.objects.first(), title="Ours", slug="ours", language="en", by=site.nora)
        add_section(page=page, language="en", kind="picture", value={"picture": photo, "alt": "Tess"}, by=site.nora)
        if where == "version":
            publish_page(page=page, by=site.nora)
    write(site.tess.staff, site.nora, photo=photo)

    with django_capture_on_commit_callbacks(execute=True):
        write(site.tess.staff, site.nora)

    assert kept(photo) and browser_of().get(f"/pictures/{photo}/small").status_code == 200


def test_hidden_photo_is_kept_by_nobody_on_the_way(site):
    photo = str(keep_picture(upload=upload(LOGOS["png"]()), by=site.nora).pk)
    write(site.tess.staff, site.tess, photo=photo)

    assert browser_of(site.tess).get(f"/pictures/{photo}/small").headers["Cache-Control"] == "private, no-store"
    write(site.tess.staff, site.nora, photo=photo)
    assert "immutable" in browser_of().get(f"/pictures/{photo}/small").headers["Cache-Control"]


def test_old_address_leads_to_the_new_one(site):
    staff, reader = site.tess.staff, browser_of()
    write(staff, site.nora)
    write(staff, site.nora, slug="tess")
    write(staff, site.nora, slug="dr-tess")

    for before in ("tess-whelan", "tess"):
        assert reader.get(f"/team/{before}/").headers["Location"] == "/team/dr-tess/"
    other = StaffMember.objects.exclude(pk=staff.pk).filter(role="staff").first() or site.sam.staff
    with pytest.raises(DomainError) as refusal:
        write(other, site.nora, slug="dr-tess") and write(other, site.nora, slug="dr-tess")
    assert refusal.value.code == "address_taken"


def test_form_takes_what_people_write_in_each_language(site):
    Brand.objects.update(languages=["en", "de"])
    staff = site.tess.staff
    at = f"/people/staff/{staff.pk}/card/"
    tess = browser_of(site.tess)
    assert tess.get(at).status_code == 200
    sent = {
        "name": NASTY,
        "title_en": NASTY,
        "title_de": "Therapeutin",
        "text_de": f"{NASTY}\n\nZweitens",
        "languages": ["de"],
        "is_wanted": "on",
    }

    assert tess.post(at, sent).headers["Location"] == at
    assert tess.post(at, {**sent, "name": " \u200b "}).status_code == 422

    card = PublicCard.objects.get()
    assert card.name == NASTY and card.titles["de"] == "Therapeutin" and card.released is None
    write(staff, site.nora, name=card.name, titles=card.titles, texts=card.texts, languages=card.languages)
    page = browser_of().get(f"/de/team/{card.slug}/").content.decode()
    assert "Therapeutin" in page and "&lt;b&gt;" in page and "Deutsch" in page


def test_others_cards_are_for_those_who_look_after_staff(site):
    staff = site.tess.staff
    at = f"/people/staff/{staff.pk}/card/"

    assert browser_of(site.sam).get(at).status_code == 403  # a colleague
    assert browser_of(site.gus).get(at).status_code in (403, 404)
    assert browser_of(site.tess).get("/settings/team/").status_code == 403
    assert browser_of(site.tess).post(f"{at}release/").status_code == 403
    assert browser_of(site.nora).get("/settings/team/").status_code == 200
    for act in (
        lambda: write(staff, site.sam),
        lambda: actions.release_card(staff=staff, by=site.tess, now=clock.now(), seen=""),
        lambda: actions.change_review(is_needed=False, by=site.sam),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_own_title_and_telephone_are_ones_own_to_change(cast):
    staff = cast.tess.staff
    tess, at = browser_of(cast.tess), f"/people/staff/{staff.pk}/details/"
    assert tess.get(at).status_code == 200

    tess.post(at, {"title": "Speech therapist", "phone": "+353 91 1", "color": "#64748b"})

    staff.refresh_from_db()
    assert (staff.title, staff.phone) == ("Speech therapist", "+353 91 1")
    assert tess.get(f"/people/staff/{cast.sam.staff.pk}/details/").status_code == 403
