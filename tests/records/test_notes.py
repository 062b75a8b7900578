"""Notes written, locked, shared and kept secret."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from core.kernel import clock, encryption, outbox
from core.kernel.errors import ConflictError, DomainError
from core.kernel.models import AuditEvent
from core.notifications.models import Notice
from core.people import deletion
from core.people.models import Assignment
from core.records import actions, queries
from core.records.models import Note, NoteShare, NoteVersion
from core.records.models.sealed import PURPOSE
from core.records.permissions import get_note, get_share
from tests.factories.records import share, sign, write
from tests.factories.scheduling import book, make_client

CANARY = "Quetzalcoatlus Nightjar"
NASTY = "周二 🙂 ‏שלום‏ “'& O\u2019Brien"


def again(note):
    return Note.objects.get(pk=note.pk)


def wrote(note, body, *, by, later=timedelta(), title=""):
    note = again(note)
    return actions.write_note(note, title=title, body=body, seen=note.revision, by=by, now=clock.now() + later)


def test_begun_twice_is_one_note_until_somebody_types(cast):
    first = actions.begin_note(cast.cleo, by=cast.tess, now=clock.now())
    assert actions.begin_note(cast.cleo, by=cast.tess, now=clock.now()) == first
    assert actions.begin_note(cast.cleo, appointment=book(cast), by=cast.tess, now=clock.now()) != first
    assert actions.begin_note(cast.cleo, by=cast.nora, now=clock.now()) != first

    wrote(first, "Now.", by=cast.tess)
    assert actions.begin_note(cast.cleo, by=cast.tess, now=clock.now()) != first


def test_nobody_else_begins_or_writes(cast):
    note = write(cast)
    for user in (cast.sam, cast.gus, cast.ada, cast.cleo_login):
        with pytest.raises(PermissionDenied):
            actions.begin_note(cast.cleo, by=user, now=clock.now())
        with pytest.raises(PermissionDenied):
            wrote(note, "x", by=user)


def test_text_is_cleaned_and_nasty_names_stay(cast):
    note = write(
        cast, title=f"  {NASTY}\n ", body='<p onclick="x()">a<script>alert(1)</script><a href="javascript:x">b</a></p>'
    )

    assert again(note).text.title == "周二 🙂 שלום “'& O’Brien"
    assert again(note).text.body == '<p>a<a rel="noopener noreferrer">b</a></p>'


def test_template_alone_is_no_word_of_anybodys(cast):
    template = actions.save_template(None, name="Visit", body="<h2>How was it?</h2>", by=cast.nora, now=clock.now())
    note = actions.begin_note(cast.cleo, template=template, by=cast.tess, now=clock.now())

    assert (note.text.title, note.text.body) == ("Visit", "<h2>How was it?</h2>")
    with pytest.raises(ConflictError):
        sign(cast, note)
    actions.forget_unwritten(now=clock.now() + timedelta(days=2))
    assert not Note.objects.exists()


def test_one_persons_typing_is_one_version_and_anothers_another(cast):
    note = write(cast, body="One.")
    wrote(note, "One. Two.", by=cast.tess, later=timedelta(minutes=1))
    assert not NoteVersion.objects.exists()

    wrote(note, "One. Two. Three.", by=cast.nora, later=timedelta(minutes=2))
    wrote(note, "Four.", by=cast.nora, later=timedelta(minutes=30))

    assert [(each.text.body, each.written_by) for each in note.versions.all()] == [
        ("<p>One. Two. Three.</p>", cast.nora),
        ("<p>One. Two.</p>", cast.tess),
    ]
    assert AuditEvent.objects.filter(action="note.written", subject_id=str(note.pk)).count() == 3


def test_colleagues_words_are_never_written_over_unseen(cast):
    note = write(cast, body="Mine.")
    wrote(note, "Theirs.", by=cast.nora)

    with pytest.raises(ConflictError) as refused:
        actions.write_note(again(note), title="", body="Mine, on.", seen=1, by=cast.tess, now=clock.now())

    assert refused.value.code == "note_moved_on"
    assert again(note).text.body == "<p>Theirs.</p>"


def test_former_version_is_brought_back_and_nothing_is_lost(cast):
    note = write(cast, body="First.")
    wrote(note, "", by=cast.nora)
    back = actions.bring_back_version(note.versions.get(), by=cast.nora, now=clock.now())

    assert back.text.body == "<p>First.</p>"
    assert [each.text.body for each in note.versions.all()] == ["", "<p>First.</p>"]


def test_too_long_is_refused_and_nothing_changed(cast):
    note = write(cast, body="Short.")
    with pytest.raises(DomainError) as refused:
        wrote(note, "x" * 70_000, by=cast.tess)
    assert refused.value.field == "body"
    with pytest.raises(DomainError):
        wrote(note, "x", title="t" * 200, by=cast.tess)
    assert again(note).text.body == "<p>Short.</p>"


def test_signature_locks_for_good(cast):
    note = write(cast)
    with pytest.raises(ConflictError):
        sign(cast, note, by=cast.nora)  # because Tess is its author and still here
    sign(cast, note)
    with pytest.raises(ConflictError) as refused:
        wrote(note, "Other.", by=cast.tess)
    assert refused.value.code == "note_signed"
    for act in (lambda: actions.remove_note(note, by=cast.tess, now=clock.now()), lambda: sign(cast, note)):
        with pytest.raises(ConflictError):
            act()

    actions.amend_note(note, body="It was the lake.", by=cast.nora, now=clock.now())
    sign(cast, note, by=cast.nora)

    note = get_note(cast.tess, note.pk)
    assert [one.name for one in note.signed_by] == [str(cast.tess), str(cast.nora)]
    assert [one.text.body for one in note.added] == ["<p>It was the lake.</p>"]
    assert note.is_intact


def test_what_was_not_read_is_not_signed_nor_shared(cast):
    note = write(cast)
    wrote(note, "Written on.", by=cast.tess)
    for act in (sign, share):
        with pytest.raises(ConflictError) as refused:
            act(cast, note)
        assert refused.value.code == "note_moved_on"


def test_note_of_somebody_who_left_is_signed_by_whoever_took_over(cast):
    note = write(cast)
    Assignment.objects.filter(client=cast.cleo).delete()

    sign(cast, note, by=cast.nora)

    assert again(note).is_signed


def test_changed_at_rest_is_recognised(cast):
    note = write(cast)
    sign(cast, note)
    other = encryption.encrypt('{"title": "x", "body": "<p>y</p>"}', purpose=PURPOSE)
    Note.objects.filter(pk=note.pk).update(sealed=other)
    assert not get_note(cast.tess, note.pk).is_intact

    flipped = other[:40] + ("A" if other[40] != "A" else "B") + other[41:]
    Note.objects.filter(pk=note.pk).update(sealed=flipped)
    assert not get_note(cast.tess, note.pk).text.is_readable


def test_shared_is_read_as_it_stood_and_taken_back_at_once(cast):
    note = write(cast, body="As it stood.")
    share(cast, note)
    wrote(note, "Written on.", by=cast.tess)

    assert get_share(cast.gus, note.pk).text.body == "<p>As it stood.</p>"
    assert not get_note(cast.tess, note.pk).is_share_current

    share(cast, again(note))
    assert get_share(cast.gus, note.pk).text.body == "<p>Written on.</p>"
    actions.withdraw_note(note, by=cast.tess, now=clock.now())
    assert not NoteShare.objects.exists()


def test_sharing_tells_that_there_is_something_and_not_what(cast, mailoutbox, django_capture_on_commit_callbacks):
    note = write(cast, title=CANARY, body=f"<p>{CANARY}</p>")
    share(cast, note)
    while outbox.deliver_due():
        pass

    assert {mail.to[0].partition("<")[2].strip(">") or mail.to[0] for mail in mailoutbox} == {
        "gus@north.test",
        "cleo@north.test",
    }
    assert {str(notice.user_id) for notice in Notice.objects.all()} == {str(cast.gus.pk), str(cast.cleo_login.pk)}
    for said in [*(mail.message().as_string() for mail in mailoutbox), *Notice.objects.values_list("title", "body")]:
        assert "Quetzalcoatlus" not in str(said)
    assert not any(mail.attachments for mail in mailoutbox)


def test_no_mail_about_what_was_taken_back_meanwhile(cast, mailoutbox):
    note = write(cast)
    share(cast, note)
    actions.withdraw_note(note, by=cast.tess, now=clock.now())
    while outbox.deliver_due():
        pass
    assert mailoutbox == []


def test_no_table_holds_a_word_of_it(cast):
    note = write(cast, title=CANARY, body=f"<p>{CANARY}</p>")
    wrote(note, f"{CANARY} again", title=CANARY, by=cast.nora)
    share(cast, again(note))
    sign(cast, again(note))
    actions.amend_note(note, body=CANARY, by=cast.nora, now=clock.now())
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()")
        tables = [name for (name,) in cursor.fetchall()]
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}" AS row WHERE row::text ILIKE %s', ["%quetzalcoatlus%"])
            assert cursor.fetchone() == (0,), table
    assert len(tables) > 50


def test_search_finds_words_anywhere_in_the_clients_notes(cast):
    write(cast, title="Sea", body="<p>She <strong>swims</strong> well.</p>")
    signed = write(cast, title="Lake", body="<p>No.</p>")
    sign(cast, signed)
    actions.amend_note(signed, body="She swims here, too.", by=cast.tess, now=clock.now())
    write(cast, client=make_client("Otto"), title="Swims", by=cast.nora)

    found = queries.notes_with("SWIMS she", queries.notes_of(cast.cleo))

    assert {note.text.title for note in found} == {"Sea", "Lake"}
    assert queries.notes_with("swims nowhere", queries.notes_of(cast.cleo)) == []


def test_readers_are_counted(cast):
    note = write(cast)
    share(cast, note)
    for user in (cast.nora, cast.nora):
        actions.note_read(note, by=user)
    actions.note_read(note, share=NoteShare.objects.get(), by=cast.gus)

    assert {(one.name, one.times) for one in queries.readers_of(note)} == {(str(cast.nora), 2), (str(cast.gus), 1)}


def test_written_note_speaks_against_deleting_its_client(cast):
    otto = make_client("Otto")
    actions.begin_note(otto, by=cast.nora, now=clock.now())
    assert deletion.reasons_against_deleting(otto) == []
    write(cast, client=otto, by=cast.nora)
    assert deletion.reasons_against_deleting(otto) == ["There is 1 note about Otto Other."]


def test_own_text_from_another_tab_is_kept_when_it_is_replaced(cast):
    note = write(cast, body="One tab.")
    wrote(note, "The other tab.", by=cast.tess)
    actions.write_note(again(note), title="", body="One tab, on.", seen=2, replaces=True, by=cast.tess, now=clock.now())

    assert again(note).text.body == "<p>One tab, on.</p>"
    assert [each.text.body for each in note.versions.all()] == ["<p>The other tab.</p>"]


def test_text_set_aside_is_a_version_and_the_note_stays(cast):
    note = write(cast, body="Theirs.")
    actions.set_aside(note, title="Mine", body="Mine.", seen=1, by=cast.nora, now=clock.now())
    wrote(note, "Theirs, on.", by=cast.nora)

    assert again(note).text.body == "<p>Theirs, on.</p>"
    assert [each.text.body for each in note.versions.all()] == ["<p>Theirs.</p>", "<p>Mine.</p>"]
    with pytest.raises(ConflictError):
        actions.set_aside(again(note), title="", body="Late.", seen=1, by=cast.nora, now=clock.now())
    with pytest.raises(PermissionDenied):
        actions.set_aside(again(note), title="", body="x", seen=4, by=cast.sam, now=clock.now())


def test_colleague_removes_nothing_that_was_written(cast):
    note = write(cast, body="What was said.")
    wrote(note, "", by=cast.nora)

    with pytest.raises(ConflictError) as refused:
        actions.remove_note(again(note), by=cast.nora, now=clock.now())

    assert refused.value.code == "note_stays"
    assert [each.text.body for each in note.versions.all()] == ["<p>What was said.</p>"]
    blank = actions.begin_note(cast.cleo, by=cast.tess, now=clock.now())
    actions.remove_note(blank, by=cast.nora, now=clock.now())
    assert not Note.objects.filter(pk=blank.pk).exists()


def test_text_whose_key_is_away_is_not_written_over(cast, settings):
    note = write(cast, body="Sealed.")
    wrote(note, "Sealed, on.", by=cast.nora)
    known, settings.SECRET_KEY = settings.SECRET_KEY, "another-" + "y" * 50

    with pytest.raises(ConflictError) as refused:
        wrote(note, "Typed into an empty page.", by=cast.nora)

    assert refused.value.code == "text_unreadable"
    settings.SECRET_KEY = known
    assert again(note).text.body == "<p>Sealed, on.</p>"
