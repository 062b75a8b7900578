"""What was noted about a client and lost can be read and brought back, by whoever may read what is noted now."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from core.kernel import encryption
from core.kernel.errors import DomainError
from core.kernel.models import AuditEvent
from core.people import actions
from core.people.models import FORMER_INFORMATION, Client, FormerInformation

ALLERGY = "Allergic to penicillin 💊"


@pytest.fixture
def emptied(cast, now):
    """Cleo's note, written by Nora and emptied by her."""
    for text in (ALLERGY, ""):
        actions.change_client(client=cast.cleo, by=cast.nora, now=now, additional_information=text)
    return cast.cleo.former_information.get()


def test_emptied_note_is_kept_encrypted_and_out_of_the_audit(emptied):
    assert emptied.text == ALLERGY
    assert "penicillin" not in emptied.encrypted_text
    assert emptied.changed_by == "Nora North"
    assert not [event for event in AuditEvent.objects.all() if "penicillin" in str(event.changes)]


def test_note_is_brought_back_and_what_stood_there_is_kept(cast, emptied, now):
    actions.change_client(client=cast.cleo, by=cast.nora, now=now, additional_information="Nothing known")
    actions.bring_back_information(former=emptied, by=cast.nora, now=now)

    assert Client.objects.get(pk=cast.cleo.pk).additional_information == ALLERGY
    assert {former.text for former in FormerInformation.objects.all()} == {ALLERGY, "Nothing known"}
    assert AuditEvent.objects.filter(action="client.information_brought_back").count() == 1


def test_page_shows_it_with_a_way_back_and_notes_the_reading(cast, emptied, visit):
    nora, address = visit(cast.nora), reverse("people:client_former_information", args=[cast.cleo.pk])
    assert address in nora.get(reverse("people:client", args=[cast.cleo.pk])).content.decode()
    assert ALLERGY in nora.get(address).content.decode()
    assert AuditEvent.objects.filter(action="client.former_information_read", subject_id=str(cast.cleo.pk)).count() == 1

    nora.post(reverse("people:client_former_information_again", args=[cast.cleo.pk, emptied.pk]))
    assert Client.objects.get(pk=cast.cleo.pk).additional_information == ALLERGY


@pytest.mark.parametrize("who", ["cleo_login", "gus", "ada"])
def test_whoever_may_not_read_the_note_reads_no_former_one(cast, emptied, visit, who, now):
    person = getattr(cast, who)
    address = reverse("people:client_former_information", args=[cast.cleo.pk])
    assert visit(person).get(address).status_code in (403, 404)
    assert visit(person).post(f"{address}{emptied.pk}/").status_code in (403, 404)
    with pytest.raises(PermissionDenied):
        actions.bring_back_information(former=emptied, by=person, now=now)


def test_former_note_of_another_client_is_unknown_here(cast, emptied, visit):
    other = Client.objects.create(first_name="Other", time_zone="Europe/Berlin")
    address = reverse("people:client_former_information_again", args=[other.pk, emptied.pk])
    assert visit(cast.nora).post(address).status_code == 404


def test_it_goes_with_the_client(cast, emptied):
    Client.objects.filter(pk=cast.cleo.pk).delete()
    assert not FormerInformation.objects.exists()


def test_older_key_still_reads_and_a_lost_one_says_so(cast, emptied, settings, visit, now):
    old = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new " * 20, [old]
    assert emptied.text == ALLERGY

    settings.SECRET_KEY_FALLBACKS = []
    page = visit(cast.nora).get(reverse("people:client_former_information", args=[cast.cleo.pk])).content.decode()
    assert "This text cannot be read any more: its key is gone." in page
    with pytest.raises(DomainError, match="its key is gone"):
        actions.bring_back_information(former=emptied, by=cast.nora, now=now)


def test_each_purpose_has_a_key_of_its_own():
    sealed = encryption.encrypt("text", purpose=FORMER_INFORMATION)
    with pytest.raises(encryption.InvalidToken):
        encryption.decrypt(sealed, purpose="operator authenticator secrets")
