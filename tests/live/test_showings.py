"""Resources and files of the client before everybody in a session: who shows what, who may look, until when, and what stays of it."""

from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.files.models import StoredFile
from core.kernel import clock, outbox
from core.kernel.errors import ConflictError, DomainError, NotFound
from core.kernel.models import AuditEvent
from core.people.models import Assignment, LinkedLogin
from core.people.signals import access_changed, access_ended
from core.records.actions import add_client_file, remove_client_file
from core.resources import actions as resources
from sessions_live import actions
from sessions_live.models import Admission, Showing
from sessions_live.personal_links.sessions import remember
from sessions_live.showings.actions import showing as showings
from sessions_live.showings.permissions import get_showing
from sessions_live.showings.queries import showing_facts, used_at, used_in
from tests.factories.files import docx, downloaded, given, jpeg, pdf
from tests.factories.links import come, link_of
from tests.factories.scheduling import book, make_client
from tests.factories.web import browser_of
from tests.live.arrivals import let_in, tess_and_gus

SECRET = "Quetzalcoatlus"


@pytest.fixture(autouse=True)
def _own_store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def plan(cast):
    """A PDF of Tess's own."""
    return resources.add_file(given=given(pdf(3), "Plan.pdf"), by=cast.tess, now=clock.now())


@pytest.fixture
def session(cast, room):
    """Tess and Gus are in."""
    let_in(room, cast, cast.gus)
    return room


def show(room, resource, by):
    return showings.show_resource(room, resource.pk, by=by, now=clock.now())


def address_of(showing, what="file"):
    return f"/live/showings/{showing.pk}/{what}/"


def status(user, showing, what="file"):
    return browser_of(user).get(address_of(showing, what)).status_code


# -- over the socket -------------------------------------------------------------------------------------------------


def test_everybody_is_told_what_is_open_and_where_it_plays(cast, room, scenes):
    song = resources.add_file(given=given(b"ID3" + bytes(200), "Song.mp3"), by=cast.tess, now=clock.now())

    async def play(connect):
        tess, gus, gus_id = await tess_and_gus(connect, cast, room)
        await tess.hear("showing", showing="")
        await tess.send_message("show", resource=str(song.pk))
        opened = await tess.hear("showing")
        assert (opened["kind"], opened["title"], opened["playing"]) == ("audio", "Song", False)
        await tess.send_message("showing_steer", showing=opened["showing"], playing=True, position=42.5)
        await tess.hear("showing", playing=True)
        await tess.send_message("admit", admission=gus_id)
        there = await gus.hear("showing")  # whoever comes later is brought there
        assert (there["playing"], there["position"]) == (True, 42.5)
        assert 0 <= there["now"] - there["at"] < 30
        await tess.send_message("showing_steer", showing=opened["showing"], playing=False, position=7)
        assert (await gus.hear("showing"))["position"] == 7
        await tess.send_message("showing_close")
        await gus.hear("showing", showing="")

    scenes(play)


def test_who_waits_hears_nothing_and_a_guest_shows_nothing(cast, room, plan, scenes):
    async def play(connect):
        tess, gus, gus_id = await tess_and_gus(connect, cast, room)
        await gus.send_message("show", resource=str(plan.pk))
        assert (await gus.hear("error"))["code"] == "not_joined"
        await tess.send_message("show", resource=str(plan.pk))
        assert (await tess.hear("showing", title="Plan"))["pages"] is None
        await gus.rest()
        assert "showing" not in gus.kinds()
        await tess.send_message("admit", admission=gus_id)
        opened = await gus.hear("showing")
        for kind, fields in (
            ("show", {"resource": str(plan.pk)}),
            ("showing_steer", {"showing": opened["showing"], "playing": True, "position": 1}),
            ("showing_close", {}),
        ):
            await gus.send_message(kind, **fields)
            assert (await gus.hear("error"))["code"] == "not_allowed"

    scenes(play)


@pytest.mark.parametrize("fields", [{"resource": "no id"}, {"client_file": "no id"}, {}])
def test_what_names_nothing_leaves_the_host_in_the_room(cast, room, scenes, fields):
    async def play(connect):
        tess, _gus, _ = await tess_and_gus(connect, cast, room)
        await tess.send_message("show", **fields)
        assert (await tess.hear("error"))["code"] == "nothing_to_show"
        await tess.send_message("showing_steer", showing="no id", playing=True, position=1)
        assert (await tess.hear("error"))["code"] == "no_showing"
        await tess.send_message("ping", at=1)
        await tess.hear("pong")

    scenes(play)


# -- what may be shown -----------------------------------------------------------------------------------------------


def test_colleagues_resource_is_shown_from_the_store_only(cast, room):
    other = resources.add_link(address="https://example.org", title="A page", by=cast.nora, now=clock.now())
    with pytest.raises(DomainError) as refused:
        show(room, other, cast.tess)
    assert refused.value.code == "nothing_to_show" and not Showing.objects.exists()
    resources.share_resource(resource=other, by=cast.nora, now=clock.now())
    assert show(room, other, cast.tess).resource == other


def test_kind_that_no_page_shows_is_refused(cast, room):
    letter = resources.add_file(given=given(docx(), "Letter.docx"), by=cast.tess, now=clock.now())
    with pytest.raises(DomainError) as refused:
        show(room, letter, cast.tess)
    assert refused.value.code == "not_shown_here" and not Showing.objects.exists()


@pytest.mark.parametrize(
    ("state", "code"), [(StoredFile.State.CHECKING, "file_checking"), (StoredFile.State.INFECTED, "file_infected")]
)
def test_file_that_is_not_ready_is_refused(cast, room, plan, state, code):
    stored_as = "" if state == StoredFile.State.INFECTED else plan.file.stored_as
    StoredFile.objects.filter(pk=plan.file_id).update(state=state, stored_as=stored_as)
    with pytest.raises((ConflictError, DomainError)) as refused:
        show(room, plan, cast.tess)
    assert refused.value.code == code and not Showing.objects.exists()


def test_nothing_is_shown_when_the_room_is_closed(cast, room, plan):
    late = clock.now() + timedelta(days=1)
    for act in (
        lambda: showings.show_resource(room, plan.pk, by=cast.tess, now=late),
        lambda: showings.show_client_file(room, None, by=cast.tess, now=late),
        lambda: showings.close_showing(room, by=cast.tess, now=late),
    ):
        with pytest.raises(DomainError) as refused:
            act()
        assert refused.value.code == "too_late"


def test_one_is_open_at_a_time_and_each_stays_once(cast, room, plan):
    page = resources.add_link(address="https://example.org", title="A page", by=cast.tess, now=clock.now())
    first, second, again = (show(room, each, cast.tess) for each in (plan, page, plan))
    assert first.pk == again.pk and second.pk != first.pk
    assert [each.closed_at is None for each in used_in(room, cast.tess)] == [True, False]
    with pytest.raises(IntegrityError), transaction.atomic():
        Showing.objects.filter(pk=second.pk).update(closed_at=None)


def test_only_what_plays_is_steered_and_within_reason(cast, room, plan):
    song = resources.add_file(given=given(b"ID3" + bytes(200), "Song.mp3"), by=cast.tess, now=clock.now())
    how = {"playing": True, "by": cast.tess, "now": clock.now()}
    paper = show(room, plan, cast.tess)
    with pytest.raises(DomainError) as refused:
        showings.steer_showing(room, paper.pk, position=1.0, **how)
    assert refused.value.code == "no_showing"
    playing = show(room, song, cast.tess)
    for position, kept in ((-5.0, 0.0), (1e12, 43200.0), (float("nan"), 0.0)):
        assert showings.steer_showing(room, playing.pk, position=position, **how).position == kept
    with pytest.raises(DomainError):  # another one is open by now
        showings.steer_showing(room, paper.pk, position=1.0, **how)


def test_opening_and_closing_are_noted_by_id(cast, room, plan):
    show(room, plan, cast.tess)
    showings.close_showing(room, by=cast.tess, now=clock.now())
    showings.close_showing(room, by=cast.tess, now=clock.now())
    noted = AuditEvent.objects.filter(action__startswith="showing.").values_list("action", "changes")
    assert sorted(noted, key=str) == [
        ("showing.closed", {"resource": [str(plan.pk), None]}),
        ("showing.opened", {"resource": [None, str(plan.pk)]}),
    ]


# -- who looks at it -------------------------------------------------------------------------------------------------


def test_whoever_is_in_reads_the_file_while_it_is_open(cast, session, plan):
    showing = show(session, plan, cast.tess)
    answer = browser_of(cast.gus).get(address_of(showing))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert downloaded(answer) == pdf(3) and answer["Cache-Control"] == "private, no-store"
    part = browser_of(cast.gus).get(address_of(showing), headers={"Range": "bytes=0-3"})
    assert part.status_code == 206 and downloaded(part) == pdf(3)[:4]

    showings.close_showing(session, by=cast.tess, now=clock.now())
    assert status(cast.gus, showing) == status(cast.tess, showing) == 404
    assert status(cast.gus, show(session, plan, cast.tess)) == 200
    page = resources.add_link(address="https://example.org", title="A page", by=cast.tess, now=clock.now())
    assert status(cast.gus, show(session, page, cast.tess)) == 404  # a link has no file
    assert status(cast.gus, showing) == 404  # another one has taken its place


def test_who_is_not_in_reads_nothing(cast, session, plan, visit):
    showing = show(session, plan, cast.tess)
    assert status(cast.cleo_login, showing) == 404  # a guest of this session who has not come
    waiting = actions.ask_admission(session, by=cast.cleo_login, now=clock.now())
    assert status(cast.cleo_login, showing) == 404  # at the door
    actions.admit(session, waiting.pk, by=cast.tess, now=clock.now())
    assert status(cast.cleo_login, showing) == 200
    assert status(cast.sam, showing) == status(cast.ada, showing) == 404
    assert browser_of().get(address_of(showing)).status_code == 404

    gus = Admission.objects.get(room=session, user=cast.gus)
    actions.deny(session, gus.pk, by=cast.tess, now=clock.now())  # taken out
    assert status(cast.gus, showing) == 404


def test_somebody_of_another_room_reads_nothing(cast, session, plan):
    showing = show(session, plan, cast.tess)
    other = make_client("Otto")
    LinkedLogin.objects.create(user=cast.ada, client=other, relationship="guardian")
    beside = book(
        cast, at=clock.now() + timedelta(minutes=5), practitioner=cast.sam_staff, clients=[other], by=cast.nora
    )
    room = actions.open_room(beside, now=clock.now())
    actions.ask_admission(room, by=cast.sam, now=clock.now())
    asked = actions.ask_admission(room, by=cast.ada, now=clock.now())
    actions.admit(room, asked.pk, by=cast.sam, now=clock.now())
    assert status(cast.ada, showing) == status(cast.sam, showing) == 404


def test_session_that_ends_closes_it(cast, session, plan):
    showing = show(session, plan, cast.tess)
    actions.end_session(session, by=cast.tess, now=clock.now())
    let_in(session, cast, cast.gus)  # they meet again
    assert status(cast.gus, showing) == 404
    assert showing_facts(session) == {"showing": ""}


def test_room_that_has_closed_answers_nobody(cast, session, plan):
    showing = show(session, plan, cast.tess)
    assert get_showing(cast.gus, showing.pk, now=clock.now()) == showing
    with pytest.raises(NotFound):
        get_showing(cast.gus, showing.pk, now=clock.now() + timedelta(days=1))


def test_what_is_withdrawn_or_deleted_is_closed_at_once(cast, session):
    other = resources.add_file(given=given(pdf(1), "Plan.pdf"), by=cast.nora, now=clock.now())
    resources.share_resource(resource=other, by=cast.nora, now=clock.now())
    showing = show(session, other, cast.tess)
    assert status(cast.gus, showing) == 200
    resources.withdraw_resource(resource=other, by=cast.nora)
    assert status(cast.gus, showing) == 404 and showing_facts(session) == {"showing": ""}
    assert AuditEvent.objects.filter(action="showing.closed", actor_kind="system").count() == 1
    resources.share_resource(resource=other, by=cast.nora, now=clock.now())
    assert status(cast.gus, showing) == 404  # until it is opened again
    show(session, other, cast.tess)
    assert status(cast.gus, showing) == 200
    resources.delete_resource(resource=other, by=cast.nora)
    assert status(cast.gus, showing) == 404 and showing_facts(session) == {"showing": ""}
    [used] = used_in(session, cast.tess)
    assert used.name == "Plan"  # what it was called stays


def test_pages_hear_when_it_is_gone(cast, room, plan, scenes):
    colleagues = resources.add_link(address="https://example.org", title="A page", by=cast.nora, now=clock.now())
    resources.share_resource(resource=colleagues, by=cast.nora, now=clock.now())
    resources.share_resource(resource=plan, by=cast.tess, now=clock.now())
    row = file_of(cast)
    withdraw, delete = sync_to_async(resources.withdraw_resource), sync_to_async(resources.delete_resource)

    async def play(connect):
        tess, _gus, _ = await tess_and_gus(connect, cast, room)
        await tess.send_message("show", resource=str(colleagues.pk))
        await tess.hear("showing", title="A page")
        await withdraw(resource=colleagues, by=cast.nora)
        await tess.hear("showing", showing="")
        await tess.send_message("show", client_file=str(row.pk))
        await tess.hear("showing", title=f"{SECRET}.pdf")
        await sync_to_async(remove_client_file)(row, by=cast.tess, now=clock.now())
        await tess.hear("showing", showing="")
        await tess.send_message("show", resource=str(plan.pk))
        await tess.hear("showing", title="Plan")
        await withdraw(resource=plan, by=cast.tess)  # her own, which she goes on showing
        await tess.rest()
        assert tess.heard[-1]["type"] != "showing" or tess.heard[-1]["showing"]
        await delete(resource=plan, by=cast.tess)
        await tess.hear("showing", showing="")

    scenes(play)


def test_pages_hear_when_its_host_may_see_it_no_more(cast, room, plan, scenes):
    deactivate = sync_to_async(end_access)

    async def play(connect):
        tess, gus, gus_id = await tess_and_gus(connect, cast, room)
        await tess.send_message("admit", admission=gus_id)
        await tess.send_message("show", resource=str(plan.pk))
        await gus.hear("showing", title="Plan")
        await deactivate(cast.tess)
        await gus.hear("showing", showing="")

    scenes(play)
    noted = AuditEvent.objects.get(action="showing.closed")
    assert (noted.actor_kind, noted.changes) == ("system", {"resource": [str(plan.pk), None]})


def test_change_of_access_leaves_open_what_its_host_still_sees(cast, session, plan):
    show(session, plan, cast.tess)
    access_changed.send(sender=None, user=cast.tess, now=clock.now())
    assert showing_facts(session)["title"] == "Plan"


def end_access(user):
    user.is_active = False
    user.save()
    access_ended.send(sender=None, user=user, now=clock.now())


def test_picture_is_shown_without_its_place(cast, session):
    photo = resources.add_file(given=given(jpeg(), "Cat.jpg"), by=cast.tess, now=clock.now())
    showing = show(session, photo, cast.tess)
    assert showing_facts(session)["picture"] is False and status(cast.gus, showing, "picture") == 404
    while outbox.deliver_due():
        pass
    assert showing_facts(session)["picture"] is True
    answer = browser_of(cast.gus).get(address_of(showing, "picture"))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert b"CanaryCamera" not in downloaded(answer)
    showings.close_showing(session, by=cast.tess, now=clock.now())
    assert status(cast.gus, showing, "picture") == 404


# -- guests by a personal link -----------------------------------------------------------------------------------------


def browser_of_guest(guest):
    browser = browser_of()
    session = browser.session
    remember(session, guest)
    session.save()
    browser.cookies["sessionid"] = session.session_key
    return browser


def test_guest_by_link_reads_it_in_that_room_alone(cast, plan):
    now = clock.now()
    link = link_of(cast.tess_staff)
    room = actions.open_personal_room(link, now=now)
    guest, stranger = come(link, "Maria"), come(link, "Paul")
    actions.ask_admission(room, by=cast.tess, now=now)
    asked = actions.ask_admission(room, by=guest, now=now)
    showing = show(room, plan, cast.tess)
    browser = browser_of_guest(guest)
    assert browser.get(address_of(showing)).status_code == 404  # at the door
    actions.admit(room, asked.pk, by=cast.tess, now=now)
    assert browser.get(address_of(showing)).status_code == 200
    assert browser_of_guest(stranger).get(address_of(showing)).status_code == 404
    actions.deny(room, asked.pk, by=cast.tess, now=now)
    assert browser.get(address_of(showing)).status_code == 404
    actions.end_session(room, by=cast.tess, now=now)
    assert not Showing.objects.exists()  # nobody would read what was used with a guest


# -- files of the client -----------------------------------------------------------------------------------------------


def file_of(cast, client=None, by=None):
    return add_client_file(
        client or cast.cleo, given=given(pdf(2), f"{SECRET}.pdf"), by=by or cast.tess, now=clock.now()
    )


def show_file(room, row, by):
    return showings.show_client_file(room, row.pk, by=by, now=clock.now())


def test_file_of_the_client_is_shown_by_whoever_keeps_the_record(cast, session):
    row = file_of(cast)
    showing = show_file(session, row, cast.tess)
    assert status(cast.gus, showing) == 200
    assert showing_facts(session)["title"] == f"{SECRET}.pdf"
    assert showing.title == "" and SECRET not in str(showing)  # a name is kept with its file only
    assert AuditEvent.objects.filter(action="client_file.read", actor_id=str(cast.tess.pk)).count() == 1
    assert not AuditEvent.objects.filter(changes__icontains=SECRET).exists()
    Assignment.objects.filter(practitioner=cast.tess_staff, client=cast.cleo).delete()
    assert status(cast.gus, showing) == 404  # whoever opened it may not see it any more


def test_file_that_is_removed_is_closed_and_has_no_name_left(cast, session):
    row = file_of(cast)
    showing = show_file(session, row, cast.tess)
    remove_client_file(row, by=cast.tess, now=clock.now())
    assert status(cast.gus, showing) == 404
    [used] = used_in(session, cast.tess)
    assert used.name == ""


def test_file_of_somebody_else_is_not_shown(cast, room):
    other = make_client("Otto")
    Assignment.objects.create(practitioner=cast.tess_staff, client=other)
    with pytest.raises(DomainError) as refused:
        show_file(room, file_of(cast, other), cast.tess)
    assert refused.value.code == "nothing_to_show"


def test_host_without_the_record_shows_no_file(cast, room):
    row = file_of(cast)
    for user in (cast.sam, cast.gus, cast.ada):
        with pytest.raises(DomainError) as refused:
            show_file(room, row, user)
        assert refused.value.code == "nothing_to_show"
    assert not Showing.objects.exists()


def test_no_file_is_shown_in_a_group_or_by_a_personal_link(cast):
    other = make_client("Otto")
    group = book(
        cast,
        at=clock.now() + timedelta(minutes=5),
        practitioner=cast.tess_staff,
        clients=[cast.cleo, other],
        by=cast.nora,
    )
    row = file_of(cast)
    for room in (
        actions.open_room(group, now=clock.now()),
        actions.open_personal_room(link_of(cast.tess_staff), now=clock.now()),
    ):
        with pytest.raises(DomainError) as refused:
            show_file(room, row, cast.tess)
        assert refused.value.code == "nothing_to_show"


# -- the list to choose from, and what stays ------------------------------------------------------------------------------


def choice(user, appointment, **asked):
    return browser_of(user).get(f"/live/{appointment.pk}/choice/", asked)


def test_choice_is_the_own_list_searched(cast, appointment, session, plan):
    resources.change_resource(
        resource=plan, title="Plan of the house", description="", tags=["verbs"], by=cast.tess, now=clock.now()
    )
    resources.add_link(address="https://example.org", title="A page", by=cast.tess, now=clock.now())
    resources.add_file(given=given(docx(), "Letter.docx"), by=cast.tess, now=clock.now())
    resources.add_file(given=given(pdf(1), "Noras.pdf"), by=cast.nora, now=clock.now())
    for asked, found in (
        ({}, {"Plan of the house", "A page"}),
        ({"q": "house"}, {"Plan of the house"}),
        ({"q": "verbs"}, {"Plan of the house"}),
        ({"tag": "verbs"}, {"Plan of the house"}),
        ({"kind": "link"}, {"A page"}),
        ({"kind": "document"}, {"Plan of the house", "A page"}),  # no kind that is offered
        ({"q": "nothing of that"}, set()),
    ):
        rows = choice(cast.tess, appointment, **asked).context["rows"]
        assert {row["title"] for row in rows} == found, asked


def test_choice_is_for_hosts(cast, appointment, session):
    assert choice(cast.tess, appointment).status_code == 200
    assert choice(cast.gus, appointment).status_code == 403
    assert choice(cast.ada, appointment).status_code in (403, 404)
    sam = choice(cast.sam, appointment, **{"from": "files"})  # runs the schedule, and keeps no record of Cleo
    assert (sam.status_code, sam.context["source"], sam.context["client"]) == (200, "list", None)


def test_choice_shows_the_clients_files_to_whoever_keeps_the_record(cast, appointment, session):
    file_of(cast)
    rows = choice(cast.tess, appointment, **{"from": "files"}).context["rows"]
    assert [row["title"] for row in rows] == [f"{SECRET}.pdf"]
    Assignment.objects.filter(practitioner=cast.tess_staff, client=cast.cleo).delete()
    page = choice(cast.tess, appointment, **{"from": "files"})
    assert page.context["source"] == "list" and SECRET not in page.content.decode()


def test_choice_asks_as_many_questions_for_many_as_for_one(cast, appointment, session):
    def asked(**how):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert choice(cast.tess, appointment, **how).status_code == 200
        return len(queries)

    def bring():
        resources.add_file(given=given(pdf(1), "Plan.pdf"), by=cast.tess, now=clock.now())
        row = file_of(cast)
        show_file(session, row, cast.tess)

    bring()
    asked()  # what is remembered of the organization is read once
    one = asked(), asked(**{"from": "files"})
    for _ in range(4):
        bring()
    assert (asked(), asked(**{"from": "files"})) == one


def test_what_was_used_stands_with_the_appointment_for_staff(cast, appointment, session, plan):
    show(session, plan, cast.tess)
    show_file(session, file_of(cast), cast.tess)
    actions.end_session(session, by=cast.tess, now=clock.now())
    assert [each.name for each in used_at(appointment, cast.tess)] == ["Plan", f"{SECRET}.pdf"]
    assert used_at(appointment, cast.gus) == []
    mine = browser_of(cast.tess).get(f"/appointments/{appointment.pk}/").content.decode()
    assert f"/resources/{plan.pk}/" in mine and SECRET in mine
    theirs = browser_of(cast.gus).get(f"/appointments/{appointment.pk}/").content.decode()
    assert "/resources/" not in theirs and SECRET not in theirs

    Assignment.objects.filter(practitioner=cast.tess_staff, client=cast.cleo).delete()
    assert [each.name for each in used_at(appointment, cast.tess)] == ["Plan"]
