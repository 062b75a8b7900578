"""A branch is met under its own look everywhere, and the organization's own stays out of it; K-68 of the leak list."""

import re

import pytest
from django.core import mail as outbox_of_django
from django.core.exceptions import PermissionDenied
from django.test import Client as Browser

from billing.documents.contents import invoice_content
from billing.documents.formatter import Formatter
from branding import actions, proxy_pages
from branding.models import Branch, Brand
from branding.queries import current_brand, look_of_digest, palette, published_brand
from branding.rules.palette import derive_palette
from branding.speaking import branch_for, speaking
from core.kernel import clock, outbox
from core.kernel.errors import ConflictError, DomainError
from core.kernel.models import AuditEvent
from core.notifications import push
from core.notifications.messages import Topic
from core.notifications.models import Notice
from core.people.actions import change_client, change_staff_member
from core.people.notifications import password_reset_requested
from core.scheduling import calendar_file
from core.scheduling.models import Appointment
from core.scheduling.recipients import AppointmentRecipient
from tenants import context, domains, plans
from tenants.absolute_urls import absolute_url, organization_host
from tenants.models import Domain
from tests.factories.branches import HOST, PLUM, change_branch, forget, give_host, make_branch
from tests.factories.scheduling import book
from tests.factories.till import issue, make_till

OURS, THEIRS = "North Practice", "Quayside Rooms"
TEAL = "#0f766e"


@pytest.fixture
def branch(cast):
    return make_branch(cast)


@pytest.fixture
def host(cast, branch):
    return give_host(cast, branch)


@pytest.fixture
def cleo(cast, branch):
    change_client(client=cast.cleo, by=cast.nora, now=clock.now(), branch=branch)
    return cast.cleo


def browser_at(host, user):
    browser = Browser(headers={"host": host})
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def get(client, path, host=HOST):
    return client.get(path, headers={"host": host})


def text_of(answer):
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode(errors="replace")


# Pages ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/account/login/", "/account/password/reset/", "/help/", "/manifest.webmanifest", "/offline/en/",
                                  "/there-is-no-such-page/"])  # fmt: skip
def test_pages_of_its_host_have_its_name_and_not_the_organizations(client, host, path):
    page = text_of(get(client, path))
    assert THEIRS in page and OURS not in page
    other = text_of(get(client, path, "north.test"))
    assert OURS in other and THEIRS not in other


def test_stylesheet_manifest_and_icons_carry_its_digest_and_never_the_organizations(cast, client, host, branch):
    actions.change_brand(Brand.objects.get(), by=cast.nora, tagline="Ours")
    forget()
    digests = {}
    for each in (HOST, "north.test"):
        page = text_of(get(client, "/account/login/", each))
        digests[each] = re.search(r"/brand\.css\?v=([\w-]+)", page).group(1).rstrip("-")
        assert set(re.findall(r"/brand/[\w/-]+\?v=(\w+)", page)) == {digests[each]}
        icons = get(client, "/manifest.webmanifest", each).json()["icons"]
        assert {icon["src"].partition("?v=")[2] for icon in icons} == {digests[each]}
    assert digests[HOST] != digests["north.test"] and digests[HOST].startswith(branch.key)

    css = text_of(get(client, f"/brand.css?v={digests[HOST]}"))
    assert f"--brand-action:{PLUM}" in css and TEAL not in css
    assert f"--brand-action:{TEAL}" in text_of(get(client, "/brand.css", "north.test"))
    # Its mails, where it has no host, load its pictures from the organization's: also by the address of a look that it had once.
    for version in (digests[HOST], branch.key + "00000000"):
        assert f"--brand-action:{PLUM}" in text_of(get(client, f"/brand.css?v={version}", "north.test"))
        assert get(client, f"/brand/logo/mail?v={version}", "north.test").status_code == 200
    assert get(client, "/brand/logo/light", "north.test").status_code == 404


def test_own_colours_and_pictures_come_together(cast):
    brand = Brand.objects.get()
    actions.change_brand(brand, by=cast.nora, accent_color="#ff0000")
    Brand.objects.update(icon="brand/icon.png", logo="brand/ours.png", logo_dark="brand/dark.png", sender_name="Ours")
    forget()
    alone = make_branch(cast, accent_color="")
    with context.branch_context(alone.pk):
        met = current_brand()
    assert (met.accent_color, met.logo_dark, met.icon) == ("", "", "") and met.logo == alone.logo
    plain = actions.add_branch(label="Plain", by=cast.nora, now=clock.now())
    with context.branch_context(plain.pk):
        met = current_brand()
        assert met.name == OURS and met.logo == "brand/ours.png" and met.sender_name == "Ours"
        assert palette().colours["action"] == TEAL


def test_its_brand_is_never_written(cast, branch):
    with context.branch_context(branch.pk):
        met = current_brand()
        with pytest.raises(TypeError):
            met.save()
        assert published_brand().name == OURS
    actions.change_brand(Brand.objects.get(), by=cast.nora, tagline="Ours")
    assert Brand.objects.get().name == OURS


@pytest.mark.parametrize("page", ["/settings/details/", "/settings/words/", "/settings/sender/"])
def test_what_is_saved_on_its_host_is_the_organizations(cast, visit, host, page):
    nora = browser_at(HOST, cast.nora)
    form = nora.get(page).context["form"]
    fields = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    sent = {name: "" if value is None else value for name, value in fields.items() if not hasattr(value, "url")}
    assert nora.post(page, sent).status_code == 302
    forget()
    brand = Brand.objects.get()
    assert (brand.name, brand.primary_color, brand.sender_name, brand.phone) == (OURS, TEAL, "", "")
    assert THEIRS in text_of(nora.get("/account/logout/"))


@pytest.mark.parametrize("colour", ["#ffff00", "#4338ca", "#777777"])
def test_its_host_may_be_the_first_that_a_process_hears_of(cast, client, branch, host, colour):
    change_branch(cast, branch, primary_color=colour)
    forget()
    derive_palette.cache_clear()  # which tells what was made lighter in the organization's own words
    assert THEIRS in text_of(get(client, "/account/login/"))


def test_reading_the_branch_costs_no_query_when_warm(client, host, django_assert_num_queries):
    get(client, "/manifest.webmanifest")
    with django_assert_num_queries(0):
        get(client, "/manifest.webmanifest")


def test_proxy_shows_its_pages_under_its_host(settings, tmp_path, host):
    settings.PROXY_PAGES = tmp_path
    proxy_pages.renew()
    assert THEIRS in (tmp_path / HOST / "en.html").read_text()
    assert OURS not in (tmp_path / HOST / "en.html").read_text()
    assert OURS in (tmp_path / "north.test" / "en.html").read_text()


# Hosts ------------------------------------------------------------------------------------------------------------


def test_its_host_never_leads_to_the_primary_one(cast, client, host):
    with context.public_context():
        other = Domain.objects.create(
            tenant=cast.north, domain="care.example", is_primary=False, verified_at=clock.now()
        )
    domains.make_primary(cast.north.pk, other.pk, by=cast.nora, now=clock.now())
    with context.public_context():
        assert Domain.objects.get(pk=host.pk).redirects_at is None
    assert get(client, "/account/login/").status_code == 200
    for act in (domains.make_primary, lambda *names, **how: domains.redirect_domain(*names, redirects=True, **how)):
        with pytest.raises(ConflictError) as refusal:
            act(cast.north.pk, host.pk, by=cast.nora, now=clock.now())
        assert refusal.value.code == "domain_branchs"


def test_primary_host_and_closed_branches_get_none(cast, branch):
    with context.public_context():
        primary = Domain.objects.get(domain="north.test")
    with pytest.raises(ConflictError) as refusal:
        actions.give_host(primary.pk, branch=branch, by=cast.nora, now=clock.now())
    assert (refusal.value.code, refusal.value.field) == ("domain_primary", "branch")
    actions.close_branch(branch, by=cast.nora, now=clock.now())
    with pytest.raises(DomainError) as closed:
        actions.give_host(primary.pk, branch=branch, by=cast.nora, now=clock.now())
    assert closed.value.code == "branch_closed"


def test_closing_gives_its_host_and_its_people_back(cast, client, host, branch, cleo):
    actions.close_branch(branch, by=cast.nora, now=clock.now())
    forget()
    assert OURS in text_of(get(client, "/account/login/"))
    assert branch_for(cleo) is None
    with pytest.raises(ConflictError):
        actions.delete_branch(branch, by=cast.nora, now=clock.now())
    actions.open_branch(branch, by=cast.nora, now=clock.now())
    assert branch_for(cleo) == branch.pk
    codes = list(
        AuditEvent.objects.filter(action__startswith="branch.").order_by("at", "id").values_list("action", flat=True)
    )
    assert codes == ["branch.added", "branch.closed", "branch.opened"]
    assert AuditEvent.objects.filter(action="host.branch_changed").count() == 2


def test_links_lead_to_its_host_where_it_has_one(cast, branch):
    with context.branch_context(branch.pk):
        assert absolute_url("/") == "http://north.test/"
    give_host(cast, branch)
    with context.branch_context(branch.pk):
        assert absolute_url("/") == f"http://{HOST}/"
        assert organization_host() == "north.test"
    assert absolute_url("/") == "http://north.test/"


# Mail, files, push --------------------------------------------------------------------------------------------------


def deliver():
    outbox_of_django.outbox.clear()
    while outbox.deliver_due():
        pass
    return outbox_of_django.outbox


def test_mail_about_its_people_is_its_own_in_every_part(cast, host, cleo, branch):
    book(cast)
    password_reset_requested(cast.gus)
    sent = [each for each in deliver() if each.to[0].endswith(("gus@north.test>", "cleo@north.test>"))]
    assert len(sent) >= 2
    for each in sent:
        raw = each.message().as_bytes()
        whole = "\n".join([raw.decode(errors="replace"), each.body, each.alternatives[0][0]])
        assert each.from_email.startswith(('"Quayside Post', "Quayside Post")) or "(Quayside Post)" in each.from_email
        assert each.reply_to == ["quay@quayside.test"]
        assert THEIRS in whole and OURS not in whole
        assert "1 Quay Street" in each.alternatives[0][0]
        assert f"v={branch.key}" in each.alternatives[0][0]  # its logo
        assert set(re.findall(r"http://([\w.]+)/", each.body + each.alternatives[0][0])) <= {HOST, "www.w3.org"}
        for name, content, _mime in each.attachments:
            text = content if isinstance(content, str) else content.decode()
            assert name.endswith(".ics") and f"-//{THEIRS}//" in text and OURS not in text and HOST in text


def test_calendar_entries_keep_their_identity(cast, host, cleo):
    appointment = book(cast)
    Appointment.objects.filter(pk=appointment.pk).update(uid="")  # of an earlier release
    appointment.refresh_from_db()
    entry = calendar_file.Entry(appointment, AppointmentRecipient(cast.gus, (cleo,)))
    file = calendar_file.one_entry(entry, method="PUBLISH", now=clock.now()).decode().replace("\r\n ", "")
    assert f"UID:{appointment.pk}@north.test" in file and THEIRS in file and OURS not in file


def test_others_are_written_to_by_the_organization(cast, host):
    book(cast)
    for each in deliver():
        assert THEIRS not in each.message().as_string() and each.reply_to != ["quay@quayside.test"]


def test_client_without_a_branch_is_met_as_that_of_the_practitioner(cast, branch):
    change_staff_member(staff=cast.tess.staff_member, by=cast.nora, now=clock.now(), branch=branch)
    appointment = book(cast)
    cast.cleo.refresh_from_db()
    appointment.practitioner.refresh_from_db()
    assert branch_for(appointment, str(cast.gus.pk)) == branch.pk
    assert branch_for(cast.cleo) == branch.pk  # because all who work with Cleo belong to it
    other = actions.add_branch(label="Other", by=cast.nora, now=clock.now())
    change_client(client=cast.cleo, by=cast.nora, now=clock.now(), branch=other)
    assert branch_for(Appointment.objects.get(pk=appointment.pk), str(cast.gus.pk)) == other.pk


def test_papers_are_its_own_from_the_day_of_issue(cast, cleo, branch):
    till = make_till(cast)
    invoice = issue(till, client=cleo)
    assert invoice.issuer["name"] == THEIRS and invoice.issuer["phone"] == branch.phone
    with speaking(invoice):
        content = invoice_content(invoice, Formatter("en", "UTC"))
    assert THEIRS in content["title"] and OURS not in str(content)
    assert content["colours"]["edge"] == palette_of(branch)["edge"]


def palette_of(branch):
    with context.branch_context(branch.pk):
        return palette().colours


def test_push_is_its_own(cast, cleo, branch):
    notice = Notice(user_id=cast.gus.pk, kind="x", title="x", created_at=clock.now())
    with speaking(None, str(cast.gus.pk)):
        text = push.text_for(notice, Topic.APPOINTMENTS, language="en")
    assert f"v={branch.key}" in text["icon"] and OURS not in str(text)


def test_live_room_is_its_own_by_whatever_host_they_come(cast, visit, cleo):
    appointment = book(cast)
    page = visit(cast.gus).get(f"/live/{appointment.pk}/").content.decode()
    assert THEIRS in page and OURS not in page
    assert OURS in visit(cast.gus).get("/dashboard/").content.decode()


# What is refused ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "code", "field"),
    [
        ({"label": ""}, "label_missing", "label"),
        ({"label": "\u200b"}, "label_missing", "label"),
        ({"label": "harbour"}, "label_taken", "label"),
        ({"label": "New", "primary_color": "plum"}, "color_invalid", "primary_color"),
        ({"label": "New", "accent_color": PLUM}, "accent_alone", "accent_color"),
        ({"label": "New", "name": "a\x00b"}, "control_characters", None),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(cast, branch, facts, code, field):
    with pytest.raises(DomainError) as refusal:
        actions.add_branch(by=cast.nora, now=clock.now(), **facts)
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert Branch.objects.count() == 1


def test_people_are_put_into_active_branches_by_those_who_may_only(cast, branch):
    actions.close_branch(branch, by=cast.nora, now=clock.now())
    with pytest.raises(DomainError) as refusal:
        change_client(client=cast.cleo, by=cast.nora, now=clock.now(), branch=branch)
    assert (refusal.value.code, refusal.value.field) == ("branch_closed", "branch")
    actions.open_branch(branch, by=cast.nora, now=clock.now())
    for who in (cast.tess, cast.sam):
        with pytest.raises(PermissionDenied):
            change_staff_member(staff=cast.tess.staff_member, by=who, now=clock.now(), branch=branch)


def test_without_the_entitlement_nothing_new_and_everybody_is_met_as_one(cast, client, host, branch, cleo):
    plans.set_entitlement(
        cast.north.pk,
        code="branches",
        is_on=False,
        at_once=True,
        reason="Unpaid",
        by="op@console.test",
        now=clock.now(),
    )
    cast.north.known_allowances = None
    forget()
    assert OURS in text_of(get(client, "/account/login/"))
    assert branch_for(cleo) is None
    for act in (
        lambda: make_branch(cast, label="More"),
        lambda: actions.give_host(host.pk, branch=branch, by=cast.nora, now=clock.now()),
    ):
        with pytest.raises(DomainError) as refusal:
            act()
        assert refusal.value.code == "not_in_plan"


def test_digest_says_whose_it_is(branch):
    assert look_of_digest(branch.digest).name == THEIRS
    assert look_of_digest("f" * 16) is None
