"""Choosing people: a few are offered, the others are found, and the door is asked again when the form is sent."""

import json
from uuid import uuid4

import pytest
from django import forms
from django.http import QueryDict

from core.people.models import Agent, Assignment, Client, LinkedLogin, StaffMember, User
from core.people.permissions import clients_visible_to
from portal import person_choices
from portal.people.choices import AGENTS, CLIENTS, COLLEAGUES, PRACTITIONERS
from portal.person_choices import MOST, Offer
from portal.person_fields import PeopleField, PersonField
from portal.scheduling.choices import BOOKABLE
from tests.factories.scheduling import make_client

ZONE = "Europe/Berlin"
PAGES = [
    "/appointments/new/",
    "/calendar/",
    "/billing/invoices/new/",
    "/billing/rates/new/",
    "/people/clients/permissions/",
    "/people/agents/",
    "/people/agents/{agent.pk}/",
    "/people/clients/{cleo.pk}/agents/",
    "/people/clients/{cleo.pk}/practitioners/",
    "/people/staff/{tess_staff.pk}/schedule-admins/",
    "/people/staff/{tess_staff.pk}/",
    "/people/staff/",
    "/settings/audit/",
]


def crowd(number: int, cast) -> None:
    """So many clients, colleagues and agents more, all of them Tess's and in Ada's care."""
    clients = Client.objects.bulk_create(
        Client(first_name=f"Person{at:04}", last_name=f"Crowd{at:04}", time_zone=ZONE) for at in range(number)
    )
    Assignment.objects.bulk_create(Assignment(client=each, practitioner=cast.tess_staff) for each in clients)
    users = User.objects.bulk_create(
        User(email=f"crowd{at}@north.test", name=f"Colleague {at:04}", time_zone=ZONE) for at in range(number)
    )
    StaffMember.objects.bulk_create(StaffMember(user=each, role="practitioner") for each in users)
    Agent.objects.bulk_create(Agent(user=each) for each in users)


@pytest.mark.parametrize("page", PAGES)
def test_no_form_grows_with_the_number_of_people(cast, visit, page):
    url = page.format(**vars(cast))
    crowd(60, cast)
    browser = visit(cast.nora)
    before = len(browser.get(url).content)

    Client.objects.bulk_create(
        Client(first_name=f"Other{at:04}", last_name="Crowd", time_zone=ZONE) for at in range(300)
    )
    more = User.objects.bulk_create(
        User(email=f"other{at}@north.test", name=f"Other {at:04}", time_zone=ZONE) for at in range(300)
    )
    StaffMember.objects.bulk_create(StaffMember(user=each, role="practitioner") for each in more)
    Agent.objects.bulk_create(Agent(user=each) for each in more)
    Assignment.objects.bulk_create(
        Assignment(client=each, practitioner=cast.tess_staff) for each in Client.objects.filter(last_name="Crowd")
    )

    answer = browser.get(url)
    assert answer.status_code == 200
    assert len(answer.content) < before * 1.1


def test_no_form_loads_all_rows_of_people():
    """A select of rows is for what a practice has a dozen of; people are chosen by the picker."""
    people = {"people", "billing", "scheduling"}
    small = {"Service", "CompletionType", "Participant", "BookableResource"}
    found = [
        f"{form.__qualname__}.{name}"
        for form in _subclasses(forms.BaseForm)
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.ModelChoiceField)
        and field.queryset is not None
        and field.queryset.model._meta.app_label in people
        and field.queryset.model.__name__ not in small
        and form.__module__.startswith("portal.")
    ]

    assert not found


def _subclasses(kind):
    for one in kind.__subclasses__():
        yield one
        yield from _subclasses(one)


def test_few_are_a_list_and_many_a_search(cast, visit):
    browser = visit(cast.nora)
    assert b"<person-picker" not in browser.get("/appointments/new/").content

    crowd(MOST + 1, cast)

    shown = browser.get("/appointments/new/").content.decode()
    assert shown.count("<person-picker") == 2
    assert 'data-address="/people/choices/bookable/' in shown


def test_own_and_recent_ones_come_first(cast, visit):
    crowd(MOST + 5, cast)
    zoe = make_client("Zoe Zuletzt")
    Assignment.objects.create(client=zoe, practitioner=cast.nora_staff)
    last = make_client("Yan Gerade")
    browser = visit(cast.nora)
    browser.get(f"/people/clients/{last.pk}/")

    first, more = Offer(CLIENTS, cast.nora).first()

    assert more
    assert len(first) == MOST
    assert [each.name.split()[0] for each in first[:2]] == ["Yan", "Zoe"]


def test_scripts_find_by_typing(cast, visit):
    crowd(MOST + 5, cast)
    browser = visit(cast.nora)

    found = browser.get("/people/choices/clients/", {"q": "marten"}).json()
    assert found == {
        "people": [{"key": str(cast.cleo.pk), "name": "Cleo Marten", "detail": "Tess North"}],
        "more": False,
    }
    many = browser.get("/people/choices/clients/", {"q": "crowd"}).json()
    assert len(many["people"]) == MOST and many["more"]
    assert browser.get("/people/choices/clients/", {"q": "zzzz"}).json() == {"people": [], "more": False}


@pytest.mark.parametrize(
    "source",
    [
        "clients",
        "bookable",
        "billed",
        "practitioners",
        "colleagues",
        "changeable",
        "agents",
        "schedules",
        "calendars",
        "scored",
        "callers",
        "paid_by_the_same",
    ],
)
def test_choices_are_for_those_who_work_here(cast, visit, source):
    assert {each.name for each in person_choices.sources()} >= {source}
    for user in (cast.gus, cast.ada, cast.cleo_login):
        assert visit(user).get(f"/people/choices/{source}/").status_code == 404
    assert visit(cast.olga, organization="south").get(f"/people/choices/{source}/?q=Cleo").status_code == 200
    assert b"Cleo" not in visit(cast.olga, organization="south").get(f"/people/choices/{source}/?q=Cleo").content
    assert visit(None).get(f"/people/choices/{source}/").status_code in (302, 401)


def test_choices_of_an_unknown_kind_are_not_there(cast, visit):
    assert visit(cast.nora).get("/people/choices/nothing/").status_code == 404
    assert visit(cast.nora).get("/people/choices/agents/?client=x").status_code == 404


def test_a_practitioner_finds_only_those_whom_they_see(cast, visit):
    make_client("Otto Fremd")
    answer = visit(cast.tess).get("/people/choices/clients/", {"q": "Fremd"}).json()
    assert answer["people"] == []
    assert visit(cast.tess).get("/people/choices/billed/").json()["people"] == []
    assert visit(cast.tess).get("/people/choices/agents/").status_code == 403


class Asked(forms.Form):
    who = PersonField(CLIENTS)
    all = PeopleField(CLIENTS)


def asked(user, **data):
    form = Asked(_posted(data))
    for field in form.fields.values():
        field.offer(user)
    return form


def _posted(data):
    posted = QueryDict(mutable=True)
    for name, values in data.items():
        posted.setlist(name, values)
    return posted


def test_what_is_chosen_goes_through_the_door(cast):
    stranger = make_client("Otto Fremd")
    for key in (str(stranger.pk), str(uuid4()), "x", "' OR 1=1", "\x00"):
        form = asked(User.objects.get(pk=cast.tess.pk), who=[key], all=[str(cast.cleo.pk), key])
        assert not form.is_valid()
        said = json.dumps(form.errors)
        assert "Choose from the list" in said
        assert key not in said

    form = asked(User.objects.get(pk=cast.tess.pk), who=[str(cast.cleo.pk)], all=[str(cast.cleo.pk)])
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"who": cast.cleo, "all": [cast.cleo]}


def test_nobody_chosen_is_said_in_words(cast):
    form = asked(cast.nora)
    assert not form.is_valid()
    assert form.errors["who"] == ["This field is required."]
    assert form.errors["all"] == ["This field is required."]


def test_without_scripts_a_button_searches_and_keeps_what_was_typed(cast, visit):
    crowd(MOST + 5, cast)
    fields = {
        "description": "Two hours of talk", "client-find": "marten", "find-people": "client", "client": "", "price": "x",
    }  # fmt: skip
    answer = visit(cast.nora).post("/billing/invoices/new/", fields)
    shown = answer.content.decode()

    assert answer.status_code == 200
    assert "Two hours of talk" in shown
    assert f'value="{cast.cleo.pk}"' in shown
    assert "Crowd0001" not in shown
    assert "field__error" not in shown


def test_chosen_ones_stay_chosen_while_one_searches(cast, visit):
    crowd(MOST + 5, cast)
    chosen = Client.objects.get(last_name="Crowd0016")
    fields = {"clients": [str(chosen.pk)], "clients-find": "marten", "find-people": "clients"}
    shown = visit(cast.nora).post("/appointments/new/", fields).content.decode()

    assert f'value="{chosen.pk}"' in shown
    box = shown[shown.index(f'value="{chosen.pk}"') :].split(">")[0]
    assert "checked" in box


def test_offers_agree_with_their_doors(cast):
    for user in (cast.nora, cast.tess, cast.sam):
        user = User.objects.get(pk=user.pk)
        assert set(Offer(CLIENTS, user).rows) == set(clients_visible_to(user).filter(archived_at=None))
        bookable = Offer(BOOKABLE, user)
        assert set(bookable.rows) == {cast.cleo}
        assert list(bookable.with_keys([cast.cleo.pk])) == [cast.cleo]
    assert [each.key for each in Offer(PRACTITIONERS, cast.nora, {"client": cast.cleo.pk}).first()[0]]
    colleagues = {each.key for each in Offer(COLLEAGUES, cast.nora, {"staff": cast.tess_staff.pk}).first()[0]}
    assert colleagues == {str(cast.nora_staff.pk)}
    assert Offer(AGENTS, cast.nora, {"client": cast.cleo.pk}).first()[0] == []
    assert LinkedLogin.objects.exists()


def test_a_practitioner_without_clients_reads_why_and_whom_to_ask(cast, visit):
    Assignment.objects.all().delete()

    shown = visit(cast.tess).get("/appointments/new/").content.decode()

    assert "Nobody active is assigned to you yet. Ask to have somebody assigned to you: Nora North." in shown


def test_the_owner_of_an_empty_practice_reads_what_to_do(cast, visit):
    Client.objects.update(status="inactive")

    assert "Nobody is active yet. Add somebody" in visit(cast.nora).get("/appointments/new/").content.decode()


@pytest.mark.parametrize(
    ("status", "assigned", "sentence"),
    [("inactive", True, "Cleo Marten is not active."), ("active", False, "Choose from the list")],
)
def test_each_reason_against_a_booking_is_a_sentence(cast, visit, status, assigned, sentence):
    """PPL-30: not active, not assigned; who has no permission does not get the form."""
    fields = {
        "practitioner": str(cast.tess_staff.pk), "clients": [str(cast.cleo.pk)], "service_name": "Talk", "date": "2027-03-10",
        "time": "10:00", "minutes": "50", "time_zone": ZONE, "mode": "online",
    }  # fmt: skip
    Client.objects.filter(pk=cast.cleo.pk).update(status=status)
    if not assigned:
        Assignment.objects.all().delete()

    answer = visit(cast.tess).post("/appointments/new/", fields)

    assert answer.status_code == 422
    shown = answer.content.decode()
    assert sentence in shown
    assert f"{cast.cleo.pk} " not in shown
