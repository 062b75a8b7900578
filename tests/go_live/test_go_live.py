"""An organization from nothing to live by one call: all of it or nothing, again without harm, and measured."""

import base64
import io
import json
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from PIL import Image

from billing.models import Service
from branding.models import Brand
from branding.senders.actions import confirm_code
from branding.senders.models import Sender
from branding.senders.queries import current_sender, identity_of
from core.go_live.wanted import Unreadable, read
from core.kernel import clock
from core.kernel.audit import System
from core.kernel.errors import DomainError
from core.kernel.models import AuditEvent, OutboxMessage
from core.legal.actions import write_draft
from core.legal.models import LegalText
from core.pages import actions as page_actions
from core.pages import queries
from core.people.models import StaffMember
from core.scheduling.models import ScheduleSettings, WorkingHours
from tenants import context, domain_records, domains, hosts
from tenants.models import Organization, OrganizationEvent
from tests.factories import mail_domain
from tests.factories.dns_server import dns_server

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "go-live.json"
MOST_SECONDS = 10  # for the whole call, here with a DNS on the loopback address; schema and keys are made in it


@pytest.fixture(scope="module")
def server():
    with dns_server() as running:
        yield running


@pytest.fixture
def zones(server, settings):
    settings.DNS_SERVERS, settings.DNS_PORT = [server.host], server.port
    settings.EDGE_DOMAIN, settings.EDGE_ADDRESSES = "edge.test", ["192.0.2.10"]
    settings.MAIL_ZONE, settings.PLATFORM_DOMAIN = mail_domain.ZONE, "test"
    server.zones.clear()
    server.zones.add_zone("river-clinic.example", name_servers=("a.ns.cloudflare.com",))
    mail_domain.publish_zone(server)
    return server.zones


@pytest.fixture
def file(tmp_path, zones, db):
    """The example of the docs with a host below the platform's domain here, and its logo beside it."""
    Image.new("RGB", (400, 120), "#0f766e").save(tmp_path / "logo.png")
    return write(tmp_path, lambda wanted: None)


def write(folder, change):
    wanted = json.loads(EXAMPLE.read_text())
    wanted["organization"]["host"] = "river-clinic.test"
    change(wanted)
    path = folder / "river.json"
    path.write_text(json.dumps(wanted))
    return path


def run(file, **options):
    """The command's words and status."""
    out = io.StringIO()
    status = 0
    try:
        call_command("go_live", str(file), stdout=out, **options)
    except SystemExit as ended:
        status = int(ended.code)
    return out.getvalue(), status


def made():
    with context.public_context():
        return Organization.objects.select_related("plan").filter(slug="river-clinic").first()


def set_every_record(server, organization):
    host = next(each for each in domains.hosts_of(organization.pk) if not each.is_the_platforms)
    server.zones.text(f"_verify.{host.domain}", host.verification_token)
    server.zones.set(host.domain, "CNAME", f"{domain_records.target_host(host)}.")
    mail_domain.publish_keys(server)
    mail_domain.publish_domain(server, "river-clinic.example")


def test_from_nothing_to_everything_that_needs_no_dns_within_ten_seconds(file, django_capture_on_commit_callbacks):
    began = time.monotonic()
    with django_capture_on_commit_callbacks(execute=True):  # outside of the organization, as when the command commits
        words, status = run(file)
    took = time.monotonic() - began

    assert status == 3 and took < MOST_SECONDS, took
    assert "rita@river-clinic.example gets an invitation" in words and "waits" in words and "_verify.care" in words
    organization = made()
    with context.organization_context(organization):
        brand = Brand.objects.get()
        assert (brand.tagline, brand.languages, bool(brand.logo)) == ("Finding words, together.", ["en", "de"], True)
        assert brand.words["en"]["client"]["singular"] == "guest"
        assert sorted(Service.objects.values_list("name", "amount")) == [
            ("First assessment", 11000), ("Speech therapy, 45 minutes", 7200)
        ]  # fmt: skip
        assert sorted(StaffMember.objects.values_list("role", flat=True)) == ["owner", "practitioner", "staff"]
        assert OutboxMessage.objects.filter(name__contains="invitation").count() == 3
        assert current_sender().domain_address == "hello@river-clinic.example"
        assert not AuditEvent.objects.filter(actor_label="command line").exists()
    with context.public_context():
        assert OrganizationEvent.objects.filter(organization=organization, actor="command line").exists()


def test_again_changes_nothing_and_goes_on_when_the_dns_is_right(file, server):
    run(file)
    with context.organization_context(made()):
        before = AuditEvent.objects.count()
        words, status = run(file)
        changed = list(AuditEvent.objects.order_by("at").values_list("action", flat=True))[before:]
    assert status == 3 and set(changed) <= {"host.state_changed"}
    assert " made " not in words and " changed " not in words and "refused" not in words

    with context.organization_context(made()):
        set_every_record(server, made())
        words, status = run(file)
        assert status == 3 and "care.river-clinic.example is live" in words and "A code is on its way" in words
        code = OutboxMessage.objects.get(name="senders.send_address_code").payload["code"]
        run(file)
        assert OutboxMessage.objects.filter(name="senders.send_address_code").count() == 1
        confirm_code("hello@river-clinic.example", code, by=StaffMember.objects.first().user, now=clock.now())
        words, status = run(file)
        assert status == 0 and "Mail leaves as hello@river-clinic.example" in words
        assert "https://care.river-clinic.example" in words or "http://care.river-clinic.example" in words
        assert identity_of(current_sender()).way == Sender.Way.DOMAIN
    assert hosts.find_organization("care.river-clinic.example").pk == made().pk


def test_changed_price_keeps_the_names_in_other_languages(tmp_path, file):
    run(file)
    with context.organization_context(made()):
        Service.objects.filter(name="First assessment").update(
            other_names={"de": "Erstgespräch"}, other_descriptions={"de": "Wir lernen uns kennen."}
        )
    run(write(tmp_path, lambda wanted: wanted["services"][1].update(price="99.00")))
    with context.organization_context(made()):
        known = {each.name: each for each in Service.objects.all()}["First assessment"]
        assert known.other_names == {"de": "Erstgespräch"} and known.other_descriptions == {
            "de": "Wir lernen uns kennen."
        }


def test_refusal_after_all_is_written_waits_and_is_reported(file, monkeypatch):
    def refuse(*args, **kwargs):
        raise DomainError("too_often", "Wait a minute.")

    monkeypatch.setattr(domains, "check_domain", refuse)
    words, status = run(file)
    assert status == 3 and "Wait a minute." in words and made() is not None


def test_trial_keeps_nothing(file, settings):
    words, status = run(file, dry_run=True)
    assert status == 0 and "nothing was kept" in words and "made" in words
    assert made() is None


def test_whatever_is_refused_is_said_at_once_and_nothing_is_kept(tmp_path, file):
    def spoil(wanted):
        wanted["brand"]["heading_font"] = "Comic Sans"
        wanted["web_address"]["host"] = "north.test"
        wanted["services"][1]["name"] = wanted["services"][0]["name"] = "x"
        wanted["staff"][0]["role"] = "king"
        wanted["words"]["set"] = "circus"

    with pytest.raises(CommandError, match="Nothing was done"):
        run(write(tmp_path, spoil))
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("go_live", str(write(tmp_path, spoil)), stdout=out)
    words = out.getvalue()
    for refused in ("brand.heading_font", "words.vocabulary", "web_address.host", "staff.0.role"):
        assert f"{refused} " in words
    assert made() is None


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda wanted: wanted.pop("organization"), "organization"),
        (lambda wanted: wanted.update(colour="red"), "colour"),
        (lambda wanted: wanted["brand"].update(primary_color="red"), "brand.primary_color"),
        (lambda wanted: wanted["services"][0].update(price="-1"), "services.0.price"),
        (lambda wanted: wanted["staff"][0].update(email="tess"), "staff.0.email"),
        (lambda wanted: wanted["sender"].update(address="💈"), "sender.address"),
        (lambda wanted: wanted["organization"].update(name="x" * 121), "organization.name"),
    ],
)
def test_file_of_another_shape_is_refused_with_where(tmp_path, zones, db, change, where):
    with pytest.raises(CommandError, match="Nothing was done") as refused:
        run(write(tmp_path, change))
    assert f"\n{where}: " in str(refused.value) and made() is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        "null",
        '{"organization": []}',
        "\x00",
        "{" * 5000,
        EXAMPLE.read_text().replace("River", "R\\u0000", 1),
    ],
)
def test_text_that_is_no_such_file_is_refused(text):
    with pytest.raises(Unreadable):
        read(text)


def test_names_and_addresses_are_taken_as_forms_take_them(tmp_path):
    def paste(wanted):
        wanted["organization"] |= {"name": "River\u200b\r\nClinic", "owner_email": "rita@river-clinic.example\u200b"}
        wanted["staff"][0] |= {"name": "\u202ePia\u2028New", "email": "\ufeffpia@river-clinic.example"}
        wanted["brand"]["address"] = "Quay 1\nDublin"

    wanted = read(write(tmp_path, paste).read_text())

    assert (wanted.organization.name, wanted.organization.owner_email) == ("River Clinic", "rita@river-clinic.example")
    assert (wanted.staff[0].name, wanted.staff[0].email) == ("Pia New", "pia@river-clinic.example")
    assert wanted.brand.address == "Quay 1\nDublin"


@pytest.mark.parametrize("name", ["\u200b\u3164\u2060", "Bell\x07 Clinic", "R"])
def test_name_that_is_none_is_refused_with_where_it_stands(tmp_path, name):
    file = write(tmp_path, lambda wanted: wanted["organization"].update(name=name))

    with pytest.raises(Unreadable, match=r"organization\.name"):
        read(file.read_text())


def test_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        run(tmp_path / "none.json")


@pytest.mark.parametrize("name", ["../secret.png", "/etc/hostname", "none.png"])
def test_picture_comes_from_beside_the_file_only(tmp_path, file, name):
    (tmp_path.parent / "secret.png").write_bytes((tmp_path / "logo.png").read_bytes())
    out = io.StringIO()
    with pytest.raises(CommandError, match="Nothing was done"):
        call_command("go_live", str(write(tmp_path, lambda wanted: wanted["brand"].update(logo=name))), stdout=out)
    assert "There is no file" in out.getvalue()


def test_picture_that_is_none_is_refused_and_leaves_no_file(tmp_path, file):
    (tmp_path / "logo.png").write_bytes(b"<svg onload=alert(1)>")
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("go_live", str(file), stdout=out)
    assert "brand.logo " in out.getvalue() and "not a picture" in out.getvalue()


def test_all_pictures_come_as_files_or_as_data_and_are_known_again(tmp_path, file, django_capture_on_commit_callbacks):
    Image.new("RGB", (900, 600), "#334155").save(tmp_path / "door.jpg")
    square = base64.b64encode(
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle r="4" fill="red"/></svg>'
    )
    pictures = {"icon": f"data:image/svg+xml;base64,{square.decode()}", "sign_in_picture": "door.jpg"}
    wanted = write(tmp_path, lambda wanted: wanted["brand"].update(**pictures, sign_in_text="Come in."))
    with django_capture_on_commit_callbacks(execute=True):
        run(wanted)
    with context.organization_context(made()):
        brand = Brand.objects.get()
        names = [brand.logo.name, brand.icon.name, brand.sign_in_picture.name]
        assert all(names) and (brand.icon.name[-4:], brand.sign_in_picture.name[-5:]) == (".png", ".webp")
    with django_capture_on_commit_callbacks(execute=True):
        run(wanted)
        Image.new("RGB", (400, 120), "#000000").save(tmp_path / "logo.png")
        run(wanted)
    with context.organization_context(made()):
        brand = Brand.objects.get()
        assert [brand.icon.name, brand.sign_in_picture.name] == names[1:] and brand.logo.name != names[0]
        assert default_storage.exists(brand.logo.name)


@pytest.mark.parametrize(
    "data", ["data:", "data:image/png;base64,", "data:image/png;base64,%%%", "data:text/html;base64,PGI+"]
)
def test_data_that_is_no_picture_is_refused(tmp_path, file, data):
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("go_live", str(write(tmp_path, lambda wanted: wanted["brand"].update(icon=data))), stdout=out)
    assert "brand.icon " in out.getvalue() and "not a picture" in out.getvalue() and made() is None


def test_other_plan_is_given_and_a_smaller_one_says_what_it_has_not(tmp_path, file):
    run(file)
    out = io.StringIO()
    smaller = write(tmp_path, lambda wanted: wanted["organization"].update(plan="free"))
    with pytest.raises(CommandError):
        call_command("go_live", str(smaller), stdout=out)
    assert "sender" in out.getvalue() and "not part of your plan" in out.getvalue()
    assert made().plan_id == "enterprise"


def test_short_name_of_another_organization_is_refused(tmp_path, file):
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command(
            "go_live", str(write(tmp_path, lambda wanted: wanted["organization"].update(slug="north"))), stdout=out
        )
    assert "belongs to an organization without the host" in out.getvalue()


def test_legal_texts_are_published_once_and_again_when_they_say_something_else(file, tmp_path):
    run(file)
    with context.organization_context(made()):
        notice = LegalText.objects.get(slug="privacy")
        consent = LegalText.objects.get(kind="consent")
        assert (notice.current_number, notice.is_asked_of_clients, consent.is_per_client) == (1, True, True)
        assert {words.language for words in notice.versions.get().texts.all()} == {"en", "de"}
    again = write(
        tmp_path, lambda wanted: wanted["legal"][0]["texts"]["de"].update(body="<p>Neu.</p>", changes="Kürzer.")
    )

    words, status = run(again)

    assert "refused" not in words and "Photos of our work" in words
    with context.organization_context(made()):
        assert LegalText.objects.get(slug="privacy").current_number == 2
        assert LegalText.objects.get(kind="consent").current_number == 1
    bad = write(tmp_path, lambda wanted: wanted["legal"][0]["texts"]["en"].update(body="<h2>Empty</h2>"))
    with pytest.raises(CommandError):
        run(bad)
    with context.organization_context(made()):
        assert LegalText.objects.get(slug="privacy").current_number == 2


def test_draft_of_somebody_elses_is_never_published(file, tmp_path):
    run(file)
    with context.organization_context(made()):
        notice = LegalText.objects.get(slug="privacy")
        write_draft(
            text=notice, language="fr", title="Confidentialité", body="<p>Pas fini.</p>", by=System("Rita"), now=clock.now()
        )  # fmt: skip
    assert run(file)[1] == 3  # says nothing new of it
    out = io.StringIO()
    with pytest.raises(CommandError):
        again = write(tmp_path, lambda wanted: wanted["legal"][0]["texts"]["de"].update(body="<p>Neu.</p>"))
        call_command("go_live", str(again), stdout=out)

    assert "legal.0.texts " in out.getvalue() and "draft" in out.getvalue()
    with context.organization_context(made()):
        notice.refresh_from_db()
        assert notice.current_number == 1
        assert [
            words.language for words in notice.versions.get(number=None).texts.all() if "Pas fini" in words.body
        ] == ["fr"]


def test_hours_and_pages_are_kept_and_published(file, tmp_path):
    run(file)
    with context.organization_context(made()):
        windows = WorkingHours.objects.filter(practitioner__user__email="tess@river-clinic.example")
        assert [(each.weekday, each.starts, each.ends) for each in windows.order_by("weekday", "starts")] == [
            (0, 540, 750), (0, 810, 1020), (2, 540, 780), (4, 600, 960)
        ]  # fmt: skip
        assert ScheduleSettings.objects.get().buffer_after == 10
        front = queries.home()
        texts = {text.language: text for text in front.texts.all()}
        assert [part["type"] for part in texts["en"].parts] == ["hero", "services", "contact"]
        assert texts["de"].parts[0]["value"]["heading"] == "Gemeinsam Worte finden."
        visit = queries.live_page("/first-visit/")
        [text] = visit.texts.all()
        assert text.parts[1]["value"]["items"][0]["value"]["answer"] == "Yes, always."

    again = write(tmp_path, lambda wanted: wanted["website"][1]["texts"]["en"].update(title="The first visit"))
    words, _status = run(again)
    assert "website.1              changed" in words and "website.0              as it was" in words
    with context.organization_context(made()):
        assert queries.live_page("/first-visit/").texts.get().title == "The first visit"


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda wanted: wanted["hours"][0].update(email="nobody@x.test"), "hours.0.email "),
        (lambda wanted: wanted["hours"][0].update(monday=["17:00-09:00"]), "hours.0.day_0 "),
        (lambda wanted: wanted["hours"][0].update(monday=["9:00-25:00"]), "hours.0.monday "),
        (lambda wanted: wanted["website"][1].update(address="settings"), "website.1.slug "),
        (lambda wanted: wanted["website"][0]["texts"]["en"]["sections"][0].update(heding="x"), "website.0.texts.en.sections.0 "),
        (lambda wanted: wanted["website"][0]["texts"]["en"]["sections"][0].update(target="javascript:1"), "sections.0.target "),
        (lambda wanted: wanted["website"][0]["texts"]["en"]["sections"].append({"type": "map"}), "sections.3 "),
        (lambda wanted: wanted["website"][0]["texts"]["en"]["sections"][0].update(picture="x"), "sections.0.picture "),
        (lambda wanted: wanted["website"][1]["texts"]["en"]["sections"][1].update(items=[{"q": "x"}]), "items.0 "),
        (lambda wanted: wanted["website"][0]["texts"].update(xx={"title": "x"}), "website.0.texts "),
    ],
)  # fmt: skip
def test_hours_and_pages_that_cannot_be_are_refused_with_where(file, tmp_path, change, where):
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("go_live", str(write(tmp_path, change)), stdout=out)
    assert where in out.getvalue() and made() is None


def test_page_of_which_somebody_writes_a_draft_is_left_alone(file, tmp_path):
    run(file)
    with context.organization_context(made()):
        page_actions.change_page(
            page=queries.live_page("/first-visit/"), language="en", title="Mine", description="",
            by=StaffMember.objects.get(role="owner").user,
        )  # fmt: skip
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("go_live", str(write(tmp_path, lambda wanted: None)), stdout=out)
    assert "website.1.texts " in out.getvalue() and "draft" in out.getvalue()


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("scheduled", "A draft of it is published by itself later."),
        ("taken off", "The page was taken off the website."),
        ("changed", "Somebody has written a draft of it. Publish it, or an earlier version in its place"),
    ],
)
def test_page_that_is_not_as_it_was_written_last_is_refused_with_what_is_so(file, tmp_path, how, said):
    run(file)
    with context.organization_context(made()):
        page, by = queries.live_page("/first-visit/"), StaffMember.objects.get(role="owner").user
        if how == "taken off":
            page_actions.unpublish_page(page=page, by=by)
        else:
            page_actions.change_page(page=page, language="en", title="Mine", description="", by=by)
        if how == "scheduled":
            page_actions.schedule_page(page=page, at=clock.now() + timedelta(days=2), by=by)
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("go_live", str(write(tmp_path, lambda wanted: None)), stdout=out)
    assert said in " ".join(out.getvalue().split())


@pytest.mark.parametrize("first", [True, False])
def test_menu_is_as_the_file_says_and_stays_where_it_says_nothing(file, tmp_path, first):
    def is_shown():
        with context.organization_context(made()):
            return queries.live_page("/first-visit/").show_in_menus

    run(write(tmp_path, lambda wanted: wanted["website"][1].update(in_menu=first)))
    assert is_shown() is first
    for expected in ("changed", "as it was"):
        words, _status = run(write(tmp_path, lambda wanted: wanted["website"][1].update(in_menu=not first)))
        assert f"website.1              {expected}" in words and is_shown() is not first
    words, _status = run(write(tmp_path, lambda wanted: wanted["website"][1].pop("in_menu", None)))
    assert "website.1              as it was" in words and is_shown() is not first
