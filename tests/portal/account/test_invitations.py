"""The way in: invitation, its mail, its pages, and what happens when a link no longer works."""

from datetime import timedelta

import pytest
from django.core import mail

from core.kernel import clock, outbox
from core.kernel.models import AuditEvent, OutboxMessage
from core.notifications.models import Notice
from core.people import actions
from core.people.actions import NewLogin
from core.people.models import Client, Invitation, StaffMember, User
from core.people.receivers import invite_owner

PASSWORD = "paper lantern morning"
FORM = {"password": PASSWORD, "time_zone": "Europe/Lisbon"}


def link_in(message) -> str:
    """The path of the one-time link in a mail."""
    found = [line for line in message.body.splitlines() if line.startswith("http")]
    return found[0].removeprefix("http://north.test")


@pytest.fixture
def mia(cast) -> User:
    """A guardian just invited by Nora, her mail sent."""
    login = NewLogin("mia@example.test", "Mia Long", "guardian", "Europe/Berlin")
    client = actions.add_client(
        first_name="Max", time_zone="Europe/Berlin", logins=[login], by=cast.nora, now=clock.now()
    )
    outbox.deliver_due()
    return client.logins.get()


def later(monkeypatch, by: timedelta) -> None:
    present = clock.now()
    monkeypatch.setattr(clock, "now", lambda: present + by)


def test_mail_is_in_the_inviters_name_and_the_organizations_brand(mia):
    message = mail.outbox[0]

    assert message.subject == "Nora North has invited you to North Practice"
    assert "Nora North" in message.from_email
    assert message.to == ["Mia Long <mia@example.test>"]
    assert "Max" in message.body
    for text in (message.body, message.alternatives[0].content, str(message.message())):
        assert "colonnade" not in text.lower()
        assert "South" not in text


def test_token_is_not_in_the_database(mia):
    token = link_in(mail.outbox[0]).split("/")[-2]

    assert token not in str(list(Invitation.objects.values())) + str(list(OutboxMessage.objects.values()))
    assert token not in str(list(AuditEvent.objects.values()))


def test_invited_person_sets_a_password_and_is_in(mia, visit):
    browser = visit()
    path = link_in(mail.outbox[0])
    page = browser.get(path)
    assert page.status_code == 200
    assert "mia@example.test" in page.content.decode()

    answer = browser.post(path, FORM)

    assert (answer.status_code, answer.url) == (302, "/dashboard/")
    assert browser.get("/profile/").status_code == 200
    mia.refresh_from_db()
    assert mia.check_password(PASSWORD)
    assert mia.time_zone == "Europe/Lisbon"
    assert AuditEvent.objects.filter(action="invitation.accepted").count() == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"password": "short"}, "too short"),
        ({"password": "password123"}, "too common"),
        ({"password": "mia@example.test"}, "too similar"),
        ({"password": ""}, "required"),
        ({"time_zone": ""}, "Choose a time zone"),
        ({"time_zone": "Mars/Base"}, "Choose a time zone"),
    ],
)
def test_bad_input_says_what_is_wrong_and_keeps_the_link(mia, visit, change, sentence):
    browser, path = visit(), link_in(mail.outbox[0])

    answer = browser.post(path, {**FORM, **change})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert browser.post(path, FORM).status_code == 302


def test_used_link_offers_a_password_reset(mia, visit):
    path = link_in(mail.outbox[0])
    visit().post(path, FORM)

    again = visit().get(path)
    assert again.status_code == 410
    assert "This invitation was used" in again.content.decode()
    assert visit().post(path, {**FORM, "password": "another fine phrase"}).status_code == 410
    mia.refresh_from_db()
    assert mia.check_password(PASSWORD)

    visit().post(f"{path}again/")
    outbox.deliver_due()
    assert mail.outbox[-1].subject == "A new password for North Practice"


def test_expired_link_really_sends_a_new_one(mia, visit, monkeypatch):
    path = link_in(mail.outbox[0])
    later(monkeypatch, timedelta(hours=72))
    browser = visit()
    assert "has run out" in browser.get(path).content.decode()
    assert browser.post(path, FORM).status_code == 410

    assert "on its way" in browser.post(f"{path}again/").content.decode()
    outbox.deliver_due()

    assert len(mail.outbox) == 2
    fresh = link_in(mail.outbox[1])
    assert fresh != path
    assert mail.outbox[1].subject == "Nora North has invited you to North Practice"
    assert browser.post(fresh, FORM).status_code == 302


def test_asking_twice_in_two_minutes_sends_one(mia, visit, monkeypatch):
    path = link_in(mail.outbox[0])
    later(monkeypatch, timedelta(hours=72))
    for _ in range(3):
        visit().post(f"{path}again/")
    outbox.deliver_due()

    assert len(mail.outbox) == 2


def test_resending_makes_the_first_link_worthless(cast, mia, visit):
    first = link_in(mail.outbox[0])
    visit(cast.nora).post(f"/people/logins/{mia.pk}/invitation/")
    outbox.deliver_due()

    assert visit().get(first).status_code == 410
    assert visit().get(link_in(mail.outbox[1])).status_code == 200


def test_withdrawn_invitation_asks_the_people_in_charge(cast, mia, visit):
    path = link_in(mail.outbox[0])
    visit(cast.nora).post(f"/people/logins/{mia.pk}/invitation/", {"withdraw": "1"})
    assert "was withdrawn" in visit().get(path).content.decode()
    assert visit().post(path, FORM).status_code == 410

    for _ in range(2):
        assert "has been told" in visit().post(f"{path}again/").content.decode()

    outbox.deliver_due()
    assert len(mail.outbox) == 1
    assert Notice.objects.get(kind="invitation_asked").user_id == cast.nora.pk


def test_withdrawn_before_it_was_sent_is_not_sent(cast):
    login = NewLogin("mia@example.test", "Mia Long", "guardian", "Europe/Berlin")
    client = actions.add_client(
        first_name="Max", time_zone="Europe/Berlin", logins=[login], by=cast.nora, now=clock.now()
    )
    actions.withdraw_invitation(login=client.logins.get(), by=cast.nora, now=clock.now())

    outbox.deliver_due()

    assert not mail.outbox
    assert OutboxMessage.objects.get().state == OutboxMessage.State.VOID


def test_client_made_inactive_closes_the_link(cast, mia, visit):
    path = link_in(mail.outbox[0])
    client = Client.objects.get(first_name="Max")
    actions.change_client_status(client=client, status="inactive", by=cast.nora, now=clock.now())

    assert visit().get(path).status_code == 410
    assert visit().post(path, FORM).status_code == 410


@pytest.mark.parametrize("token", ["x", "A" * 43, "..", "%00", "A" * 3000])
def test_invented_token_is_not_found(cast, visit, token):
    assert visit().get(f"/account/invitations/{token}/").status_code == 404
    assert visit().post(f"/account/invitations/{token}/", FORM).status_code == 404
    assert visit().post(f"/account/invitations/{token}/again/").status_code == 404


def test_token_of_one_organization_is_unknown_to_the_other(mia, visit):
    path = link_in(mail.outbox[0])

    assert visit(organization="south").get(path).status_code == 404


def test_owner_of_a_new_organization_is_invited_in_its_name(north):
    invite_owner(organization=north, owner_email="ona@example.test", owner_name="Ona Own", time_zone="Europe/Paris")
    staff = StaffMember.objects.get(user__email="ona@example.test")

    assert staff.role == "owner"
    assert Invitation.objects.get(user=staff.user).invited_by == north.name
