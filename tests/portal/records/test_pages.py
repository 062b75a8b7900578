"""The pages of notes, from every side."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.kernel import clock
from core.kernel.models import AuditEvent, SentForm
from core.people.models import Client
from core.records import actions
from core.records.models import Note, NoteTemplate
from tests.factories.pages import fields_of
from tests.factories.records import share, sign, write
from tests.factories.scheduling import book
from tests.factories.web import browser_of

JSON = {"Accept": "application/json"}
NASTY = "周二 🙂 ‏שלום‏ <b>“'&"


def save(browser, note, fields, **changes):
    """As the script does: without the form's key, with what the page carries."""
    data = {name: values[0] for name, values in fields.items() if name != "form_key"}
    return browser.post(f"/people/notes/{note.pk}/text/", {**data, "autosave": "1", **changes}, headers=JSON)


def test_somebody_writes_a_note_and_it_is_saved_while_they_type(cast):
    appointment = book(cast)
    tess = browser_of(cast.tess)
    begun = tess.post(f"/people/clients/{cast.cleo.pk}/notes/new/", {"appointment": str(appointment.pk)})
    note = Note.objects.get()
    assert begun["Location"] == f"/people/notes/{note.pk}/text/" and note.appointment == appointment

    fields = fields_of(tess.get(begun["Location"]))
    for body in ("<p>She</p>", "<p>She said</p>", "<p>She</p>"):
        answer = save(tess, note, fields, body=body, title=NASTY)
        assert answer.status_code == 200, answer.content
        fields["form_version"] = [answer.json()["version"]]

    note.refresh_from_db()
    assert (note.text.title, note.text.body) == ("周二 🙂 שלום <b>“'&", "<p>She</p>")
    assert note.revision == 3
    assert not SentForm.objects.filter(address__contains="/text/").exists()
    page = tess.get(f"/people/notes/{note.pk}/").content.decode()
    assert "<b>“" not in page and "<p>She</p>" in page


def test_whoever_comes_second_is_told_and_may_put_theirs_in_place(cast):
    note = write(cast, body="First.")
    tess, nora = browser_of(cast.tess), browser_of(cast.nora)
    fields = fields_of(tess.get(f"/people/notes/{note.pk}/text/"))
    nora_fields = fields_of(nora.get(f"/people/notes/{note.pk}/text/"))
    assert save(nora, note, nora_fields, body="<p>Nora's.</p>").status_code == 200

    refused = save(tess, note, fields, body="<p>Tess's.</p>")

    assert refused.status_code == 409 and "Nora North" in refused.json()["message"]
    note.refresh_from_db()
    assert note.text.body == "<p>Nora's.</p>"
    assert save(tess, note, fields, body="<p>Tess's.</p>", form_version=refused.json()["version"]).status_code == 200
    note.refresh_from_db()
    assert note.text.body == "<p>Tess's.</p>"
    assert "<p>Nora's.</p>" in [each.text.body for each in note.versions.all()]


def test_signed_while_somebody_types_keeps_what_they_typed_in_the_form(cast):
    note = write(cast)
    nora = browser_of(cast.nora)
    fields = fields_of(nora.get(f"/people/notes/{note.pk}/text/"))
    sign(cast, note)

    page = nora.post(f"/people/notes/{note.pk}/text/", {**{k: v[0] for k, v in fields.items()}, "body": "<p>More.</p>"})
    late = save(nora, note, fields, body="<p>More.</p>")

    assert page.status_code == 422 and "More." in page.content.decode()
    assert late.status_code == 409 and late.json()["is_signed"]
    assert nora.get(f"/people/notes/{note.pk}/text/")["Location"] == f"/people/notes/{note.pk}/"


def test_signing_and_sharing_by_the_pages(cast):
    note = write(cast, title="Talk")
    tess, gus = browser_of(cast.tess), browser_of(cast.gus)
    assert gus.get(f"/people/shared-notes/{note.pk}/").status_code == 404

    shared = f"/people/notes/{note.pk}/share/"
    assert "Gus North" in tess.get(shared).content.decode()
    assert tess.post(shared, fields_of(tess.get(shared))).status_code == 302
    assert "Talk" in gus.get("/people/shared/").content.decode()
    assert "She spoke of the sea." in gus.get(f"/people/shared-notes/{note.pk}/").content.decode()
    assert f"/people/shared-notes/{note.pk}/" in gus.get(f"/people/clients/{cast.cleo.pk}/notes/").content.decode()
    assert "Gus North" in tess.get(f"/people/notes/{note.pk}/").content.decode()

    signed = f"/people/notes/{note.pk}/signature/"
    assert tess.post(signed, fields_of(tess.get(signed))).status_code == 302
    added = f"/people/notes/{note.pk}/addition/"
    assert tess.post(added, {"body": "Of the lake."}).status_code == 302
    assert tess.post(added, {"body": " "}).status_code == 422
    assert "Of the lake." in tess.get(f"/people/notes/{note.pk}/").content.decode()
    assert "Of the lake." not in gus.get(f"/people/shared-notes/{note.pk}/").content.decode()
    assert tess.post(shared, fields_of(tess.get(shared))).status_code == 302
    assert "Of the lake." in gus.get(f"/people/shared-notes/{note.pk}/").content.decode()

    assert tess.post(f"/people/notes/{note.pk}/withdrawal/").status_code == 302
    assert gus.get(f"/people/shared-notes/{note.pk}/").status_code == 404
    assert "Talk" not in gus.get("/people/shared/").content.decode()


def test_page_made_before_somebody_wrote_on_signs_nothing(cast):
    note = write(cast)
    tess = browser_of(cast.tess)
    fields = fields_of(tess.get(f"/people/notes/{note.pk}/signature/"))
    actions.write_note(note, title="", body="Other.", seen=1, by=cast.nora, now=clock.now())

    assert tess.post(f"/people/notes/{note.pk}/signature/", fields).status_code == 422
    assert not note.signatures.exists()


def test_reading_is_kept(cast):
    note = write(cast)
    tess = browser_of(cast.tess)
    for path in ("", "part/", "print/"):
        assert tess.get(f"/people/notes/{note.pk}/{path}").status_code == 200
    tess.get(f"/people/clients/{cast.cleo.pk}/notes/?q=sea")

    acts = list(AuditEvent.objects.filter(actor_id=str(cast.tess.pk)).values_list("action", flat=True))
    assert acts.count("note.read") == 3 and acts.count("notes.searched") == 1
    assert "sea" not in json.dumps(list(AuditEvent.objects.values_list("changes", flat=True)))


def test_search_shows_what_is_found(cast):
    write(cast, title="Sea talk")
    write(cast, title="Hills", body="<p>Nothing wet.</p>")
    page = browser_of(cast.tess).get(f"/people/clients/{cast.cleo.pk}/notes/?q=SEA")

    assert [row.title for row in page.context["rows"]] == ["Sea talk"]


@pytest.mark.parametrize("who", ["sam", "gus", "ada"])
def test_nobody_else_opens_a_note(cast, who):
    note = write(cast)
    browser = browser_of(getattr(cast, who))
    for path in ("", "text/", "versions/", "signature/", "share/", "print/"):
        assert browser.get(f"/people/notes/{note.pk}/{path}").status_code == 404
    assert browser.post(f"/people/clients/{cast.cleo.pk}/notes/new/", {"appointment": ""}).status_code == 404


def test_agent_reads_what_is_shared(cast):
    note = write(cast, title="Talk")
    share(cast, note)
    ada = browser_of(cast.ada)

    assert "Talk" in ada.get("/people/shared/").content.decode()
    assert ada.get(f"/people/shared-notes/{note.pk}/").status_code == 200


def test_list_asks_the_same_for_one_note_as_for_twenty(cast):
    tess, counts = browser_of(cast.tess), []
    for number in (1, 19):
        for _ in range(number):
            sign(cast, write(cast, appointment=None))
        path = f"/people/clients/{cast.cleo.pk}/notes/"
        tess.get(path)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert tess.get(path).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 15


def test_templates_are_the_organizations(cast):
    nora, tess = browser_of(cast.nora), browser_of(cast.tess)
    assert not NoteTemplate.objects.exists()
    assert nora.post("/settings/notes/new/", {"name": "Visit", "body": "<h2>How was it?</h2>"}).status_code == 302
    template = NoteTemplate.objects.get()
    assert tess.get("/settings/notes/").status_code == 403

    tess.post(f"/people/clients/{cast.cleo.pk}/notes/new/", {"appointment": "", "template": str(template.pk)})
    assert Note.objects.get().text.body == "<h2>How was it?</h2>"
    assert nora.post(f"/settings/notes/{template.pk}/removal/").status_code == 302
    assert not NoteTemplate.objects.exists()


def test_client_made_inactive_while_the_share_is_open(cast):
    note = write(cast)
    share(cast, note)
    gus = browser_of(cast.gus)
    Client.objects.filter(pk=cast.cleo.pk).update(status="inactive")
    assert gus.get(f"/people/shared-notes/{note.pk}/").status_code in (302, 404)


def test_second_tab_of_the_same_person_loses_neither_text(cast):
    note = write(cast, body="First.")
    tess = browser_of(cast.tess)
    one, other = (fields_of(tess.get(f"/people/notes/{note.pk}/text/")) for _ in range(2))
    assert save(tess, note, other, body="<p>The other tab.</p>").status_code == 200

    refused = save(tess, note, one, body="<p>This tab.</p>")
    assert refused.status_code == 409 and "Tess North (you)" in refused.json()["message"]
    assert save(tess, note, one, body="<p>This tab.</p>").status_code == 409  # nobody has chosen yet
    saved = save(tess, note, one, body="<p>This tab.</p>", form_version=refused.json()["version"])

    assert saved.status_code == 200
    note.refresh_from_db()
    assert note.text.body == "<p>This tab.</p>"
    assert [each.text.body for each in note.versions.all()] == ["<p>The other tab.</p>"]
    on = save(tess, note, one, body="<p>This tab, on.</p>", form_version=saved.json()["version"])
    assert on.status_code == 200 and note.versions.count() == 1  # the choice held for one text


def test_form_without_scripts_keeps_both_texts_as_well(cast):
    note = write(cast, body="First.")
    tess, path = browser_of(cast.tess), f"/people/notes/{note.pk}/text/"
    one, other = (fields_of(tess.get(path)) for _ in range(2))
    assert tess.post(path, {**other, "body": ["<p>The other tab.</p>"]}).status_code == 302

    told = tess.post(path, {**one, "body": ["<p>This tab.</p>"]})
    assert told.status_code == 422 and "This tab." in told.content.decode()
    assert tess.post(path, {**fields_of(told), "body": ["<p>This tab.</p>"]}).status_code == 302

    note.refresh_from_db()
    assert note.text.body == "<p>This tab.</p>"
    assert "<p>The other tab.</p>" in [each.text.body for each in note.versions.all()]


def test_own_text_is_set_aside_where_the_other_one_stays(cast):
    note = write(cast, body="First.")
    tess, nora = browser_of(cast.tess), browser_of(cast.nora)
    fields, theirs = (fields_of(each.get(f"/people/notes/{note.pk}/text/")) for each in (tess, nora))
    save(nora, note, theirs, body="<p>Nora's.</p>")
    refused = save(tess, note, fields, body="<p>Tess's.</p>")

    kept = save(tess, note, fields, body="<p>Tess's.</p>", form_version=refused.json()["version"], aside="1")

    assert kept.status_code == 200 and kept.json()["url"] == f"/people/notes/{note.pk}/text/"
    note.refresh_from_db()
    assert note.text.body == "<p>Nora's.</p>"
    assert "<p>Tess's.</p>" in [each.text.body for each in note.versions.all()]


def readings(user):
    return AuditEvent.objects.filter(action="note.read", actor_id=str(user.pk)).count()


@pytest.mark.parametrize("page", ["text", "signature", "share", "addition"])
def test_page_that_shows_the_words_of_a_colleague_counts_as_reading(cast, page):
    note = write(cast)
    if page in ("signature", "addition"):
        sign(cast, note)

    shown = browser_of(cast.nora).get(f"/people/notes/{note.pk}/{page}/")

    assert "She spoke of the sea." in shown.content.decode()
    assert readings(cast.nora) == 1


def test_refused_form_that_shows_the_words_counts_as_reading(cast):
    note = write(cast)
    sign(cast, note)

    shown = browser_of(cast.nora).post(f"/people/notes/{note.pk}/addition/", {"body": " "})

    assert shown.status_code == 422 and "She spoke of the sea." in shown.content.decode()
    assert readings(cast.nora) == 1


def test_own_note_beside_the_pictures_counts_once_a_colleague_has_written_in_it(cast):
    appointment = book(cast)
    note = write(cast, appointment=appointment)
    tess, path = browser_of(cast.tess), f"/people/appointments/{appointment.pk}/records/"
    assert "spoke of the sea" in tess.get(path).content.decode() and readings(cast.tess) == 0

    actions.write_note(note, title="", body="Of the lake.", seen=1, by=cast.nora, now=clock.now())

    assert "Of the lake." in tess.get(path).content.decode() and readings(cast.tess) == 1


def test_note_that_cannot_be_read_is_not_offered_to_be_written(cast):
    note = write(cast)
    Note.objects.filter(pk=note.pk).update(sealed="of another house")

    answer = browser_of(cast.tess).get(f"/people/notes/{note.pk}/text/", follow=True)

    assert answer.redirect_chain[-1][0] == f"/people/notes/{note.pk}/"
    assert "cannot be read at the moment" in answer.content.decode()
