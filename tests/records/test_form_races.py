"""What two do with one form at the same moment: real threads, real transactions."""

import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from django.db import connections

from core.kernel import clock
from core.kernel.errors import DomainError
from core.people.models import Client, LinkedLogin, User
from core.records.questionnaires import actions
from core.records.questionnaires.actions.responses import Evidence
from core.records.questionnaires.models import (
    Questionnaire,
    QuestionnaireRequest,
    QuestionnaireResponse,
    QuestionnaireVersion,
    ResponseSignature,
)
from core.records.questionnaires.rules.questionnaires import Definition, Item, Kind, with_item
from tenants.context import organization_context
from tests.factories.committed import committed_organization

THREADS = 6
ASKED = (Item("q1", Kind.TEXT, "Well?"), Item("q2", Kind.SIGNATURE, "Signed"))


@pytest.fixture(scope="module")
def desk(django_db_setup, django_db_blocker):
    """An owner, a client with a login, a form; committed."""
    with committed_organization(slug="desk", host="desk.test", blocker=django_db_blocker) as found:
        owner = User.objects.get(email="olive@desk.test")
        client = Client.objects.create(first_name="Kim", last_name="Desk", time_zone="UTC")
        login = User.objects.create_user(email="kim@desk.test", name="Kim", time_zone="UTC")
        LinkedLogin.objects.create(user=login, client=client, relationship="self")
        yield SimpleNamespace(organization=found, owner=owner, client=client, login=login)


@pytest.fixture
def stage(desk):
    with organization_context(desk.organization):
        desk.form = actions.create_form(Definition("Race", items=ASKED), by=desk.owner, now=clock.now())
        yield desk
        QuestionnaireRequest.objects.all().delete()
        QuestionnaireVersion.objects.all().delete()
        Questionnaire.objects.all().delete()


def at_once(stage, act):
    """What became of each thread: "done", or a refusal's code."""
    start = threading.Barrier(THREADS, timeout=30)

    def run(number):
        with organization_context(stage.organization):
            try:
                start.wait()
                act(number)
            except DomainError as refused:
                return refused.code
            else:
                return "done"
            finally:
                connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def asked(stage):
    [request] = actions.send_forms(stage.client, [stage.form], by=stage.owner, now=clock.now())
    return request


def test_one_of_many_tabs_sends_it_in(stage):
    request, now = asked(stage), clock.now()
    actions.write_answers(request, {"q1": "x", "q2": "Kim"}, seen=0, by=stage.login, now=now)

    became = at_once(
        stage, lambda _: actions.submit_answers(request, seen=1, evidence=Evidence(), by=stage.login, now=now)
    )

    assert sorted(became) == ["done", *["request_answered"] * (THREADS - 1)]
    assert ResponseSignature.objects.count() == 1


def test_taken_back_and_sent_in_at_once_is_one_of_both(stage):
    request, now = asked(stage), clock.now()
    actions.write_answers(request, {"q1": "x"}, seen=0, by=stage.login, now=now)

    def act(number):
        if number % 2:
            actions.withdraw_request(request, by=stage.owner, now=now)
        else:
            actions.submit_answers(request, seen=1, evidence=Evidence(), by=stage.login, now=now)

    became = at_once(stage, act)

    request = QuestionnaireRequest.objects.get()
    assert became.count("done") == 1 and request.state in ("answered", "withdrawn")
    assert (request.answered_at is None) == (request.state == "withdrawn")


def test_form_changed_while_it_is_sent_is_the_one_or_the_other(stage):
    def act(number):
        if number % 2:
            item = Item(f"n{number}", Kind.TEXT, f"Added {number}")
            actions.change_items(stage.form, lambda each: with_item(each, item), by=stage.owner, now=clock.now())
        else:
            asked(stage)

    became = at_once(stage, act)

    assert became.count("done") == THREADS // 2 + 1  # of the sendings one, because it is asked for once at a time
    [version] = QuestionnaireVersion.objects.all()
    before = version.kept
    actions.change_items(stage.form, lambda each: with_item(each, Item("z", Kind.TEXT, "Last")), by=stage.owner, now=clock.now())  # fmt: skip
    assert QuestionnaireVersion.objects.get().kept == before


def test_opened_again_by_many_is_opened_once(stage):
    request, now = asked(stage), clock.now()
    actions.write_answers(request, {"q1": "x"}, seen=0, by=stage.login, now=now)
    actions.submit_answers(request, seen=1, evidence=Evidence(), by=stage.login, now=now)

    became = at_once(stage, lambda _: actions.reopen_request(request, by=stage.owner, now=clock.now()))

    assert sorted(became) == ["done", *["still_open"] * (THREADS - 1)]
    assert QuestionnaireResponse.objects.filter(submitted_at=None).count() == 1
