"""A branch's own words for a message: met by whom the mail is about, the organization's wherever it has none."""

import pytest
from django.core import mail as outbox_of_django
from django.urls import reverse

from branding import actions as branding
from core.kernel import clock, outbox
from core.kernel.errors import DomainError
from core.kernel.models import AuditEvent
from core.notifications.messages import find
from core.notifications.models import BranchMessageVersion, MessageVersion
from core.notifications.rules.message_text import MessageText
from core.notifications.texts import text_in_force
from core.people import actions
from core.people.actions import change_client
from tests.factories.branches import forget, make_branch
from tests.factories.scheduling import book, make_client, tomorrow

KIND = find("email", "appointment_booked")
NOTICE = find("in_app", "appointment_booked")


@pytest.fixture
def branch(cast):
    found = make_branch(cast)
    change_client(client=cast.cleo, by=cast.nora, now=clock.now(), branch=found)
    return found


@pytest.fixture
def nora(cast, visit):
    return visit(cast.nora)


def words(**changes):
    parts = {
        "subject": "See you at the quay",
        "heading": "",
        "body": "Hello {{ name }}, come to the quay.",
        "button": "Open",
    }
    return MessageText(**{part: parts[part] for part in KIND.parts} | changes)


def write(cast, text, branch=None):
    return actions.change_message(
        KIND, language="en", languages=["en"], text=text, branch=branch, by=cast.nora, now=clock.now()
    )


def sent():
    outbox_of_django.outbox.clear()
    while outbox.deliver_due():
        pass
    return {each.to[0].partition("<")[2].rstrip(">"): each.subject for each in outbox_of_django.outbox}


def test_mail_has_the_branchs_words_for_its_people_only(cast, branch):
    write(cast, words(subject="See you at ours"))
    write(cast, words(), branch)
    other = make_client("Otto", practitioner=cast.tess_staff, login=cast.cleo_login)
    book(cast)
    assert sent()["gus@north.test"] == "See you at the quay"
    book(cast, clients=[other], at=tomorrow(11))
    assert sent()["cleo@north.test"] == "See you at ours"
    assert text_in_force(KIND, "en", branch).subject == "See you at the quay"
    assert text_in_force(KIND, "en").subject == "See you at ours"


def test_without_words_of_its_own_a_branch_has_the_organizations(cast, branch):
    write(cast, words(subject="See you at ours"))
    book(cast)
    assert sent()["gus@north.test"] == "See you at ours"
    write(cast, words(), branch)
    actions.reset_message(KIND, language="en", branch=branch, by=cast.nora, now=clock.now())
    assert text_in_force(KIND, "en", branch).subject == "See you at ours"
    branding.close_branch(branch, by=cast.nora, now=clock.now())
    forget()
    with pytest.raises(DomainError) as refusal:
        write(cast, words(), branch)
    assert refusal.value.code == "branch_closed"


def test_owner_writes_tries_restores_and_takes_back_in_the_editor(cast, nora, branch):
    page = reverse("settings:message", args=["email", "appointment_booked"]) + f"?language=en&branch={branch.pk}"
    shown = nora.get(page).content.decode()
    assert "As everywhere" in shown and "Harbour" in shown
    for subject in ("One at the quay", "Two at the quay"):
        assert nora.post(page, vars_of(words(subject=subject))).status_code == 302
    assert BranchMessageVersion.objects.count() == 2 and not MessageVersion.objects.exists()
    event = AuditEvent.objects.filter(action="message.changed").latest("at")
    assert event.changes["branch"] == [None, "Harbour"]
    frame = (
        reverse("settings:message_preview", args=["email", "appointment_booked"]) + f"?language=en&branch={branch.pk}"
    )
    seen = nora.get(frame).content.decode()
    assert "come to the quay" in seen and "Quayside Rooms" in seen and "North Practice" not in seen

    restore = reverse("settings:message_version", args=["email", "appointment_booked", 1])
    assert nora.post(f"{restore}?language=en&branch={branch.pk}").status_code == 302
    assert text_in_force(KIND, "en", branch).subject == "One at the quay"
    listed = nora.get(reverse("settings:messages") + f"?branch={branch.pk}&state=changed").content.decode()
    assert "English: changed" in listed
    assert "English: changed" not in nora.get(reverse("settings:messages")).content.decode()
    back = reverse("settings:message_standard", args=["email", "appointment_booked"])
    assert nora.post(f"{back}?language=en&branch={branch.pk}").status_code == 302
    assert text_in_force(KIND, "en", branch) == text_in_force(KIND, "en")

    assert nora.post(page, {**vars_of(words()), "test": "1"}).status_code == 200
    outbox_of_django.outbox.clear()
    while outbox.deliver_due():
        pass
    (tried,) = outbox_of_django.outbox
    assert "Quayside Rooms" in tried.alternatives[0][0] and "North Practice" not in tried.alternatives[0][0]


def vars_of(text):
    return {part: getattr(text, part) for part in KIND.parts}


@pytest.mark.parametrize("asked", ["x", "00000000-0000-0000-0000-000000000000"])
def test_branch_that_is_none_is_not_found(nora, branch, asked):
    assert nora.get(reverse("settings:messages") + f"?branch={asked}").status_code == 404
    page = reverse("settings:message", args=["email", "appointment_booked"])
    assert nora.get(f"{page}?branch={asked}").status_code == 404


def test_what_the_rule_refuses_is_refused_and_nothing_is_written(cast, nora, branch):
    page = reverse("settings:message", args=["email", "appointment_booked"]) + f"?language=en&branch={branch.pk}"
    answer = nora.post(page, vars_of(words(body="{{ nothing }}")))
    assert answer.status_code == 422 and not BranchMessageVersion.objects.exists()
    assert "{{ nothing }}" in answer.content.decode()


def test_words_go_with_a_branch_that_is_deleted(cast, branch):
    write(cast, words(), branch)
    change_client(client=cast.cleo, by=cast.nora, now=clock.now(), branch=None)
    branding.delete_branch(branch, by=cast.nora, now=clock.now())
    assert not BranchMessageVersion.objects.exists()
