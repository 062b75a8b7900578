"""A branch is drafted, shown by a link, published at once or later, and an earlier one is brought back (ADR 26, 38)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from branding import actions
from branding.models import Branch, BranchDraft, BranchVersion, Brand, BrandDraft
from branding.queries import look_of_digest
from branding.rules.palette import derive_palette
from core.kernel import clock, outbox
from core.kernel.models import AuditEvent, OutboxMessage
from core.pages.actions import create_site
from tests.factories.branches import PLUM, change_branch, forget, give_host, make_branch, publish
from tests.factories.images import upload, wordmark, written
from tests.factories.web import browser_of

TEAL = "#115e59"
NASTY = ["漢字", "👩‍🚒", "مرحبا", "a\u200bb", "<script>alert(1)</script>", "\"'&", "x" * 80, "%(name)s {{ brand }}"]
SAMPLES = ["start", "front", "sign-in", "mail", "invoice", "live", "call"]


@pytest.fixture
def nora(cast, visit):
    create_site(name="North")
    return visit(cast.nora)


@pytest.fixture
def branch(cast):
    return make_branch(cast)


@pytest.fixture
def page(branch):
    return f"/settings/branches/{branch.pk}/"


def typed(branch, **changes):
    """What the form sends of the branch as it is."""
    names = (
        "label",
        "name",
        "tagline",
        "primary_color",
        "accent_color",
        "sign_in_text",
        "sender_name",
        "reply_to",
        "address",
        "phone",
    )
    return {name: getattr(branch, name) for name in names} | {"own_colors": "on"} | changes


def test_saving_publishes_nothing_and_publishing_shows_it_everywhere(cast, client, nora, branch, page):
    give_host(cast, branch)
    at_branch = {"host": "harbour.north.test"}
    saved = nora.post(page, typed(branch, name="Pier House", primary_color=TEAL), follow=True).content.decode()
    assert "The draft is saved" in saved and "Different from what is published: Name, Main colour" in saved
    assert f'value="{TEAL}"' in saved and "Pier House" in saved
    forget()
    assert "Quayside Rooms" in client.get("/account/login/", headers=at_branch).content.decode()
    assert "Quayside Rooms" in nora.get("/settings/branches/").content.decode()

    assert "Published as version 2." in publish_and_look(nora, branch)
    forget()
    shown = client.get("/account/login/", headers=at_branch).content.decode()
    assert "Pier House" in shown and "Quayside Rooms" not in shown
    assert not BranchDraft.objects.exists() and not BrandDraft.objects.exists()
    event = AuditEvent.objects.get(action="branch.changed")
    assert event.changes["name"] == ["Quayside Rooms", "Pier House"] and event.changes["published"] == ["1", "2"]


def publish_and_look(nora, branch):
    publish(nora, branch)
    return nora.get(f"/settings/branches/{branch.pk}/").content.decode()


def test_nothing_is_drafted_where_nothing_differs(nora, branch, page):
    said = nora.post(page, typed(branch), follow=True).content.decode()
    assert "so there is no draft" in said and not BranchDraft.objects.exists()
    nora.post(page, typed(branch, tagline="Other"))
    nora.post(page, typed(branch))
    assert not BranchDraft.objects.exists()


@pytest.mark.parametrize("text", NASTY)
def test_any_text_is_drafted_shown_and_published_as_text(nora, branch, page, text):
    assert nora.post(page, typed(branch, label=text, name=text, tagline=text, address=text)).status_code == 302
    nora.post(f"{page}link/")
    key = BranchDraft.objects.get().share_key
    for path in (page, f"/look/{key}/", *(f"/look/{key}/{sample}/" for sample in SAMPLES)):
        answer = nora.get(path)
        assert answer.status_code == 200 and "<script>alert" not in answer.content.decode()
    assert publish(nora, branch).status_code == 302
    branch.refresh_from_db()
    assert branch.name and branch.label == branch.name
    assert "<script>alert" not in nora.get(page).content.decode()


def test_link_shows_the_branch_as_drafted_and_ends(cast, nora, branch, page):
    logo = upload(written(wordmark(), "PNG"))
    nora.post(page, typed(branch, name="Pier House", primary_color=TEAL, logo=logo))
    nora.post(f"{page}link/")
    draft, stranger = BranchDraft.objects.get(), browser_of()
    assert reverse("brand:look", args=[draft.share_key]) in nora.get(page).content.decode()
    for sample in SAMPLES:
        shown = stranger.get(f"/look/{draft.share_key}/{sample}/").content.decode()
        assert "Quayside Rooms" not in shown and "North Practice" not in shown and "Nora" not in shown
        assert "Pier House" in shown or sample == "invoice"
    sheet = shown.partition("/brand.css?v=")[2].partition('"')[0]
    assert (
        sheet.startswith(draft.key)
        and f"--brand-action:{TEAL};" in stranger.get(f"/brand.css?v={sheet}").content.decode()
    )
    assert stranger.get(f"/brand/logo/light?v={sheet}").status_code == 200

    nora.post(f"{page}link/end/")
    assert stranger.get(f"/look/{draft.share_key}/").status_code == 404
    for end in ("published", "thrown away", "late"):
        nora.post(page, typed(branch, tagline=f"Until {end}"))
        nora.post(f"{page}link/")
        draft = BranchDraft.objects.get()
        assert stranger.get(f"/look/{draft.share_key}/").status_code == 200
        if end == "published":
            publish(nora, branch)
        elif end == "thrown away":
            nora.post(f"{page}discarding/", {"mark": draft.mark})
        else:
            BranchDraft.objects.update(share_until=clock.now() - timedelta(seconds=1))
        assert stranger.get(f"/look/{draft.share_key}/").status_code == 404


def test_earlier_look_is_looked_at_and_brought_back(cast, nora, branch, page):
    before = branch.logo.name
    change_branch(cast, branch, name="Pier House", primary_color=TEAL, logo="")
    shown = nora.get(page).content.decode()
    assert "Version 2" in shown and "Version 1" in shown
    address = nora.get(page).context["versions"][1].look_url
    sample = nora.get(address).content.decode()
    assert "Quayside Rooms" in sample and "Pier House" not in sample
    assert nora.get(f"{address}0").status_code == 404 == nora.get(address.replace("version=1", "version=x")).status_code

    assert nora.post(f"{page}versions/1/", {"over": "2"}).status_code == 302
    branch.refresh_from_db()
    assert (branch.name, branch.primary_color, branch.logo.name) == ("Quayside Rooms", PLUM, before)
    assert BranchVersion.objects.first().restores == 1
    assert AuditEvent.objects.filter(action="branch.restored").count() == 1
    assert (
        "looks exactly like this version"
        in nora.post(f"{page}versions/1/", {"over": "3"}, follow=True).content.decode()
    )
    assert nora.post(f"{page}versions/9/", {"over": "3"}).status_code == 404


def test_label_that_was_taken_meanwhile_is_said_and_nothing_is_published(cast, nora, branch, page):
    nora.post(page, typed(branch, label="Pier"))
    other = make_branch(cast, label="pier", logo="")
    assert "another branch that is called like this" in publish_and_look(nora, branch)
    assert (Branch.objects.get(pk=branch.pk).label, BranchDraft.objects.get().label) == ("Harbour", "Pier")
    refused = nora.post(page, typed(branch, label="PIER", tagline="Typed"))
    assert refused.status_code == 422 and "Typed" in refused.content.decode()
    actions.delete_branch(other, by=cast.nora, now=clock.now())
    assert publish(nora, branch).status_code == 302
    assert Branch.objects.get().label == "Pier"


def test_old_tab_publishes_nothing_that_it_did_not_show(cast, nora, branch, page):
    nora.post(page, typed(branch, tagline="First"))
    first = {"mark": BranchDraft.objects.get().mark, "over": "1"}
    nora.post(page, typed(branch, tagline="Second"))
    assert "has changed the draft meanwhile" in nora.post(f"{page}publication/", first, follow=True).content.decode()
    second = {"mark": BranchDraft.objects.get().mark, "over": "7"}
    assert "has published version 1 meanwhile" in nora.post(f"{page}publication/", second, follow=True).content.decode()
    assert Branch.objects.get().tagline == "By the water"
    seen = second | {"over": "1"}
    nora.post(f"{page}publication/", seen)
    assert "no draft any more" in nora.post(f"{page}publication/", seen, follow=True).content.decode()
    assert BranchVersion.objects.count() == 2


def test_it_is_published_by_itself_at_its_time_and_not_when_called_off(cast, nora, branch, page):
    nora.post(page, typed(branch, tagline="Autumn"))
    draft, at = BranchDraft.objects.get(), clock.now() + timedelta(days=3)
    seen = {"mark": draft.mark, "over": "1", "publish_at": at.strftime("%Y-%m-%dT%H:%M")}
    assert "Is published by itself on" in nora.post(f"{page}schedule/", seen, follow=True).content.decode()
    planned = BranchDraft.objects.get().publish_at
    message = OutboxMessage.objects.get(name="branding.publish_draft")
    assert message.payload["branch"] == str(branch.pk)
    nora.post(f"{page}schedule/end/")
    with pytest.raises(outbox.Obsolete):
        actions.publish_scheduled(draft_id=str(draft.pk), at=planned.isoformat(), now=planned)
    nora.post(f"{page}schedule/", seen)
    version = actions.publish_scheduled(draft_id=str(draft.pk), at=planned.isoformat(), now=planned)
    assert (Branch.objects.get().tagline, version.author_name, version.branch) == ("Autumn", cast.nora.name, branch)


def test_drafts_of_two_branches_and_of_the_brand_stay_apart(cast, nora, branch, page):
    other = make_branch(cast, label="Pier", name="Pier House", logo="")
    nora.post(page, typed(branch, tagline="Harbour's"))
    nora.post(f"/settings/branches/{other.pk}/", typed(other, tagline="Pier's"))
    publish(nora, other)
    assert {each.tagline for each in Branch.objects.all()} == {"By the water", "Pier's"}
    assert BranchDraft.objects.get().branch == branch and Brand.objects.get().tagline != "Pier's"
    nora.post(f"{page}versions/1/", {"over": "1"})
    nora.post(f"/settings/branches/{other.pk}/versions/1/", {"over": "2"})
    assert Branch.objects.get(pk=other.pk).tagline == "By the water"


def test_branch_from_before_there_were_versions_keeps_what_it_was(cast, nora, branch, page):
    BranchVersion.objects.all().delete()
    nora.post(page, typed(branch, name="Pier House"))
    publish(nora, branch)
    assert [version.name for version in BranchVersion.objects.all()] == ["Pier House", "Quayside Rooms"]
    nora.post(f"{page}versions/1/", {"over": "2"})
    assert Branch.objects.get().name == "Quayside Rooms"


def test_pictures_go_when_nothing_shows_them_any_more(cast, nora, branch, page, django_capture_on_commit_callbacks):
    storage, first = branch.logo.storage, branch.logo.name
    with django_capture_on_commit_callbacks(execute=True):
        nora.post(page, typed(branch, logo=upload(written(wordmark(), "WEBP"))))
    drafted = BranchDraft.objects.get()
    second = drafted.logo.name
    assert storage.exists(first) and storage.exists(second)
    assert look_of_digest(drafted.digest).logo.name == second
    with django_capture_on_commit_callbacks(execute=True):
        nora.post(f"{page}discarding/", {"mark": drafted.mark})
    assert storage.exists(first) and not storage.exists(second)
    with django_capture_on_commit_callbacks(execute=True):
        nora.post(f"{page}deletion/")
    assert not Branch.objects.exists() and not storage.exists(first)


def test_readability_of_a_drafted_colour_is_told(nora, branch, page):
    derive_palette.cache_clear()
    nora.post(page, typed(branch, primary_color="#ffff00"))
    assert (
        "darker or lighter" in nora.get(page).content.decode()
        or "In the light theme" in nora.get(page).content.decode()
    )


def test_nobody_else_drafts_or_publishes(cast, visit, nora, branch, page):
    nora.post(page, typed(branch, tagline="Mine"))
    seen = {"mark": BranchDraft.objects.get().mark, "over": "1"}
    for path in ("", "publication/", "discarding/", "schedule/", "schedule/end/", "link/", "link/end/", "versions/1/"):
        for user in (cast.tess, cast.sam, cast.gus):
            assert visit(user).post(page + path, seen).status_code in (403, 404)
        assert browser_of().post(page + path, seen).status_code in (302, 401, 403, 404)
    assert BranchDraft.objects.get().tagline == "Mine" and Branch.objects.get().tagline == "By the water"


@pytest.mark.parametrize("number", [0, 4])
def test_page_costs_the_same_however_many_versions(cast, nora, branch, page, number, django_assert_max_num_queries):
    for each in range(number):
        change_branch(cast, branch, tagline=f"Line {each}")
    nora.get(page)
    with django_assert_max_num_queries(22):
        nora.get(page)
