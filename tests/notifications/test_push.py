"""Push: what reaches a device, which devices there are, and when they take no more."""

import json
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from py_vapid import Vapid02

from branding.actions import change_brand
from branding.queries import current_brand
from core.kernel import clock, encryption, outbox
from core.kernel.errors import ConflictError, DomainError
from core.kernel.models import AuditEvent, OutboxMessage
from core.notifications import push_keys, web_push
from core.notifications.messages import Topic
from core.notifications.models import Delivery, Notice, NotificationSettings, PushSubscription
from core.people import actions
from core.people.models import LinkedLogin
from core.scheduling.actions import cancel_appointment, move_appointment, set_reminders
from portal.account.devices import forget_ended_push
from tenants.context import organization_context
from tests.database import organization
from tests.factories.push_service import add_device, push_service
from tests.factories.scheduling import book
from tests.factories.web import browser_of, sign_in

PAGE = "/profile/notifications/"
VENDOR = "colon" + "nade"


@pytest.fixture
def service(settings):
    with push_service() as service:
        settings.PUSH_SERVICES = [service.origin]
        yield service


def deliver():
    while outbox.deliver_due():
        pass


def booked(cast):
    return book(cast, at=clock.now() + timedelta(days=3), service_name="Trauma therapy")


def test_device_alone_reads_what_was_sent_and_by_whom(cast, service):
    change_brand(current_brand(), by=cast.nora, reply_to="desk@north.test")
    device = service.device()
    add_device(cast.gus, device)

    booked(cast)
    deliver()

    (one,) = service.arrived
    text = device.read(one.body)
    notice = Notice.objects.get(user_id=cast.gus.pk, kind="appointment_booked")
    assert text["title"] == "North Practice" and text["body"] == "There is news in your calendar."
    assert text["url"] == f"/notifications/{notice.pk}/" and text["icon"].startswith("/brand/icon/192")
    signed = one.headers["authorization"]
    assert Vapid02.verify(signed) and f"k={push_keys.public_key()}" in signed
    claims = json.loads(web_push._bytes(signed.partition("t=")[2].split(".")[1]))
    assert claims["sub"] == "mailto:desk@north.test" and claims["aud"] == service.origin
    assert 86390 <= int(one.headers["ttl"]) <= 86400 and one.headers["content-encoding"] == "aes128gcm"
    log = Delivery.objects.get(channel="push")
    assert (log.state, log.address) == ("sent", "Firefox · Linux")


def test_nothing_clinical_and_no_vendor_in_it_unless_the_organization_wants_the_subject(cast, service):
    device = service.device()
    add_device(cast.gus, device)
    booked(cast)
    deliver()
    actions.set_channels(has_push=True, push_text="subject", usual={}, by=cast.nora, now=clock.now())
    book(cast, at=clock.now() + timedelta(days=4), service_name="Trauma therapy")
    deliver()

    neutral, subject = (device.read(each.body) for each in service.arrived)
    for word in ("Trauma", "Cleo", "Tess", VENDOR):
        assert word.lower() not in json.dumps(neutral).lower()
    assert subject["body"] == Notice.objects.filter(user_id=cast.gus.pk).latest("created_at").title
    sent = " ".join(str(each.headers) for each in service.arrived).lower()
    assert VENDOR not in sent and "python" not in sent


def test_each_device_gets_it_once_and_only_the_persons_own(cast, service):
    one, two, other = service.device("one"), service.device("two"), service.device("other")
    add_device(cast.gus, one)
    add_device(cast.gus, two)
    add_device(cast.nora, other)

    booked(cast)
    deliver()
    deliver()

    assert sorted(each.path for each in service.arrived) == ["/one", "/two"]


def test_what_was_read_meanwhile_or_muted_is_not_sent(cast, service):
    add_device(cast.gus, service.device())
    booked(cast)
    Notice.objects.filter(user_id=cast.gus.pk).update(read_at=clock.now())
    deliver()
    book(cast, at=clock.now() + timedelta(days=4))
    actions.choose_channels(chosen={Topic.APPOINTMENTS: frozenset({"email"})}, by=cast.gus, now=clock.now())
    deliver()

    assert service.arrived == []
    assert OutboxMessage.objects.filter(name="notifications.push", state="void").count() == 2


@pytest.mark.parametrize("status", [404, 410])
def test_ended_subscription_is_forgotten(cast, service, status):
    add_device(cast.gus, service.device())
    service.answers["/one"] = status

    booked(cast)
    deliver()

    assert not PushSubscription.objects.exists() and not Delivery.objects.filter(channel="push").exists()


@pytest.mark.parametrize("status", [400, 401, 403, 413])
def test_device_stays_where_something_else_is_wrong(cast, service, status):
    add_device(cast.gus, service.device())
    service.answers["/one"] = status

    booked(cast)
    deliver()

    assert PushSubscription.objects.count() == 1 and Delivery.objects.get(channel="push").state == "failed"


def test_device_stays_while_its_service_is_not_spoken_to(cast, service, settings):
    add_device(cast.gus, service.device())
    settings.PUSH_SERVICES = []

    booked(cast)
    deliver()

    assert PushSubscription.objects.count() == 1 and service.arrived == []


def test_service_that_leads_elsewhere_is_not_followed(cast, service):
    add_device(cast.gus, service.device())
    service.answers["/one"] = 307

    booked(cast)
    deliver()

    assert len(service.arrived) == 1 and Delivery.objects.get(channel="push").state == "failed"


def test_service_that_is_away_is_tried_again_and_given_up_without_a_word(cast, service):
    add_device(cast.gus, service.device())
    service.answers["/one"] = 503
    booked(cast)
    for _ in range(3):
        deliver()
        OutboxMessage.objects.filter(name="notifications.push", state="waiting").update(due_at=clock.now())

    assert len(service.arrived) == 3
    assert OutboxMessage.objects.get(name="notifications.push").state == "void"
    assert not Notice.objects.filter(kind="promise_failed").exists()
    assert PushSubscription.objects.exists()


def test_push_waits_for_the_end_of_quiet_hours_unless_it_is_about_now(cast, service):
    local = clock.now().astimezone(ZoneInfo(cast.gus.time_zone))
    begins, ends = (local - timedelta(hours=1)).time(), (local + timedelta(hours=1)).time()
    set_reminders(minutes=[], schedule_minutes=[], quiet_begins=begins, quiet_ends=ends, by=cast.nora, now=clock.now())
    add_device(cast.gus, service.device())

    booked(cast)
    book(cast, at=clock.now() + timedelta(minutes=40))
    deliver()

    assert len(service.arrived) == 1  # what begins before they end
    waiting = OutboxMessage.objects.get(name="notifications.push", state="waiting")
    assert timedelta(minutes=55) < waiting.due_at - clock.now() <= timedelta(minutes=60)


@pytest.fixture
def put_off(cast, service):
    """Gus has quiet hours for an hour; what is booked two hours from now is news then."""
    local = clock.now().astimezone(ZoneInfo(cast.gus.time_zone))
    begins, ends = (local - timedelta(hours=1)).time(), (local + timedelta(hours=1)).time()
    set_reminders(minutes=[], schedule_minutes=[], quiet_begins=begins, quiet_ends=ends, by=cast.nora, now=clock.now())
    add_device(cast.gus, service.device())
    appointment = book(cast, at=clock.now() + timedelta(hours=2))
    deliver()
    assert service.arrived == []
    return appointment


def reasons():
    return list(OutboxMessage.objects.filter(name="notifications.push", state="void").values_list("outcome", flat=True))


def test_what_was_put_off_keeps_its_promise_as_long_as_it_is_worth_anything(cast, service, put_off, moved_clock):
    moved_clock(timedelta(hours=1, minutes=1))
    deliver()

    (one,) = service.arrived
    assert 0 < int(one.headers["ttl"]) <= 59 * 60  # until it begins


def test_what_was_put_off_and_cancelled_meanwhile_is_told_once(cast, service, put_off, moved_clock):
    cancel_appointment(put_off, party="practice", by=cast.tess, now=clock.now())
    moved_clock(timedelta(hours=1, minutes=1))
    deliver()

    assert len(service.arrived) == 1 and reasons() == ["the appointment is cancelled"]


def test_what_was_put_off_and_moved_meanwhile_is_told_once(cast, service, put_off, moved_clock):
    at = clock.now() + timedelta(days=3)
    move_appointment(put_off, starts_at=at, ends_at=at + timedelta(minutes=50), by=cast.tess, now=clock.now())
    moved_clock(timedelta(hours=1, minutes=1))
    deliver()

    assert len(service.arrived) == 1 and reasons() == ["the appointment was moved since"]


def test_what_was_put_off_is_nothing_for_whoever_has_lost_their_client(cast, service, put_off, moved_clock):
    LinkedLogin.objects.filter(user=cast.gus).delete()
    moved_clock(timedelta(hours=1, minutes=1))
    deliver()

    assert service.arrived == [] and reasons() == ["it is no longer their business"]


def test_what_has_begun_meanwhile_is_not_sent(cast, service, put_off, moved_clock):
    moved_clock(timedelta(hours=2, minutes=1))
    deliver()

    assert service.arrived == [] and reasons() == ["it is old"]


def test_promise_of_the_release_before_is_kept(cast, service):
    add_device(cast.gus, service.device())
    booked(cast)
    promise = OutboxMessage.objects.get(name="notifications.push")
    del promise.payload["happens_at"]
    promise.about_kind = promise.about_id = ""
    promise.save()
    deliver()

    assert len(service.arrived) == 1


def test_organizations_keys_are_its_own_and_kept_encrypted(cast):
    mine = push_keys.public_key()
    kept = NotificationSettings.current().push_private_key
    with organization_context(organization("south")):
        other = push_keys.public_key()

    assert mine != other and push_keys.public_key() == mine
    assert "PRIVATE KEY" not in kept
    assert "PRIVATE KEY" in encryption.decrypt(kept, purpose=push_keys.PURPOSE)


def test_subscription_of_another_organization_is_refused(cast, service):
    with organization_context(organization("south")):
        theirs = push_keys.public_key()

    with pytest.raises(ConflictError, match="another sender"):
        add_device(cast.gus, service.device(), key=theirs)
    browser = browser_of(cast.gus)
    device = service.device()
    answer = browser.post(
        f"{PAGE}devices/",
        {"endpoint": device.endpoint, "p256dh": device.p256dh, "auth": device.auth, "key": theirs},
        follow=True,
    )
    assert "belongs to another sender" in answer.content.decode()
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com.evil.test/x",
        "https://evil.test/x",
        "https://127.0.0.1/x",
        "https://me@fcm.googleapis.com/x",
        "https://notify.windows.com.evil.test/",
        "file:///etc/passwd",
        "",
        "https://[",
        "https://fcm.googleapis.com/" + "x" * 1000,
    ],
)
def test_only_known_push_services_are_spoken_to(cast, service, settings, endpoint):
    settings.PUSH_SERVICES = ["fcm.googleapis.com", ".notify.windows.com"]
    device = service.device()
    device.endpoint = endpoint

    with pytest.raises(DomainError):
        add_device(cast.gus, device)


def test_known_services_are_those_of_browsers(settings):
    for address in (
        "https://fcm.googleapis.com/fcm/send/abc",
        "https://updates.push.services.mozilla.com/wpush/v2/x",
        "https://web.push.apple.com/x",
        "https://wns2-par02p.notify.windows.com/w/?token=x",
    ):
        assert web_push.is_known_service(address), address


def test_private_address_behind_a_known_name_is_not_spoken_to(cast, service, settings, monkeypatch):
    settings.PUSH_SERVICES = ["push.example.com"]
    device = service.device()
    device.endpoint = "https://push.example.com/x"
    row = add_device(cast.gus, device)
    monkeypatch.setattr("core.kernel.outside.socket.getaddrinfo", lambda *a, **k: [(0, 0, 0, "", ("10.0.0.7", 443))])

    with pytest.raises(web_push.PushTrouble, match="private"):
        web_push.send(row, b"{}", is_urgent=False, seconds=60)


@pytest.mark.parametrize(("p256dh", "auth"), [("", ""), ("zzz", "zzz"), ("A" * 87, "A" * 22), ("€", "€")])
def test_keys_that_are_none_are_refused(cast, service, p256dh, auth):
    with pytest.raises(DomainError):
        actions.add_push_device(
            endpoint=service.device().endpoint, p256dh=p256dh, auth=auth, key=push_keys.public_key(), expires_at=None,
            device="", device_id=7, by=cast.gus, now=clock.now(),
        )  # fmt: skip


def test_somebody_elses_device_is_not_there_and_ones_own_is_removed(cast, service):
    row = add_device(cast.gus, service.device())
    address = f"{PAGE}devices/{row.pk}/removal/"

    assert browser_of(cast.tess).post(address).status_code == 404
    with pytest.raises(PermissionDenied):
        actions.remove_push_device(subscription=row, by=cast.tess, now=clock.now())
    assert browser_of(cast.gus).post(address, follow=True).status_code == 200
    assert not PushSubscription.objects.exists()
    assert AuditEvent.objects.filter(action="push_device.removed").count() == 1


def test_whoever_takes_a_device_over_has_it_alone(cast, service):
    device = service.device()
    add_device(cast.gus, device)
    add_device(cast.tess, device)

    assert PushSubscription.objects.get().user_id == cast.tess.pk


def switched_on(browser, device):
    return browser.post(
        f"{PAGE}devices/",
        {"endpoint": device.endpoint, "p256dh": device.p256dh, "auth": device.auth, "key": push_keys.public_key(), "expires": ""},
    )  # fmt: skip


def test_signing_out_ends_it_here_and_signing_out_elsewhere_there(cast, service):
    here, there = browser_of(None), browser_of(None)
    for browser, name in ((here, "here"), (there, "there")):
        sign_in(browser)
        switched_on(browser, service.device(name))
    assert PushSubscription.objects.count() == 2
    assert "This device" in here.get(PAGE).content.decode()

    here.post("/account/sessions/")
    assert PushSubscription.objects.get().endpoint.endswith("/here")
    here.post("/account/logout/")
    assert not PushSubscription.objects.exists()


def test_whoever_may_not_sign_in_any_more_and_whose_session_ran_out_gets_none(cast, service):
    browser = browser_of(None)
    sign_in(browser)
    switched_on(browser, service.device())
    forget_ended_push(now=clock.now())
    assert PushSubscription.objects.exists()

    forget_ended_push(now=clock.now() + timedelta(days=30))
    assert not PushSubscription.objects.exists()
    switched_on(browser, service.device())
    actions.switch_access(login=cast.tess, may_log_in=False, by=cast.nora, now=clock.now())
    assert not PushSubscription.objects.exists()


def test_session_that_has_run_out_gets_none_from_that_moment_on(cast, service):
    browser = browser_of(None)
    sign_in(browser)
    switched_on(browser, service.device())
    Session.objects.update(expire_date=clock.now() - timedelta(seconds=1))

    book(cast, at=clock.now() + timedelta(days=3), by=cast.nora)
    deliver()
    assert PushSubscription.objects.get().user_id == cast.tess.pk and service.arrived == []


def test_session_from_before_the_list_of_devices_is_noted_with_its_push(cast, service):
    browser = browser_of(None)
    sign_in(browser)
    session = browser.session
    del session["device"]
    session.save()
    UserSession.objects.all().delete()

    switched_on(browser, service.device())

    assert PushSubscription.objects.get().device_id == UserSession.objects.get(user=cast.tess).pk
    forget_ended_push(now=clock.now())
    assert PushSubscription.objects.exists()
    browser.post("/account/logout/")
    assert not PushSubscription.objects.exists()


def test_organization_without_push_offers_and_sends_none(cast, service):
    add_device(cast.gus, service.device())
    booked(cast)
    actions.set_channels(has_push=False, push_text="neutral", usual={}, by=cast.nora, now=clock.now())
    deliver()

    assert service.arrived == []
    assert "push-switch" not in browser_of(cast.gus).get(PAGE).content.decode()
    with pytest.raises(DomainError):
        add_device(cast.gus, service.device("two"))
