"""Predicate and queryset say the same, for the whole cast; the successor reads all, the agent what is shared."""

import pytest

from core.kernel.errors import NotFound
from core.people.models import Assignment, Client, StaffMember, User
from core.records.models import Note, NoteShare
from core.records.permissions import (
    can_keep_records,
    can_read_note,
    can_read_share,
    can_read_shared,
    clients_shared_with,
    clients_with_records,
    get_note,
    get_share,
    notes_visible_to,
    shares_visible_to,
)
from tests.factories.records import share, write
from tests.factories.scheduling import make_client

EVERYBODY = ("nora", "sam", "tess", "gus", "ada", "cleo_login", "pat", "former", "desk")


@pytest.fixture
def kept(cast):
    """Notes about two clients, of which one is shared; and people with nothing to do with them."""
    for name, role, status in (
        ("pat", "practitioner", "active"),
        ("former", "owner", "inactive"),
        ("desk", "staff", "active"),
    ):
        user = User.objects.create_user(email=f"{name}@north.test", name=name.title(), time_zone="UTC")
        StaffMember.objects.create(user=user, role=role, status=status)
        setattr(cast, name, user)
    otto = make_client("Otto", login=cast.pat)
    shared, kept = write(cast), write(cast, title="Second talk", by=cast.nora)
    share(cast, shared)
    share(cast, write(cast, client=otto, by=cast.nora), by=cast.nora)
    return shared, kept


@pytest.mark.parametrize("name", EVERYBODY)
def test_predicate_is_queryset(kept, cast, name):
    user = getattr(cast, name)
    for client in Client.objects.all():
        assert can_keep_records(user, client) == clients_with_records(user).filter(pk=client.pk).exists()
        assert can_read_shared(user, client) == clients_shared_with(user).filter(pk=client.pk).exists()
    for note in Note.objects.select_related("client"):
        assert can_read_note(user, note) == notes_visible_to(user).filter(pk=note.pk).exists()
    for shown in NoteShare.objects.select_related("note__client"):
        assert can_read_share(user, shown) == shares_visible_to(user).filter(pk=shown.pk).exists()


@pytest.mark.parametrize(
    ("name", "notes", "shares"),
    [
        ("nora", 3, 0), ("tess", 2, 0), ("sam", 0, 0), ("desk", 0, 0), ("former", 0, 0), ("gus", 0, 1), ("cleo_login", 0, 1), ("ada", 0, 1),
        ("pat", 0, 1),
    ],
)  # fmt: skip
def test_who_reads_what(kept, cast, name, notes, shares):
    user = getattr(cast, name)
    assert (notes_visible_to(user).count(), shares_visible_to(user).count()) == (notes, shares)


def test_whoever_takes_over_reads_all_that_was_written_before(kept, cast):
    Assignment.objects.filter(client=cast.cleo).delete()
    Assignment.objects.create(client=cast.cleo, practitioner=cast.sam_staff)

    assert set(notes_visible_to(cast.sam)) == set(kept)
    assert not notes_visible_to(cast.tess).exists()


def test_the_doors(kept, cast):
    shared, unshared = kept
    assert get_share(cast.gus, shared.pk).note == shared
    for user, note in ((cast.gus, unshared), (cast.pat, shared), (cast.nora, shared)):
        with pytest.raises(NotFound):
            get_share(user, note.pk)
    for user in (cast.gus, cast.ada, cast.sam, cast.desk):
        with pytest.raises(NotFound):
            get_note(user, shared.pk)


def test_inactive_client_is_read_by_nobodys_login(kept, cast):
    Client.objects.filter(pk=cast.cleo.pk).update(status="inactive")

    assert not shares_visible_to(cast.gus).exists()
