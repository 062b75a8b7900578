"""The pages of forms, from every side: written, sent, filled in on a phone, signed, read, opened again."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.kernel import clock
from core.kernel.models import AuditEvent
from core.people.roles import ClientPermission
from core.records.questionnaires import actions
from core.records.questionnaires.models import Questionnaire, QuestionnaireRequest, ResponseFile
from core.records.questionnaires.rules.questionnaires import Definition, Item, Kind
from tests.factories.files import pdf
from tests.factories.pages import fields_of
from tests.factories.questionnaires import EVERYTHING, NASTY, SHORT, answer, ask, make_form
from tests.factories.scheduling import book
from tests.factories.web import browser_of


def json_of(browser, path, form):
    return browser.post(path, {**form, "autosave": "1"}, headers={"Accept": "application/json"})


# -- written ---------------------------------------------------------------------------------------------------------


def test_form_is_made_of_every_kind_of_part_and_looked_at(cast):
    nora = browser_of(cast.nora)
    sent = nora.post("/forms/new/", {"title": NASTY})
    form = Questionnaire.objects.get()
    assert sent["Location"] == f"/forms/{form.pk}/"
    for kind in Kind:
        path = f"/forms/{form.pk}/items/new/{kind}/"
        values = fields_of(nora.get(path))
        done = nora.post(path, {**values, "text": f"{NASTY} {kind}", "choices": "Often = 3\nNever"})
        assert done.status_code == 302, (kind, done.content.decode()[-3000:])
    form.refresh_from_db()
    assert [item.kind for item in form.definition.items] == list(Kind)
    page = nora.get(f"/forms/{form.pk}/").content.decode()
    assert "<b>“" not in page and "Often" in page and "= 3" not in page
    assert "Often" in nora.get(f"/forms/{form.pk}/preview/").content.decode()


@pytest.mark.parametrize("code", ["consent", "intake", "feedback"])
def test_ready_made_form_is_used_and_made_ones_own(cast, code):
    nora = browser_of(cast.nora)
    assert nora.post("/forms/new/", {"begin_with": f"starter:{code}"}).status_code == 302
    form = Questionnaire.objects.get()
    assert form.title and form.definition.asked and "%(" not in str(form.kept)
    assert nora.post(f"/forms/{form.pk}/copy/").status_code == 302
    assert Questionnaire.objects.count() == 2


def test_parts_are_moved_dragged_changed_and_removed(cast):
    form, nora = make_form(cast), browser_of(cast.nora)
    base = f"/forms/{form.pk}/"

    def keys():
        form.refresh_from_db()
        return [item.key for item in form.definition.items]

    assert nora.post(f"{base}items/q2/move/", {"to": "down"}).status_code == 302
    assert keys()[1:3] == ["q3", "q2"]
    wanted = [*keys()[::-1]]
    refused = nora.post(f"{base}order/", {"keys": " ".join(wanted), "seen": str(form.revision)}, follow=True)
    assert "depend" in refused.content.decode() and keys() != wanted  # q4 would stand before what it depends on
    first = ["q2", *[key for key in keys() if key != "q2"]]
    assert nora.post(f"{base}order/", {"keys": " ".join(first), "seen": str(form.revision)}).status_code == 302
    assert keys() == first
    late = nora.post(f"{base}order/", {"keys": " ".join(sorted(first)), "seen": "0"}, follow=True)
    assert "meanwhile" in late.content.decode() and keys() == first
    assert nora.post(f"{base}items/q3/removal/").status_code == 302
    assert "q3" not in keys() and form.definition.item("q4").condition is None
    path = f"{base}items/q2/"
    shown = nora.post(path, {**fields_of(nora.get(path)), "text": "Otherwise?", "preview": "1"})
    assert "Otherwise?" in shown.content.decode() and form.definition.item("q2").text != "Otherwise?"
    assert nora.post(path, {**fields_of(nora.get(path)), "text": "Otherwise?"}).status_code == 302
    keys()
    assert form.definition.item("q2").text == "Otherwise?"


def test_two_people_change_one_part(cast):
    form = make_form(cast)
    path = f"/forms/{form.pk}/items/q2/"
    nora, sam = browser_of(cast.nora), browser_of(cast.nora)
    first, second = fields_of(nora.get(path)), fields_of(sam.get(path))
    assert sam.post(path, {**second, "text": "Theirs?"}).status_code == 302
    assert nora.post(path, {**first, "text": "Mine?"}).status_code == 422
    assert nora.post(path, {**first, "hint": "As you like"}).status_code == 302
    form.refresh_from_db()
    assert (form.definition.item("q2").text, form.definition.item("q2").hint) == ("Theirs?", "As you like")


def test_only_who_looks_after_all_records_writes_forms(cast):
    form = make_form(cast)
    tess, gus = browser_of(cast.tess), browser_of(cast.gus)
    assert tess.get(f"/forms/{form.pk}/").status_code == 200 and tess.get("/forms/").status_code == 200
    for path in ("/forms/new/", f"/forms/{form.pk}/details/", f"/forms/{form.pk}/items/q2/"):
        assert tess.get(path).status_code == 403, path
        assert gus.get(path).status_code in (403, 404), path
    assert gus.get(f"/forms/{form.pk}/").status_code == 404 and gus.get("/forms/").status_code == 404
    assert gus.get("/forms/sent/").status_code == 404 and browser_of(cast.ada).get("/forms/sent/").status_code == 404


# -- sent and filled in ----------------------------------------------------------------------------------------------


def test_form_is_sent_filled_in_half_way_gone_on_with_and_sent_in(cast):
    form, tess, gus = make_form(cast), browser_of(cast.tess), browser_of(cast.gus)
    path = f"/people/clients/{cast.cleo.pk}/forms/new/"
    values = fields_of(tess.get(path))
    due = f"{clock.now():%Y-%m-%d}"
    sent = tess.post(path, {**values, "chosen": str(form.pk), "due_on": due, "message": NASTY}, follow=True)
    assert "1 form is sent" in sent.content.decode() and EVERYTHING.title in sent.content.decode()
    request = QuestionnaireRequest.objects.get()
    assert EVERYTHING.title in gus.get("/forms/mine/").content.decode()
    assert EVERYTHING.title in gus.get(f"/people/clients/{cast.cleo.pk}/forms/").content.decode()

    first = gus.get(f"/forms/requests/{request.pk}/")["Location"]
    page = gus.get(first)
    assert "Take your time" in page.content.decode() and "<b>“" not in page.content.decode()
    typed = {**fields_of(page), "q2": NASTY}
    assert json_of(gus, first, typed).status_code == 200
    again = fields_of(gus.get(first))
    assert again["q2"] == [NASTY]
    assert gus.post(first, {**again, "q3": "Yes", "go": "next"}).status_code == 422  # q4 is asked now
    page = fields_of(gus.get(first))
    on = gus.post(first, {**page, "q3": "Yes", "q4": "Well.", "q5": "7", "go": "next"})
    second = on["Location"]
    assert second.endswith("/answers/2/")
    assert gus.post(second, {**fields_of(gus.get(second)), "go": "send"}).status_code == 422
    stay = {**fields_of(gus.get(second)), "go": "stay", "q7": [upload("letter.pdf")]}
    assert gus.post(second, stay).status_code == 302
    assert ResponseFile.objects.get().file.name == "letter.pdf"
    last = {**fields_of(gus.get(second)), "q8": "2026-05-04", "q9": ["A"], "q10": "on", "q11": NASTY, "go": "send"}
    done = gus.post(second, last)
    assert done["Location"] == f"/forms/requests/{request.pk}/", done.content.decode()[-2000:]
    assert EVERYTHING.title not in gus.get("/forms/mine/").content.decode()

    request.refresh_from_db()
    shown = gus.get(f"/forms/requests/{request.pk}/").content.decode()
    assert "letter<wbr>.pdf" in shown and "<b>“" not in shown and "of 16" not in shown
    read = tess.get(f"/forms/requests/{request.pk}/").content.decode()
    assert "letter<wbr>.pdf" in read and "127.0.0.1" in read and "10 of 16" in read
    assert f"Filled in by {cast.gus.name}" in read
    assert "New" not in tess.get(f"/people/clients/{cast.cleo.pk}/forms/").content.decode().split("<main")[1]
    document = gus.get(f"/forms/answers/{request.latest.pk}/document/")
    assert document["Content-Type"] == "application/pdf" and document.content[:5] == b"%PDF-"


def upload(name):
    return SimpleUploadedFile(name, pdf(1))


def test_two_tabs_keep_what_each_has_answered(cast):
    request, gus, cleo = ask(cast), browser_of(cast.gus), browser_of(cast.gus)
    path = f"/forms/requests/{request.pk}/answers/1/"
    one, two = fields_of(gus.get(path)), fields_of(cleo.get(path))
    assert json_of(gus, path, {**one, "q2": "From one"}).status_code == 200
    kept = json_of(cleo, path, {**two, "q5": "3"})
    assert kept.status_code == 200
    assert request.latest.answers == {"q2": "From one", "q5": 3}
    both = json_of(cleo, path, {**two, "q2": "From two"})
    assert both.status_code == 422 and "From one" in both.json()["message"]
    assert QuestionnaireRequest.objects.get().latest.answers["q2"] == "From one"


def test_taken_back_while_somebody_fills_it_in(cast):
    request, gus = ask(cast), browser_of(cast.gus)
    path = f"/forms/requests/{request.pk}/answers/1/"
    page = fields_of(gus.get(path))
    assert browser_of(cast.tess).post(f"/forms/requests/{request.pk}/withdrawal/").status_code == 302
    refused = json_of(gus, path, {**page, "q2": "Typed"})
    assert refused.status_code == 409 and refused.json()["is_signed"] is True
    late = gus.post(path, {**page, "q2": "Typed", "go": "next"})
    assert late.status_code == 422 and "Typed" in late.content.decode() and "taken back" in late.content.decode()
    assert gus.get(path)["Location"] == f"/forms/requests/{request.pk}/"
    gone = gus.get(f"/forms/requests/{request.pk}/")
    assert gone.status_code in (200, 302)


def test_form_changed_while_it_is_answered_stays_as_it_was_sent(cast):
    form = make_form(cast)
    request, nora, gus = ask(cast, form=form), browser_of(cast.nora), browser_of(cast.gus)
    path = f"/forms/requests/{request.pk}/answers/1/"
    page = fields_of(gus.get(path))
    assert nora.post(f"/forms/{form.pk}/items/q2/removal/").status_code == 302
    assert gus.post(path, {**page, "q2": "Still asked", "go": "next"}).status_code == 302
    answer(cast, QuestionnaireRequest.objects.get())
    assert "How shall we call you?" in browser_of(cast.tess).get(f"/forms/requests/{request.pk}/").content.decode()
    again = ask(cast, form=Questionnaire.objects.get())
    assert again.version.number == 2 and again.version.definition.item("q2") is None


def test_declined_and_opened_again(cast):
    request, gus, tess = ask(cast), browser_of(cast.gus), browser_of(cast.tess)
    base = f"/forms/requests/{request.pk}/"
    assert gus.post(f"{base}refusal/", {"reason": NASTY}).status_code == 302
    assert "would rather not" in tess.get(base).content.decode()
    assert gus.get(f"{base}reopening/").status_code == 403
    assert tess.post(f"{base}reopening/", {"message": "Please do"}).status_code == 302
    answer(cast, QuestionnaireRequest.objects.get())
    assert tess.post(f"{base}reopening/", {"message": "Once more"}).status_code == 302
    request = QuestionnaireRequest.objects.get()
    assert request.latest.number == 2 and "q11" not in request.latest.answers and request.latest.answers["q2"] == "Cleo"
    assert "Once more" in gus.get(f"{base}answers/1/").content.decode()
    assert tess.post(f"{base}withdrawal/").status_code == 302


def test_one_login_alone_fills_in_what_was_sent_to_it(cast):
    request = ask(cast, addressee=cast.gus)
    others = [browser_of(user) for user in (cast.ada, cast.sam)]
    base = f"/forms/requests/{request.pk}/"
    assert browser_of(cast.gus).get(base, follow=True).status_code == 200
    assert all(each.get(base).status_code == 404 for each in others)
    own = [login for login in actions.requests.may_be_answered_by(cast.cleo) if login != cast.gus]
    for login in own:
        assert browser_of(login).get(base).status_code == 404
        assert EVERYTHING.title not in browser_of(login).get("/forms/mine/").content.decode()


def test_client_who_may_not_fill_in_forms_sees_none(cast):
    request = ask(cast)
    cast.cleo.permissions = [each for each in cast.cleo.permissions if each != ClientPermission.COMPLETE_REQUESTS.value]
    cast.cleo.save()
    gus = browser_of(cast.gus)
    assert gus.get(f"/forms/requests/{request.pk}/").status_code == 404
    assert gus.get(f"/people/clients/{cast.cleo.pk}/forms/").status_code == 403
    assert "/forms/" not in gus.get(f"/people/clients/{cast.cleo.pk}/").content.decode().replace("/forms/mine/", "")


def test_files_are_taken_back_and_read_by_those_who_may(cast):
    request, gus = ask(cast), browser_of(cast.gus)
    path = f"/forms/requests/{request.pk}/answers/2/"
    gus.post(path, {**fields_of(gus.get(path)), "go": "stay", "q7": [upload("a.pdf"), upload("b.pdf")]})
    one, two = ResponseFile.objects.order_by("pk")
    assert browser_of(cast.tess).get(f"/forms/files/{one.pk}/").status_code == 404  # not sent in yet
    assert gus.post(f"/forms/files/{one.pk}/removal/")["Location"] == path
    answer(cast, QuestionnaireRequest.objects.get())
    read = browser_of(cast.tess).get(f"/forms/files/{two.pk}/")
    assert read.status_code == 200
    assert gus.post(f"/forms/files/{two.pk}/removal/", follow=True).status_code == 200
    assert ResponseFile.objects.count() == 1
    assert browser_of(cast.ada).get(f"/forms/files/{two.pk}/").status_code == 404
    assert AuditEvent.objects.filter(action="form_file.read").exists()


def test_what_is_to_be_filled_in_stands_in_the_waiting_room(cast):
    appointment = book(cast)
    ask(cast, SHORT)
    part = browser_of(cast.gus).get(f"/forms/waiting/{appointment.pk}/").content.decode()
    assert "Shortly" in part and 'target="_blank"' in part
    assert "Shortly" not in browser_of(cast.ada).get(f"/forms/waiting/{appointment.pk}/").content.decode()


def test_lists_take_the_same_queries_for_many(cast, django_assert_max_num_queries):
    for number in range(4):
        answer(cast, ask(cast, Definition(f"Nr. {number}", items=(Item("q1", Kind.TEXT, "?"),))), {"q1": "x"})
    tess = browser_of(cast.tess)
    for path in ("/forms/sent/?state=new", f"/people/clients/{cast.cleo.pk}/forms/", "/forms/"):
        tess.get(path)
        with django_assert_max_num_queries(22):
            assert tess.get(path).status_code == 200


def test_what_was_filled_in_is_asked_for_by_state(cast):
    ask(cast, SHORT)
    tess = browser_of(cast.tess)
    assert "Shortly" in tess.get("/forms/sent/").content.decode()
    assert "Shortly" not in tess.get("/forms/sent/?state=overdue").content.decode()
    assert "Shortly" not in tess.get("/forms/sent/?state=new").content.decode()
    answer(cast, QuestionnaireRequest.objects.get(), {"q1": "Yes"})
    assert "Shortly" in tess.get("/forms/sent/?state=new").content.decode()
    assert "Shortly" in tess.get("/forms/sent/?state=answered").content.decode()
