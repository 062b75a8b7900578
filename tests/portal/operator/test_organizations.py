"""All organizations on the console: lists, acts, provisioning, history."""

from datetime import timedelta

import pytest
from django.core import mail

from core.kernel import clock, outbox
from core.people import outbox_names
from tenants import context, domain_records, domains, failed_tasks, nightly_jobs, outbox_delivery
from tenants.models import Domain, FailedTask, Organization, OrganizationEvent, WorkerHeartbeat
from tenants.operators import queries
from tenants.operators.actions import usage
from tenants.outbox_worker import Worker
from tenants.tasks import run_nightly_jobs
from tests.database import organization as find
from tests.factories.dns_server import dns_server
from tests.factories.pages import fields_of

FORM = {
    "name": "River Clinic",
    "host": "river.test",
    "plan": "practice",
    "owner_name": "Rita River",
    "owner_email": "rita@river.test",
    "blueprint": "clinic",
    "time_zone": "Europe/Berlin",
    "currency": "EUR",
    "country": "DE",
    "language": "en",
}


def make_organizations(number):
    with context.public_context():
        for index in range(number):
            made = Organization.objects.create(
                schema_name=f"t_sample{index:04}",
                name=f"Sample {index}",
                slug=f"sample-{index}",
                plan_id="free",
                owner_email="o@sample.test",
                state="active",
                created_at=clock.now(),
            )
            Domain.objects.create(tenant=made, domain=f"s{index}.test", is_primary=True, verified_at=clock.now())


@pytest.mark.parametrize("extra", [1, 3, 40])
def test_list_asks_the_same_questions_however_long(console, django_assert_num_queries, extra):
    make_organizations(extra)
    console.get("/organizations/")

    with django_assert_num_queries(6):
        answer = console.get("/organizations/")

    assert "sample-0" not in answer.content.decode()
    assert "s0.test" in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "found", "hidden"),
    [
        ("text=north", "North Practice", "South Practice"),
        ("text=SOUTH.te", "South Practice", "North Practice"),
        ("state=active&plan=enterprise", "North Practice", None),
        ("state=suspended", "No organization found", "North Practice"),
        ("text=%27%22%3Cscript%3E", "No organization found", "<script>"),
    ],
)
def test_list_is_searched_and_filtered(console, query, found, hidden):
    shown = console.get(f"/organizations/?{query}").content.decode()

    assert found in shown
    assert hidden is None or hidden not in shown.split("</nav>", 1)[1].replace("<script src", "")


def test_usage_is_numbers_only(console, cast):
    measured = usage.measure(find("north"), now=clock.now())

    assert (measured.people, measured.staff, measured.clients) == (6, 3, 1)
    shown = console.get(f"/organizations/{measured.organization_id}/").content.decode()
    for person in ("Nora", "Tess", "Cleo", "Marten", "Gus"):
        assert person not in shown


def test_organization_page_shows_plan_hosts_and_history(console, south, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        shown = console.get(f"/organizations/{south.pk}/").content.decode()

    for word in ("South Practice", "south.test", "Enterprise", "White label", south.schema_name):
        assert word in shown


def test_suspend_and_resume_with_reason(console, south):
    address = f"/organizations/{south.pk}/suspension/"
    assert "Its people see a neutral page" in console.get(address).content.decode()
    assert console.post(address, {"reason": " "}).status_code == 422

    answer = console.post(address, {"reason": "Invoice unpaid"}, follow=True)

    assert "Suspended. Its people" in answer.content.decode()
    assert "Invoice unpaid" in answer.content.decode()
    assert find("south").state == "suspended"
    again = console.post(address, {"reason": "again"})
    assert again.status_code == 422 and "cannot be suspended" in again.content.decode()
    with context.public_context():
        assert OrganizationEvent.objects.filter(action="organization.suspended", actor="opal@vendor.test").count() == 1

    console.post(f"/organizations/{south.pk}/resumption/", {"reason": "Paid"})
    assert find("south").is_open


def test_closing_takes_two_steps(console, south):
    assert console.post(f"/organizations/{south.pk}/closure/", {"reason": "left"}).status_code == 422
    for act, state in (("closing", "closing"), ("closure", "closed")):
        console.post(f"/organizations/{south.pk}/{act}/", {"reason": "left"})
        assert find("south").state == state


def test_entitlement_is_decided_beside_the_plan_and_left_to_it_again(console, south):
    address = f"/organizations/{south.pk}/entitlement/"
    console.post(f"/organizations/{south.pk}/plan/", {"plan": "free"})
    facts = {"code": "billing", "choice": "on", "reason": "A trial 💈", "until": "2999-12-31"}
    page = console.post(address, facts, follow=True).content.decode()
    assert "It applies at once" in page and "until 1 January 3000" in page and "A trial 💈" in page
    assert "Entitlement changed" in page

    page = console.post(address, facts | {"choice": "plan"}, follow=True).content.decode()
    assert "A trial" in page and "until 1 January 3000" not in page  # in the history only


@pytest.mark.parametrize(
    "changes",
    [{"code": "hide_vendor"}, {"reason": " "}, {"until": "2020-01-01"}, {"choice": "maybe"}, {"limit": "-1"}],
)
def test_decision_that_makes_no_sense_is_refused(console, south, changes):
    facts = {"code": "staff", "choice": "on", "reason": "x", "limit": "3"} | changes
    assert console.post(f"/organizations/{south.pk}/entitlement/", facts).status_code == 422


def test_plan_is_changed(console, south):
    answer = console.post(f"/organizations/{south.pk}/plan/", {"plan": "free"}, follow=True)

    assert "enterprise → free" in answer.content.decode()
    assert console.post(f"/organizations/{south.pk}/plan/", {"plan": "free"}).status_code == 422
    assert console.post(f"/organizations/{south.pk}/plan/", {"plan": "gold"}).status_code == 422


def test_host_is_added_proved_made_primary_and_removed(console, south, settings):
    base = f"/organizations/{south.pk}/hosts/"
    assert "in use already" in console.post(f"{base}new/", {"host": "NORTH.test"}).content.decode()
    assert "has a port" in console.post(f"{base}new/", {"host": "x.test:80"}).content.decode()
    settings.EDGE_DOMAIN, settings.EDGE_ADDRESSES = "edge.test", ["192.0.2.10"]
    with dns_server() as server:
        server.zones.add_zone("praxis-süd.example".encode("idna").decode())
        console.post(f"{base}new/", {"host": "Praxis-Süd.example"})
        with context.public_context():
            added = Domain.objects.select_related("tenant").get(tenant=south, is_primary=False)
        shown = console.get(f"/organizations/{south.pk}/").content.decode()
        assert "praxis-süd.example" in shown and domain_records.target_host(added) in shown

        server.zones.text(f"_verify.{added.domain}", "something else")
        assert console.post(f"{base}{added.pk}/verification/").status_code == 422
        assert console.post(f"{base}{added.pk}/primacy/").status_code == 422
        server.zones.text(f"_verify.{added.domain}", added.verification_token)
        server.zones.set(added.domain, "A", "192.0.2.10")
        assert console.post(f"{base}{added.pk}/verification/").status_code == 302
    assert console.post(f"{base}{added.pk}/primacy/").status_code == 302
    assert console.post(f"{base}{added.pk}/removal/").status_code == 422

    with context.public_context():
        old = Domain.objects.get(domain="south.test")
    assert console.post(f"{base}{old.pk}/removal/").status_code == 302
    assert console.get("/", headers={"host": "south.test"}).status_code == 404


def test_host_is_blocked_with_a_reason_and_unblocked(console, south):
    console.post(f"/organizations/{south.pk}/hosts/new/", {"host": "second.test"})
    with context.public_context():
        added = Domain.objects.get(tenant=south, is_primary=False)
    base = f"/organizations/{south.pk}/hosts/{added.pk}/"
    assert console.post(f"{base}unblock/").status_code == 422
    assert console.post(f"{base}block/", {"reason": " "}).status_code == 422
    assert console.post(f"{base}block/", {"reason": "phishing"}).status_code == 302
    assert "phishing" in console.get(f"/organizations/{south.pk}/").content.decode()
    assert console.post(f"{base}unblock/").status_code == 302


def test_domain_of_another_organization_is_not_found(console, north, south):
    with context.public_context():
        foreign = Domain.objects.get(tenant=north)

    assert console.post(f"/organizations/{south.pk}/hosts/{foreign.pk}/removal/").status_code == 404
    assert console.get("/organizations/00000000-0000-7000-8000-000000000000/").status_code == 404


def test_provisioned_organization_is_live_and_its_owner_invited(console, client):
    answer = console.post("/organizations/new/", FORM)
    assert answer.status_code == 302, answer.content.decode()
    assert "hx-trigger" in console.get(answer["Location"]).content.decode()  # the invitation is not sent yet

    outbox_delivery.deliver_all()
    shown = console.get(answer["Location"]).content.decode()

    assert "hx-trigger" not in shown  # nothing left to wait for
    assert "http://river.test/" in shown
    assert client.get("/", headers={"host": "river.test"}).status_code == 200
    assert [message.to for message in mail.outbox] == [["Rita River <rita@river.test>"]]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"host": "north.test"}, "belongs to another organization"),
        ({"host": "river"}, "not a full host name"),
        ({"owner_email": "rita"}, "valid email"),
        ({"plan": "gold"}, "Choose from the list"),
        ({"blueprint": "castle"}, "Choose from the list"),
        ({"time_zone": "Mars/Base"}, "Choose from the list"),
        ({"name": ""}, "required"),
        ({"name": "North"}, "is taken"),
    ],
)
def test_wrong_input_is_shown_beside_its_field(console, changes, sentence):
    answer = console.post("/organizations/new/", {**FORM, **changes})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    with context.public_context():
        assert Organization.objects.count() == 2


def test_history_and_workers(console, south):
    console.post(f"/organizations/{south.pk}/suspension/", {"reason": "Invoice unpaid"})

    assert "South Practice" in console.get("/history/").content.decode()
    assert "South Practice" not in console.get("/history/?about=operators").content.decode()
    assert "No worker is at work" in console.get("/workers/").content.decode()
    with context.public_context():
        assert queries.counts_by_state()["suspended"] == 1


@pytest.fixture
def broken_invitation(south, monkeypatch):
    """South has promised a mail that cannot be written."""

    def broken(message):
        raise RuntimeError("Rita River <rita@river.test>")

    monkeypatch.setitem(outbox._handlers, outbox_names.SEND_INVITATION, broken)
    with context.organization_context(south):
        return outbox.enqueue(outbox_names.SEND_INVITATION, invitation_id=str(south.pk))


def test_failing_promises_are_counted_without_content_and_tried_again(console, south, broken_invitation, monkeypatch):
    Worker("one")._beat()
    outbox_delivery.deliver_all()

    workers = console.get("/workers/").content.decode()
    page = console.get(f"/organizations/{south.pk}/").content.decode()
    for shown in (workers, page):
        assert "South Practice" in shown and "Mail: invitation" in shown and "RuntimeError" in shown
        assert "Rita" not in shown and "river.test" not in shown
    assert "not every promise is kept: in one organization, 1 failed" in workers and "At work" in workers

    kept = []
    monkeypatch.setitem(outbox._handlers, outbox_names.SEND_INVITATION, kept.append)
    assert "looks at first" in console.get(f"/organizations/{south.pk}/failed-promises/").content.decode()
    console.post(f"/organizations/{south.pk}/failed-promises/")
    outbox_delivery.deliver_all()

    assert [message.pk for message in kept] == [broken_invitation.pk]
    assert "Everything that is due is delivered" in console.get("/workers/").content.decode()
    assert "Failed promises tried again" in console.get("/history/").content.decode()
    assert "Promises that fail" not in console.get(f"/organizations/{south.pk}/").content.decode()


def test_failing_background_work_is_shown_without_content_and_run_again(console, south, monkeypatch):
    job = "sessions_live.recordings.actions.retention.delete_expired"
    failed_tasks.note(nightly_jobs.TASK, ValueError("Rita River"), schema=south.schema_name, job=job)
    page = console.get("/workers/")
    shown = page.content.decode()
    assert "One task or nightly job fails" in shown and "South Practice" in shown and "Rita" not in shown
    assert "delete expired (sessions_live.recordings.actions.retention)" in shown.replace("<wbr>", "")
    assert "<code>ValueError</code>" in shown

    published = []
    monkeypatch.setattr(run_nightly_jobs, "apply_async", lambda **options: published.append(options["headers"]))
    with context.public_context():
        button = f"/workers/failed/{FailedTask.objects.get().pk}/"
    form = fields_of(page, button)
    answers = [console.post(button, form, follow=True) for _ in range(2)]

    assert published == [{"organization": south.schema_name}]
    assert "It is run again now." in answers[0].content.decode()
    assert "Background work run again" in console.get("/history/").content.decode()
    failed_tasks.forget(nightly_jobs.TASK, schema=south.schema_name, job=job)
    assert "nightly job fails" not in console.get("/workers/").content.decode()


def test_worker_that_does_not_get_on_is_not_called_well(console, south, moved_clock):
    with context.organization_context(south):
        outbox.enqueue(outbox_names.SEND_INVITATION, invitation_id=str(south.pk))
    moved_clock(timedelta(minutes=5))
    with context.public_context():
        WorkerHeartbeat.objects.create(name="stuck", at=clock.now(), delivered=0)

    assert "the oldest promise has waited for 5 minutes" in console.get("/workers/").content.decode()


def test_gallery_has_a_brand_of_its_own(console):
    page = console.get("/design/?sample=public").content.decode()
    sheet = console.get("/brand.css")

    assert 'href="/brand.css' in page
    assert sheet.headers["Content-Type"].startswith("text/css") and "--brand-action" in sheet.content.decode()


def test_operator_vouches_only_for_hosts_below_the_platforms_domain(console, south, settings):
    foreign = domains.add_domain(south.pk, host="clinic.example.org", by="x", now=clock.now())
    ours = domains.add_domain(south.pk, host="clinic.test", by="x", now=clock.now())
    tricky = domains.add_domain(south.pk, host="evil-test.org", by="x", now=clock.now())
    page = console.get(f"/organizations/{south.pk}/").content.decode()
    for domain in (foreign, tricky):
        path = f"/organizations/{south.pk}/hosts/{domain.pk}/vouching/"
        assert path not in page and path.replace("vouching", "verification") in page
        answer = console.post(path, {"reason": "They told me so."})
        assert answer.status_code == 422 and "not the platform&#x27;s to give" in answer.content.decode()
        with context.public_context():
            assert Domain.objects.get(pk=domain.pk).verified_at is None
    path = f"/organizations/{south.pk}/hosts/{ours.pk}/vouching/"
    assert path in page
    assert console.post(path, {"reason": "We hand it out."}).status_code == 302


@pytest.mark.parametrize("host", ["clinic.example.org", "test.example", "rivertest", "river.test.evil.example"])
def test_new_organization_begins_with_a_host_of_the_platforms(console, host):
    answer = console.post("/organizations/new/", {**FORM, "host": host})

    assert answer.status_code == 422
    assert "below test" in answer.content.decode() or "not a full host name" in answer.content.decode()
    with context.public_context():
        assert not Organization.objects.filter(name=FORM["name"]).exists()


@pytest.mark.parametrize("host", ["r\u0456ver.test", "xn--rver-l9d.test"])
def test_host_that_looks_like_another_wants_a_word(console, south, host):
    for path, form in (
        ("/organizations/new/", {**FORM, "host": host}),
        (f"/organizations/{south.pk}/hosts/new/", {"host": host}),
    ):
        assert "is_meant" not in console.get(path).content.decode()
        asked = console.post(path, form)
        assert asked.status_code == 422
        text = asked.content.decode()
        assert 'name="is_meant"' in text and "cyrillic small letter" in text
    assert console.post(path, {**form, "is_meant": "on"}).status_code == 302
    page = console.get(f"/organizations/{south.pk}/").content.decode()
    assert "Looks like another host" in page and "cyrillic small letter" in page and "xn--" in page
