"""Forms are made, sent, filled in, signed, opened again; who may, who is told, and what no table shows."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from core.kernel import clock, outbox
from core.kernel.errors import ConflictError, DomainError, NotFound
from core.notifications.models import Notice
from core.people.models import Client
from core.people.roles import ClientPermission
from core.records.questionnaires import actions, queries
from core.records.questionnaires.actions.responses import Evidence, is_intact
from core.records.questionnaires.deletion_guards import forms_stand_in_the_way
from core.records.questionnaires.models import (
    Questionnaire,
    QuestionnaireRequest,
    QuestionnaireResponse,
    ResponseSignature,
)
from core.records.questionnaires.permissions import (
    KEEP,
    can_answer,
    get_form,
    get_request,
    get_response,
    requests_kept_by,
    requests_to,
    requests_visible_to,
)
from core.records.questionnaires.rules.questionnaires import Definition, Item, Kind, without_item
from tests.factories.questionnaires import EVERYTHING, FILLED, NASTY, SHORT, answer, ask, make_form


def again(request):
    return get_request_of(request.pk)


def get_request_of(pk):
    return QuestionnaireRequest.objects.get(pk=pk)


def deliver():
    while outbox.deliver_due():
        pass


def test_sent_version_never_changes_and_a_change_makes_another(cast):
    form = make_form(cast)
    one = ask(cast, form=form)
    actions.withdraw_request(one, by=cast.tess, now=clock.now())
    same = ask(cast, form=form)
    assert same.version == one.version
    actions.withdraw_request(same, by=cast.tess, now=clock.now())
    actions.change_items(form, lambda each: without_item(each, "q2"), by=cast.nora, now=clock.now())
    two = ask(cast, form=Questionnaire.objects.get())
    assert two.version.number == 2 and again(one).version.definition == EVERYTHING != two.version.definition


def test_those_who_can_fill_it_in_are_told_without_a_word_of_it(cast, mailoutbox):
    canary = "Quetzalcoatlus"
    ask(cast, Definition(canary, canary, items=(Item("q1", Kind.TEXT, canary),)), message=canary)
    deliver()
    assert len(mailoutbox) == len({mail.to[0] for mail in mailoutbox}) >= 1
    assert not any(canary in mail.message().as_string() for mail in mailoutbox)
    assert Notice.objects.count() == len(mailoutbox)
    assert not any(canary in str(vars(notice)) for notice in Notice.objects.all())


def test_no_mail_about_what_was_taken_back_or_answered(cast, mailoutbox):
    request = ask(cast, SHORT)
    actions.withdraw_request(request, by=cast.tess, now=clock.now())
    answer(cast, ask(cast, SHORT), {"q1": "x"})
    deliver()
    assert mailoutbox == []


def test_answers_are_kept_half_way_and_signed_with_evidence(cast):
    request, now = ask(cast), clock.now()
    half = actions.write_answers(request, {"q2": NASTY}, seen=0, by=cast.gus, now=now)
    assert half.submitted_at is None and half.revision == 1
    with pytest.raises(DomainError) as refused:
        actions.submit_answers(request, seen=1, evidence=Evidence(), by=cast.gus, now=now)
    assert refused.value.code == "answers_missing"
    sent = answer(cast, again(request))
    assert is_intact(sent) and again(request).state == "answered"
    signed = {row.item_key: row.content for row in ResponseSignature.objects.filter(response=sent)}
    assert set(signed) == {"q10", "q11"}
    assert signed["q11"]["name"] == FILLED["q11"] and signed["q11"]["address"] == "192.0.2.7"
    assert signed["q11"]["digest"] == sent.digest and len(sent.digest) == 64
    told = Notice.objects.filter(user_id=cast.tess.pk)
    assert told.exists() and not any("Cleo answered" in str(vars(notice)) for notice in told)
    for late in ({"q2": "Later"}, {}):
        with pytest.raises(ConflictError) as refused:
            actions.write_answers(request, late, seen=sent.revision, by=cast.gus, now=now)
        assert refused.value.code == "request_answered"


def test_answers_that_were_changed_in_the_database_are_seen(cast):
    sent = answer(cast, ask(cast))
    sent.keep(answers={**sent.answers, "q2": "Somebody else"}, digest=sent.digest, submitter=sent.submitter)
    sent.save()
    assert not is_intact(QuestionnaireResponse.objects.get(pk=sent.pk))


def test_what_is_not_asked_any_more_is_left_out(cast):
    sent = answer(cast, ask(cast), {**FILLED, "q3": "No", "q4": "Not asked"})
    assert "q4" not in sent.answers


@pytest.mark.parametrize(
    "given", [{"q3": "Perhaps"}, {"q5": 99}, {"q8": "never"}, {"q7": ["x"]}, {"zz": "x"}, {"q2": "\x00"}, {"q1": "x"}]
)
def test_what_is_no_answer_is_refused(cast, given):
    request = ask(cast)
    with pytest.raises(DomainError):
        actions.write_answers(request, given, seen=0, by=cast.gus, now=clock.now())
    assert again(request).latest.revision == 0


def test_second_writer_from_an_old_page_is_refused(cast):
    request, now = ask(cast), clock.now()
    actions.write_answers(request, {"q2": "One"}, seen=0, by=cast.gus, now=now)
    with pytest.raises(ConflictError) as refused:
        actions.write_answers(request, {"q2": "Two"}, seen=0, by=cast.gus, now=now)
    assert refused.value.code == "answers_moved_on" and again(request).latest.answers == {"q2": "One"}


def test_opened_again_keeps_what_was_sent_in(cast):
    request, now = ask(cast), clock.now()
    first = answer(cast, request)
    actions.reopen_request(again(request), message="Once more", by=cast.tess, now=now)
    found = again(request)
    assert found.is_open and found.latest.number == 2 and found.latest.answers["q2"] == "Cleo"
    assert not {"q10", "q11"} & set(found.latest.answers)
    second = answer(cast, found, {**FILLED, "q2": "Otherwise"})
    assert [each.answers["q2"] for each in found.responses.all()] == ["Cleo", "Otherwise"]
    assert is_intact(QuestionnaireResponse.objects.get(pk=first.pk)) and is_intact(second)


def test_declined_with_a_reason_that_only_the_record_shows(cast):
    request = ask(cast)
    actions.decline_request(request, reason="Too personal", by=cast.gus, now=clock.now())
    assert again(request).state == "declined" and again(request).end.reason == "Too personal"
    assert Notice.objects.filter(user_id=cast.tess.pk).exists()
    with pytest.raises(ConflictError):
        actions.write_answers(request, {"q2": "x"}, seen=0, by=cast.gus, now=clock.now())
    with pytest.raises(ConflictError):
        actions.withdraw_request(request, by=cast.tess, now=clock.now())


# -- who may -----------------------------------------------------------------------------------------------------------


def test_who_may_what(cast):
    request = ask(cast)
    for user in (cast.tess, cast.nora):
        assert requests_kept_by(user).get() == request and get_request(user, request.pk, to=KEEP)
    assert requests_to(cast.gus).get() == request and can_answer(cast.gus, request)
    with pytest.raises(PermissionDenied):
        get_request(cast.gus, request.pk, to=KEEP)
    for stranger in (cast.ada, cast.sam):
        assert not requests_visible_to(stranger).exists() and not can_answer(stranger, request)
        with pytest.raises(NotFound):
            get_request(stranger, request.pk)
    with pytest.raises(PermissionDenied):
        actions.write_answers(request, {"q2": "x"}, seen=0, by=cast.ada, now=clock.now())
    with pytest.raises(PermissionDenied):
        actions.create_form(SHORT, by=cast.tess, now=clock.now())
    with pytest.raises(NotFound):
        get_form(cast.gus, request.version.questionnaire_id)


def test_predicate_and_queryset_agree_for_the_whole_cast(cast):
    everybody = [cast.nora, cast.sam, cast.tess, cast.gus, cast.ada]
    requests = [ask(cast), ask(cast, SHORT, addressee=cast.gus)]
    for user in everybody:
        assert set(requests_to(user)) == {each for each in requests if can_answer(user, each)}


def test_what_is_not_sent_in_is_read_by_nobody_else(cast):
    request = ask(cast)
    with pytest.raises(NotFound):
        get_response(cast.tess, request.latest.pk)
    sent = answer(cast, request)
    assert get_response(cast.tess, sent.pk) == sent and get_response(cast.gus, sent.pk) == sent
    with pytest.raises(NotFound):
        get_response(cast.ada, sent.pk)


def test_nobody_is_asked_who_may_not(cast):
    cast.cleo.permissions = [each for each in cast.cleo.permissions if each != ClientPermission.COMPLETE_REQUESTS.value]
    cast.cleo.save()
    with pytest.raises(DomainError) as refused:
        ask(cast)
    assert refused.value.code == "nobody_answers"


def test_same_form_is_not_asked_for_twice_at_once(cast):
    form = make_form(cast)
    ask(cast, form=form)
    with pytest.raises(ConflictError) as refused:
        ask(cast, form=form)
    assert refused.value.code == "already_asked"


def test_empty_form_and_one_that_is_put_away_are_not_sent(cast):
    with pytest.raises(ConflictError):
        ask(cast, Definition("Empty"))
    form = make_form(cast, SHORT)
    actions.archive_form(form, by=cast.nora, now=clock.now())
    with pytest.raises(ConflictError):
        ask(cast, form=form)
    actions.restore_form(form, by=cast.nora, now=clock.now())
    assert ask(cast, form=form)


# -- reminders ---------------------------------------------------------------------------------------------------------


def test_two_reminders_and_no_more(cast, mailoutbox):
    start = clock.now()
    ask(cast, SHORT, due_on=(start + timedelta(days=10)).date())
    deliver()
    first = len(mailoutbox)
    for days in range(1, 20):
        actions.remind_of_what_is_due(now=start + timedelta(days=days))
    deliver()
    assert len(mailoutbox) == 3 * first
    assert all("SHORT" not in mail.body and "Shortly" not in mail.body for mail in mailoutbox)


def test_nobody_is_reminded_of_what_is_answered_or_without_a_day(cast, mailoutbox):
    start = clock.now()
    answer(cast, ask(cast, SHORT, due_on=(start + timedelta(days=3)).date()), {"q1": "x"})
    ask(cast, SHORT)
    ask(cast, SHORT, due_on=(start + timedelta(days=3)).date(), reminds=False)
    deliver()
    mailoutbox.clear()
    for days in range(1, 20):
        actions.remind_of_what_is_due(now=start + timedelta(days=days))
    deliver()
    assert mailoutbox == []


def test_reminded_by_hand_once_a_day(cast):
    request, now = ask(cast, SHORT), clock.now()
    with pytest.raises(ConflictError):
        actions.remind(request, by=cast.tess, now=now)
    actions.remind(request, by=cast.tess, now=now + timedelta(days=1))
    with pytest.raises(ConflictError):
        actions.remind(request, by=cast.tess, now=now + timedelta(days=1, hours=1))


# -- kept ----------------------------------------------------------------------------------------------------------------


def test_no_table_holds_a_word_that_was_answered(cast):
    word = "Quetzalcoatlus"
    request = ask(cast, message=word)
    answer(cast, request, {**FILLED, "q2": word, "q11": word})
    actions.reopen_request(again(request), message=word, by=cast.tess, now=clock.now())
    actions.decline_request(again(request), reason=word, by=cast.gus, now=clock.now())
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" AS row WHERE row::text ILIKE %s', [f"%{word}%"])
            assert cursor.fetchone() == (0,), table


def test_client_with_forms_is_not_deleted_unseen(cast):
    assert forms_stand_in_the_way(cast.cleo) is None
    ask(cast)
    assert forms_stand_in_the_way(Client.objects.get(pk=cast.cleo.pk))


def test_answers_that_cannot_be_read_are_not_written_over(cast):
    request = ask(cast)
    QuestionnaireResponse.objects.filter(request=request).update(sealed="of another house")
    with pytest.raises(ConflictError) as refused:
        actions.write_answers(request, {"q2": "x"}, seen=0, by=cast.gus, now=clock.now())
    assert refused.value.code == "text_unreadable"


def test_lists_by_state(cast):
    today = clock.now().date()
    late = ask(cast, SHORT, due_on=today)
    done = ask(cast, due_on=today)
    answer(cast, done)

    def of(state, day=today):
        return list(queries.outstanding(cast.tess, state=state, today=day))

    assert of("open") == [late] and of("overdue") == [] and of("overdue", today + timedelta(days=1)) == [late]
    assert of("new") == [done] == of("answered")
    actions.answers_read(again(done), by=cast.tess, now=clock.now())
    assert of("new") == [] and of("answered") == [done]
    assert list(queries.to_fill_in(cast.gus)) == [late]
