"""The contact form: sent by a visitor, kept with whose address it is, told to everybody whom it concerns; and each refusal."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from branding.actions import change_brand
from branding.queries import current_brand
from core.enquiries import actions, permissions
from core.enquiries.models import Enquiry, EnquirySettings
from core.enquiries.queries import recipients
from core.kernel import clock, outbox
from core.kernel.errors import DomainError, NotFound
from core.kernel.models import AuditEvent, OutboxMessage
from core.legal import actions as legal
from core.legal.permissions import get_text
from core.notifications.models import Notice
from core.pages.actions import change_section, publish_page, share_draft
from core.people.models import Client, StaffMember, User
from portal.enquiries.public import FROM_HERE, OF_ADDRESS_A_DAY
from tests.factories.branches import HOST, give_host, make_branch
from tests.factories.pages import fields_of
from tests.factories.scheduling import make_client
from tests.factories.web import browser_of

NASTY = "Zoë “the 1st” 李明 👩‍👧 שלום <b>&amp;"


@pytest.fixture
def later(monkeypatch):
    """Pass time between the page and its sending."""
    shift = {"by": timedelta()}
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + shift["by"])

    def go_on(seconds=10):
        shift["by"] += timedelta(seconds=seconds)

    return go_on


def form_of(site, browser, later, path="/contact/", **typed):
    """What a browser sends of the form on the page, a while after it was shown."""
    page, prefix = browser.get(path), "/de" if path.startswith("/de/") else ""
    fields = {name: values[-1] for name, values in fields_of(page, action=f"{prefix}/enquiry/").items()}
    later()
    written = {"first_name": "Zoë", "last_name": "Walsh", "email": "Zoe@Example.org", "text": "Do you have a place?"}
    return {**fields, **written, **typed}


def send(site, browser, later, **typed):
    return browser.post("/enquiry/", form_of(site, browser, later, **typed))


def deliver():
    while outbox.deliver_due():
        pass


def test_sent_at_a_branchs_host_it_is_mailed_to_whoever_answers_there(site, later, mailoutbox):
    change_brand(current_brand(), by=site.nora, reply_to="office@north.test")
    give_host(site, make_branch(site))
    browser = Browser(headers={"host": HOST})

    assert send(site, browser, later).status_code == 302
    deliver()

    forwarded, confirmed = sorted(mailoutbox, key=lambda mail: "zoe" in mail.to[0])
    assert "quay@quayside.test" in forwarded.to[0] and "zoe@example.org" in confirmed.to[0]
    assert f"http://{HOST}/" in forwarded.body


def test_visitor_writes_and_becomes_a_prospect(site, later, mailoutbox):
    change_brand(current_brand(), by=site.nora, reply_to="office@north.test")
    browser = browser_of()

    answer = send(site, browser, later, topic="A first appointment", phone="+353 85 123", text=f"{NASTY}\nSecond line")
    page = browser.get(answer["Location"])

    assert answer.status_code == 302
    assert "Your message has arrived" in page.content.decode()
    enquiry = Enquiry.objects.get()
    assert (enquiry.name, enquiry.email, enquiry.topic) == ("Zoë Walsh", "zoe@example.org", "A first appointment")
    assert enquiry.text == f"{NASTY}\nSecond line"
    assert NASTY not in enquiry.encrypted_text
    client = Client.objects.get(email="zoe@example.org")
    assert (client.status, client.name, client.phone, enquiry.client) == (
        "prospect",
        "Zoë Walsh",
        "+353 85 123",
        client,
    )
    assert not client.links.exists()
    assert AuditEvent.objects.get(action="enquiry.received").actor_label == "Zoë Walsh"
    assert not Notice.objects.filter(kind="enquiry_came").exists()  # because no visitor waits for that
    deliver()
    told = set(Notice.objects.filter(kind="enquiry_came").values_list("user_id", flat=True))
    assert site.nora.pk in told and site.tess.pk not in told
    forwarded, confirmed = sorted(mailoutbox, key=lambda mail: "zoe" in mail.to[0])
    assert "office@north.test" in forwarded.to[0]
    assert forwarded.reply_to == ["zoe@example.org"]
    assert "Second line" in forwarded.body and "A first appointment" in forwarded.subject
    assert "Second line" not in confirmed.body and "Walsh" not in confirmed.body
    assert confirmed.reply_to == ["office@north.test"]
    staff = browser_of(site.nora).get(f"/enquiries/{enquiry.pk}/").content.decode()
    assert "Mail about it" in staff and "We have received your message" in staff


def test_confirmation_is_in_the_visitors_language(site, later, mailoutbox):
    change_brand(current_brand(), by=site.nora, languages=["en", "de"])
    browser = browser_of()
    fields = form_of(site, browser, later, path="/de/contact/")

    answer = browser.post("/de/enquiry/", fields)

    assert answer["Location"].startswith("/de/enquiry/")
    deliver()
    (mail,) = [mail for mail in mailoutbox if "zoe@example.org" in mail.to[0]]
    assert "Hallo" in mail.body or "Guten Tag" in mail.body
    assert Enquiry.objects.get().language == "de"


@pytest.mark.parametrize("status", ["active", "inactive", "prospect"])
def test_what_is_known_of_a_client_does_not_change_and_nothing_tells_the_visitor(site, later, status):
    known = make_client("Zoe", email="zoe@example.org", phone="1", status=status)
    browser, stranger = browser_of(), browser_of()

    first = send(site, browser, later, phone="2")
    second = send(site, stranger, later, email="nobody@example.org")

    known.refresh_from_db()
    assert (known.name, known.phone, known.status) == ("Zoe Other", "1", status)
    assert Enquiry.objects.get(email="zoe@example.org").client == known
    pages = [browser.get(each["Location"]).content.decode().replace(each["Location"], "") for each in (first, second)]
    assert len({re.sub(r'FToken": "\w+"', "", page) for page in pages}) == 1


def test_address_of_several_clients_belongs_to_none_alone(site, later, visit):
    one, two = (make_client(name, login=site.gus) for name in ("Ann", "Bob"))
    count = Client.objects.count()

    send(site, browser_of(), later, email=site.gus.email)

    enquiry = Enquiry.objects.get()
    assert enquiry.client is None
    assert Client.objects.count() == count
    page = visit(site.nora).get(f"/enquiries/{enquiry.pk}/").content.decode()
    assert one.name in page and two.name in page


def test_second_message_of_the_same_person_makes_no_second_prospect(site, later):
    for text in ("First.", "Second."):
        send(site, browser_of(), later, text=text)

    assert Enquiry.objects.count() == 2
    assert Client.objects.filter(email="zoe@example.org").count() == 1


def test_form_sent_twice_and_from_two_tabs_is_one_enquiry(site, later):
    browser = browser_of()
    first, second = (form_of(site, browser, later) for _ in range(2))

    answers = [browser.post("/enquiry/", fields) for fields in (first, first, second)]

    assert Enquiry.objects.count() == 1
    assert len({answer["Location"] for answer in answers}) == 1


def test_form_gone_back_to_and_changed_asks_before_it_sends_another(site, later):
    browser = browser_of()
    fields = form_of(site, browser, later)
    browser.post("/enquiry/", fields)

    again = browser.post("/enquiry/", {**fields, "text": "Something else"})

    assert again.status_code == 422
    assert "was sent before" in again.content.decode()
    later()
    shown = {name: values[-1] for name, values in fields_of(again, action="/enquiry/").items()}
    assert browser.post("/enquiry/", shown).status_code == 302
    assert Enquiry.objects.count() == 2


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"email": "no address"}, "valid email"),
        ({"first_name": "\u200b\u2800"}, "required"),
        ({"first_name": "Buy at www.pills.example"}, "without an address"),
        ({"first_name": "pills.example"}, "without an address"),
        ({"first_name": "x" * 81}, "at most 80"),
        ({"text": "  \n "}, "required"),
        ({"text": "x" * 4001}, "at most 4000"),
        ({"text": "\x07"}, "cannot be seen"),
        ({"topic": "Not one of them"}, "Choose from the list"),
        ({"website": "https://spam.example"}, "people do not see"),
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_typed_is_lost(site, later, typed, said):
    answer = send(site, browser_of(), later, **{"phone": "0815", **typed})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "0815" in page
    assert (Enquiry.objects.count(), OutboxMessage.objects.filter(name__startswith="enquiries.").count()) == (0, 0)


def test_what_is_sent_at_once_or_without_the_page_is_no_persons(site, later):
    browser = browser_of()
    fields = form_of(site, browser, lambda: None)

    for sent in (fields, {**fields, "form_key": ""}, {**fields, "form_key": "zz"}):
        assert browser.post("/enquiry/", sent).status_code == 422
    later()
    assert browser.post("/enquiry/", fields).status_code == 302


def test_too_many_from_one_network_and_to_one_address(site, later):
    for number in range(FROM_HERE.most):
        assert send(site, browser_of(), later, email=f"zoe{number}@example.org").status_code == 302
    refused = send(site, browser_of(), later, email="more@example.org", text="What I wrote")
    assert refused.status_code == 429
    assert "What I wrote" in refused.content.decode()
    assert int(refused["Retry-After"]) > 0
    for number in range(OF_ADDRESS_A_DAY.most):
        other = browser_of(REMOTE_ADDR=f"198.51.100.{number}")
        assert send(site, other, later, email="one@example.org", text=f"{number}").status_code == 302
    other = browser_of(REMOTE_ADDR="198.51.100.99")
    assert send(site, other, later, email="ONE@example.org").status_code == 429


def test_topic_that_was_taken_away_meanwhile_is_asked_anew(site, later):
    browser = browser_of()
    fields = form_of(site, browser, later, topic="Something else")
    value = {"heading": "", "text": "", "hours": "", "form": True, "topics": "Only this"}
    change_section(page=site.page, language="en", section=site.section, value=value, by=site.nora)
    site.page.refresh_from_db()
    publish_page(page=site.page, by=site.nora)

    answer = browser.post("/enquiry/", fields)

    assert answer.status_code == 422
    assert "Do you have a place?" in answer.content.decode() and "Only this" in answer.content.decode()


def test_form_that_is_gone_takes_nothing_and_gives_back_what_was_typed(site, later):
    browser = browser_of()
    fields = form_of(site, browser, later)
    value = {"heading": "", "text": "", "hours": "", "form": False, "topics": ""}
    change_section(page=site.page, language="en", section=site.section, value=value, by=site.nora)
    site.page.refresh_from_db()
    publish_page(page=site.page, by=site.nora)

    answer = browser.post("/enquiry/", fields)

    assert answer.status_code == 422
    assert "not taken here any more" in answer.content.decode()
    assert "Do you have a place?" in answer.content.decode()
    assert browser.get("/enquiry/").status_code == 404


def test_address_of_the_form_leads_to_the_page_where_it_stands(site):
    assert browser_of().get("/enquiry/")["Location"] == "/contact/#contact"


def test_form_is_linked_to_the_privacy_notice_and_its_version_is_kept(site, later):
    text = get_text(site.nora, "privacy")
    legal.write_draft(text=text, language="en", title="How we keep data", body="So.", by=site.nora, now=clock.now())
    legal.publish_text(text=get_text(site.nora, "privacy"), must_accept=False, by=site.nora, now=clock.now())
    browser = browser_of()

    assert 'href="/legal/privacy/">How we keep data' in browser.get("/contact/").content.decode()
    send(site, browser, later)
    assert Enquiry.objects.get().privacy_version == "privacy/1"


def test_draft_that_is_shown_by_a_link_cannot_be_sent(site):
    link = share_draft(page=site.page, by=site.nora, now=clock.now())
    page = browser_of().get(f"/website/drafts/{link.key}/").content.decode()

    assert "Your message" in page
    assert 'action="/enquiry/"' not in page


def test_enquiry_that_is_deleted_meanwhile_is_not_mailed(site, later, mailoutbox):
    send(site, browser_of(), later)
    actions.delete_enquiry(enquiry=Enquiry.objects.get(), by=site.nora)
    deliver()

    assert mailoutbox == []


def test_what_was_deleted_meanwhile_is_not_found(site, later, visit, monkeypatch):
    send(site, browser_of(), later)
    enquiry = Enquiry.objects.get()
    Enquiry.objects.all().delete()
    for act in (
        lambda: actions.change_enquiry_state(enquiry=enquiry, state="answered", by=site.nora, now=clock.now()),
        lambda: actions.delete_enquiry(enquiry=enquiry, by=site.nora),
    ):
        with pytest.raises(NotFound):
            act()
    monkeypatch.setattr(permissions, "get_enquiry", lambda *_, **__: enquiry)  # it was there when the door looked
    for path, sent in (("state", {"state": "answered"}), ("deletion", {})):
        assert visit(site.nora).post(f"/enquiries/{enquiry.pk}/{path}/", sent).status_code == 404


def test_every_promise_says_what_it_is_about_and_where_that_stands(site, later):
    send(site, browser_of(), later)
    enquiry, promises = Enquiry.objects.get(), OutboxMessage.objects.filter(name__startswith="enquiries.")
    assert promises.count() == 3
    for promise in promises:
        assert (promise.about_id, promise.about_kind) == (str(enquiry.pk), "enquiries.enquiry")
        kind = outbox.kind_of(promise.name)
        assert kind.page(promise) == f"/enquiries/{enquiry.pk}/"
        assert site.nora.pk in kind.answerable(promise)


def test_how_many_work_here_changes_not_what_a_visitor_waits_for(site, later):
    counts = []
    for number in range(3):
        with CaptureQueriesContext(connection) as asked:
            assert (
                send(
                    site, browser_of(REMOTE_ADDR=f"198.51.100.{number}"), later, email=f"z{number}@example.org"
                ).status_code
                == 302
            )
        counts.append(len(asked))
        for more in range(5):
            user = User.objects.create_user(email=f"a{number}{more}@north.test", name=f"A{more}", time_zone="UTC")
            StaffMember.objects.create(user=user, role="administrator")
    assert counts[1] == counts[2]


def test_a_name_that_reads_like_a_host_is_no_link_in_the_mail(site, later, mailoutbox):
    send(site, browser_of(), later, first_name="Pills.Shop")
    deliver()
    (mail,) = [mail for mail in mailoutbox if "zoe@example.org" in mail.to[0]]
    assert "Pills.Shop" not in mail.body + str(mail.to) + str(mail.alternatives)


def test_nobody_who_has_left_is_mailed_what_visitors_write(site):
    actions.change_enquiry_settings(recipients=[site.tess.email], keep_months=6, by=site.nora)
    assert recipients() == [site.tess.email]
    StaffMember.objects.filter(user=site.tess).update(status="inactive")

    assert recipients() == [site.nora.email]
    with pytest.raises(DomainError) as refused:
        actions.change_enquiry_settings(recipients=[site.tess.email], keep_months=6, by=site.nora)
    assert (refused.value.code, refused.value.field) == ("not_staff", "recipients")


def test_what_was_dealt_with_is_deleted_after_its_time_and_what_is_new_stays(site, later):
    for name in ("Ann", "Bob"):
        send(site, browser_of(), later, first_name=name, email=f"{name}@example.org")
    ann, bob = (Enquiry.objects.get(first_name=name) for name in ("Ann", "Bob"))
    actions.change_enquiry_state(enquiry=ann, state="answered", by=site.nora, now=clock.now())

    actions.forget_old_enquiries(now=clock.now() + timedelta(days=364))
    assert Enquiry.objects.count() == 2
    actions.forget_old_enquiries(now=clock.now() + timedelta(days=367))

    assert list(Enquiry.objects.all()) == [bob]
    assert AuditEvent.objects.filter(action="enquiry.deleted", actor_kind="system").count() == 1


def test_enquiry_goes_with_the_client_whose_it_is(site, later, visit):
    send(site, browser_of(), later)
    client = Client.objects.get(email="zoe@example.org")

    visit(site.nora).post(f"/people/clients/{client.pk}/deletion/")

    assert not Client.objects.filter(pk=client.pk).exists()
    assert Enquiry.objects.count() == 0


@pytest.mark.parametrize(
    ("who", "state", "deletion", "list_status"),
    [("nora", 302, 302, 200), ("tess", 403, 403, 403), ("gus", 403, 403, 403)],
)
def test_who_reads_and_deals_with_enquiries(site, later, visit, who, state, deletion, list_status):
    send(site, browser_of(), later)
    enquiry, browser = Enquiry.objects.get(), visit(getattr(site, who))

    assert browser.get("/enquiries/").status_code == list_status
    assert browser.get(f"/enquiries/{enquiry.pk}/").status_code == list_status
    assert browser.post(f"/enquiries/{enquiry.pk}/state/", {"state": "answered"}).status_code == state
    assert browser.post(f"/enquiries/{enquiry.pk}/deletion/").status_code == deletion


def test_enquiry_is_answered_put_away_and_taken_up_again(site, later, visit):
    send(site, browser_of(), later, first_name=NASTY[:80])
    enquiry, browser = Enquiry.objects.get(), visit(site.nora)
    path = f"/enquiries/{enquiry.pk}/"
    assert "mailto:zoe@example.org" in browser.get(path).content.decode()
    assert AuditEvent.objects.filter(action="enquiry.read", actor_id=str(site.nora.pk)).count() == 1

    for state in ("answered", "answered", "archived", "new"):
        browser.post(f"{path}state/", {"state": state})
        enquiry.refresh_from_db()
        assert enquiry.state == state
        assert enquiry.handled_by == ("" if state == "new" else str(site.nora))
        listed = browser.get(f"/enquiries/?state={state}&q=zoe").content.decode()
        assert path in listed
    assert browser.post(f"{path}state/", {"state": "lost"}, follow=True).status_code == 200
    enquiry.refresh_from_db()
    assert enquiry.state == "new"
    codes = AuditEvent.objects.filter(subject_id=str(enquiry.pk)).values_list("action", flat=True)
    assert sorted(codes) == sorted([
        "enquiry.received", "enquiry.read", "enquiry.answered", "enquiry.archived", "enquiry.reopened", "enquiry.read",
    ])  # fmt: skip


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_same_for_one_and_for_three(site, later, visit, count, django_assert_max_num_queries):
    for number in range(count):
        send(site, browser_of(REMOTE_ADDR=f"198.51.100.{number}"), later, email=f"z{number}@example.org")
    browser = visit(site.nora)
    browser.get("/enquiries/")

    with django_assert_max_num_queries(11):
        page = browser.get("/enquiries/").content.decode()
    assert page.count('href="/enquiries/') >= count


def test_enquiry_stands_on_the_page_of_its_client_for_those_who_read_it(site, later, visit):
    client = make_client("Zoe", practitioner=site.tess.staff, email="zoe@example.org")
    send(site, browser_of(), later, topic="Something else")
    path = f"/people/clients/{client.pk}/panels/"

    assert "Something else" in visit(site.nora).get(path).content.decode()
    assert "Something else" not in visit(site.tess).get(path).content.decode()


def test_settings_say_where_the_form_stands_and_take_addresses_one_a_line(site, visit):
    browser = visit(site.nora)
    page = browser.get("/settings/enquiries/")
    assert "Contact" in page.content.decode()
    fields = {name: values[-1] for name, values in fields_of(page).items()}

    bad = browser.post("/settings/enquiries/", {**fields, "recipients": "a@north.test\nnot one"})
    assert bad.status_code == 422 and "not one" in bad.content.decode()
    done = browser.post("/settings/enquiries/", {**fields, "recipients": "A@north.test\n\nb@north.test, a@north.test"})

    assert done.status_code == 302
    assert EnquirySettings.objects.get().recipients == ["a@north.test", "b@north.test"]
    assert recipients() == ["a@north.test", "b@north.test"]
    with pytest.raises(PermissionDenied):
        actions.change_enquiry_settings(recipients=[], keep_months=3, by=site.tess)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"text": "x" * 5000}, "text_too_long"), ({"text": " "}, "text_missing"), ({"first_name": "x" * 90}, "name_too_long"),
        ({"email": "zoe@"}, "address_impossible"), ({"first_name": "\u200b"}, "name_missing"), ({"text": "\x07"}, "control_characters"),
        ({"last_name": "http://pills.example"}, "name_is_address"),
    ],
)  # fmt: skip
def test_action_checks_what_no_form_has_checked(site, typed, code):
    written = actions.Written(**{"first_name": "Zoë", "email": "zoe@example.org", "text": "Hello", **typed})
    how = {"language": "en", "time_zone": "UTC", "privacy_version": "", "now": clock.now(), "path_of": str}
    count = Client.objects.count()

    with pytest.raises(DomainError) as refused:
        actions.receive_enquiry(written=written, **how)

    assert refused.value.code == code
    assert (Client.objects.count(), Enquiry.objects.count()) == (count, 0)
