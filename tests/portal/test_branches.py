"""Settings → Branches: a branch is made, looked at before it is saved, given a host and people, and taken back."""

import pytest
from django.urls import reverse

from branding import actions
from branding.branch_hosts import branches_with_hosts
from branding.models import Branch, BranchDraft, Brand
from core.kernel import clock
from core.kernel.models import AuditEvent
from core.pages.actions import create_site
from core.people.actions import change_client
from core.people.models import Client
from portal import versions
from tenants import context
from tenants.models import Domain
from tests.factories.branches import PLUM, forget, give_host, make_branch, publish
from tests.factories.images import upload, wordmark, written

LIST, NEW = "/settings/branches/", "/settings/branches/new/"
NASTY = ["漢字", "👩‍🚒", "مرحبا", "<script>alert(1)</script>", "\"'&", "%(name)s {{ brand }}"]


@pytest.fixture
def nora(cast, visit):
    create_site(name="North")
    return visit(cast.nora)


@pytest.fixture
def branch(cast):
    return make_branch(cast)


def fields(**changes):
    return {"label": "Harbour", "primary_color": "#0f766e", "accent_color": "#0f766e", **changes}


def page_of(browser, path):
    return browser.get(path).content.decode()


def test_owner_makes_a_branch_that_has_everything_from_the_organization(nora):
    assert "No branch yet" in page_of(nora, LIST)
    answer = nora.post(NEW, fields())
    branch = Branch.objects.get()
    assert answer["Location"] == f"/settings/branches/{branch.pk}/"
    assert (branch.label, branch.name, branch.primary_color, branch.accent_color) == ("Harbour", "", "", "")
    assert branches_with_hosts() == [(branch, [])]
    assert "Harbour" in page_of(nora, LIST) and "Harbour" in page_of(nora, answer["Location"])


def test_colours_and_pictures_are_its_own_and_leave_again(nora):
    logo = upload(written(wordmark(), "PNG"))
    nora.post(NEW, fields(own_colors="on", primary_color=PLUM, accent_color="#b45309", name="Quayside", logo=logo))
    branch = Branch.objects.get()
    assert (branch.primary_color, branch.accent_color, branch.name) == (PLUM, "#b45309", "Quayside")
    assert branch.logo and branch.logo_ground
    page = f"/settings/branches/{branch.pk}/"
    assert f"/brand/logo/light?v={branch.digest}" in page_of(nora, page)
    assert nora.get(f"/brand/logo/light?v={branch.digest}").status_code == 200

    nora.post(page, fields(name="Quayside", **{"logo-clear": "on"}))
    assert publish(nora, branch).status_code == 302
    branch.refresh_from_db()
    assert (branch.primary_color, bool(branch.logo), branch.name) == ("", False, "Quayside")
    event = AuditEvent.objects.filter(action="branch.changed").latest("at")
    assert set(event.changes) == {"published", "primary_color", "accent_color", "logo"}
    assert Brand.objects.get().primary_color == "#0f766e"


@pytest.mark.parametrize("text", NASTY)
def test_any_text_is_kept_and_shown_as_text(cast, nora, text):
    nora.post(NEW, fields(label=text, name=text, tagline=text, address=text))
    branch = Branch.objects.get()
    assert branch.label == text == branch.name
    for path in (
        LIST,
        f"/settings/branches/{branch.pk}/",
        reverse("settings:branch_sample", args=["mail"]) + f"?branch={branch.pk}",
    ):
        answer = nora.get(path)
        assert answer.status_code == 200 and b"<script>alert(1)" not in answer.content
    give_host(cast, branch)
    assert nora.get("/account/login/", headers={"host": "harbour.north.test"}).status_code in (200, 302)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"label": ""}, "This field is required"),
        ({"label": "HARBOUR"}, "another branch that is called like this"),
        ({"own_colors": "on", "primary_color": "plum"}, "Write a colour as # and six digits"),
        ({"own_colors": "on", "primary_color": ""}, "Choose a colour"),
        ({"reply_to": "nobody"}, "Enter a valid email address"),
        ({"label": "x" * 81}, "at most 80 characters"),
    ],
)
def test_errors_stand_at_the_field_and_nothing_typed_is_lost(nora, branch, changes, said):
    answer = nora.post(NEW, fields(label="Other", tagline="Typed") | changes)
    page = answer.content.decode()
    assert answer.status_code == 422 and "Typed" in page
    assert said in str(answer.context["form"].errors)
    assert Branch.objects.count() == 1


@pytest.mark.parametrize("sample", ["start", "front", "sign-in", "mail", "invoice", "live", "call"])
def test_preview_shows_what_is_typed_and_nothing_is_saved(nora, branch, sample):
    typed = {
        "branch": branch.pk,
        "name": "Typed Name",
        "own_colors": "on",
        "primary_color": "#123456",
        "accent_color": "",
    }
    answer = nora.get(reverse("settings:branch_sample", args=[sample]), typed)
    page = answer.content.decode()
    assert answer.status_code == 200 and "North Practice" not in page
    assert "Typed Name" in page or sample == "invoice"
    if sample != "mail":
        address = page.partition('href="/settings/brand/stylesheet/?')[2].partition('"')[0].replace("&amp;", "&")
        assert "--brand-action: #123456;" in nora.get(f"/settings/brand/stylesheet/?{address}").content.decode()
    branch.refresh_from_db()
    assert branch.name == "Quayside Rooms"


def test_contrast_is_told_while_it_is_typed(nora, branch):
    told = nora.post(
        f"/settings/branches/readability/?branch={branch.pk}", {"own_colors": "on", "primary_color": "#ffff00"}
    )
    assert "darker or lighter" in told.content.decode()
    assert nora.post("/settings/branches/readability/", {"primary_color": "#ffff00"}).status_code == 200


def test_two_with_the_same_form_lose_nothing(cast, nora, visit, branch):
    path = f"/settings/branches/{branch.pk}/"
    form = nora.get(path).context["form"]
    sent = {
        name: form.initial.get(name) or ""
        for name in form.fields
        if name not in ("logo", "logo_dark", "icon", "sign_in_picture")
    }
    version = nora.get(path).wsgi_request.signed_form_version
    actions.change_draft(branch=branch, by=cast.nora, now=clock.now(), tagline="By somebody else")
    answer = nora.post(path, sent | {"own_colors": "on", "name": "Mine", versions.FIELD: version})
    draft = BranchDraft.objects.get()
    assert answer.status_code == 302 and (draft.name, draft.tagline) == ("Mine", "By somebody else")


def test_host_is_given_to_a_branch_and_taken_back(cast, nora, branch):
    with context.public_context():
        domain = Domain.objects.create(
            tenant=cast.north, domain="harbour.example", is_primary=False, verified_at=clock.now()
        )
        primary = Domain.objects.get(domain="north.test")
    page = f"/settings/hosts/{domain.pk}/"
    assert "Give it to a branch" in page_of(nora, page)
    assert nora.post(f"{page}branch/", {"branch": branch.pk}).status_code == 302
    forget()
    shown = page_of(nora, page)
    assert "Harbour" in shown and "Change the branch" in shown and "Make it the primary one" not in shown
    assert "harbour.example" in page_of(nora, LIST).replace("<wbr>", "")
    assert nora.post(f"{page}branch/", {"branch": ""}).status_code == 302
    forget()
    assert "Give it to a branch" in page_of(nora, page)
    refused = nora.post(f"/settings/hosts/{primary.pk}/branch/", {"branch": branch.pk})
    assert refused.status_code == 422 and "This is the primary web address" in str(
        refused.context["form"].errors["branch"]
    )


def test_people_are_put_into_it_one_by_one_and_together(cast, nora, visit, branch):
    client = reverse("people:client", args=[cast.cleo.pk])
    form = nora.get(f"{client}details/").context["form"]
    sent = {name: "" if form.initial.get(name) is None else form.initial[name] for name in form.fields}
    assert nora.post(f"{client}details/", sent | {"branch": branch.pk}).status_code == 302
    cast.cleo.refresh_from_db()
    assert cast.cleo.branch == branch and "Harbour" in page_of(nora, client)
    assert AuditEvent.objects.filter(action="client.changed").latest("at").changes["branch"] == [None, "Harbour"]

    assert nora.post(reverse("people:client_branches"), {"branch": "", "clients": [cast.cleo.pk]}).status_code == 302
    assert (
        nora.post(reverse("people:client_branches"), {"branch": branch.pk, "clients": [cast.cleo.pk]}).status_code
        == 302
    )
    assert Client.objects.get(pk=cast.cleo.pk).branch == branch

    staff = reverse("people:staff_member", args=[cast.tess.staff_member.pk])
    sent = {"title": "", "phone": "", "color": "#64748b", "branch": branch.pk}
    assert nora.post(f"{staff}details/", sent).status_code == 302
    assert "Harbour" in page_of(nora, staff)
    own = visit(cast.tess).get(f"{staff}details/").content.decode()
    assert 'name="branch"' not in own  # to which one belongs is said by somebody else
    assert visit(cast.tess).get(reverse("people:client_branches")).status_code == 403


def test_several_who_work_here_are_put_into_it_by_those_who_change_them(cast, nora, visit, branch):
    page, tess = reverse("people:staff_branches"), cast.tess.staff_member
    assert page in page_of(nora, reverse("people:staff")) and page in page_of(nora, f"/settings/branches/{branch.pk}/")
    assert str(branch.pk) in page_of(nora, f"{page}?branch={branch.pk}")
    assert nora.post(page, {"branch": branch.pk, "staff": [tess.pk]}).status_code == 302
    tess.refresh_from_db()
    assert tess.branch == branch
    assert AuditEvent.objects.filter(action="staff.changed").latest("at").changes["branch"] == [None, "Harbour"]
    refused = nora.post(page, {"branch": branch.pk, "staff": []})
    assert refused.status_code == 422 and refused.context["form"].errors["staff"]
    for user in (cast.tess, cast.sam):
        assert visit(user).get(page).status_code == 403
        assert visit(user).post(page, {"branch": "", "staff": [tess.pk]}).status_code == 403
    actions.close_branch(branch, by=cast.nora, now=clock.now())
    forget()
    assert nora.get(page).status_code == 404


def test_closing_opening_and_deleting(cast, nora, branch):
    page = f"/settings/branches/{branch.pk}/"
    change_client(client=cast.cleo, by=cast.nora, now=clock.now(), branch=branch)
    assert "Delete" not in page_of(nora, page).partition("studio__side")[2]
    nora.post(f"{page}deletion/")
    assert Branch.objects.exists()
    nora.post(f"{page}closing/")
    forget()
    assert "Inactive" in page_of(nora, page) and "Inactive" in page_of(nora, LIST)
    assert (
        nora.get(reverse("people:client_change", args=[cast.cleo.pk])).status_code == 200
    )  # it stands there, and may stay
    nora.post(f"{page}opening/")
    change_client(client=cast.cleo, by=cast.nora, now=clock.now(), branch=None)
    answer = nora.post(f"{page}deletion/")
    assert answer["Location"] == LIST and not Branch.objects.exists()
    assert nora.get(page).status_code == 404


def test_only_the_owner_sees_them_and_only_their_own(cast, visit, branch):
    for who in (cast.tess, cast.gus):
        assert visit(who).get(LIST).status_code in (403, 404)
    olga = visit(cast.olga, organization="south")
    assert "No branch yet" in page_of(olga, LIST)
    for path in ("", "closing/", "deletion/"):
        assert olga.post(f"/settings/branches/{branch.pk}/{path}", fields()).status_code == 404
    assert olga.get(reverse("settings:branch_sample", args=["mail"]), {"branch": branch.pk}).status_code == 404
    assert olga.get(reverse("settings:branch_sample", args=["mail"]), {"branch": "nonsense"}).status_code == 404
    assert Branch.objects.get().label == "Harbour"


@pytest.mark.parametrize("number", [1, 3])
def test_list_costs_the_same_however_many(cast, nora, number, django_assert_max_num_queries):
    for each in range(number):
        make_branch(cast, label=f"Branch {each}", logo="")
    nora.get(LIST)
    with django_assert_max_num_queries(15):
        nora.get(LIST)
