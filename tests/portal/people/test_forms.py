"""What the forms and buttons do: good input, bad input, without scripts and with htmx."""

import pytest

from core.people import deletion, grants
from core.people.models import Assignment, Client, Invitation, LinkedLogin, StaffMember, User
from portal.people.assignments import mark_of
from portal.people.forms import ClientForm

BERLIN = "Europe/Berlin"
NEW = {
    "first_name": "Max", "last_name": "Long", "status": "active", "time_zone": BERLIN, "color": "#0f766e",
    "login-email": "mia@example.test", "login-name": "Mia Long", "login-relationship": "guardian", "login-time_zone": "",
}  # fmt: skip
STAFF = {"name": "Pia New", "email": "pia@example.test", "time_zone": BERLIN, "role": "practitioner"}


def test_new_client_with_a_guardian(cast, visit):
    answer = visit(cast.nora).post("/people/clients/new/", NEW)

    client = Client.objects.get(first_name="Max")
    assert (answer.status_code, answer.url) == (302, f"/people/clients/{client.pk}/")
    link = client.links.get()
    assert (link.relationship, link.user.time_zone) == ("guardian", BERLIN)
    assert Invitation.objects.get().user == link.user


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"time_zone": ""}, "Choose a time zone"),
        ({"time_zone": "Mars/Base"}, "Choose a time zone from the list"),
        ({"first_name": ""}, "This field is required"),
        ({"login-email": "no address"}, "Enter a valid email address"),
        ({"login-name": ""}, "Enter the name"),
        ({"login-email": "GUS@north.test"}, "already has a login here"),
        ({"status": "famous"}, "Choose from the list"),
        ({"born_on": "yesterday"}, "Enter a valid date"),
        ({"color": "red"}, "Enter a valid value"),
    ],
)
def test_new_client_says_what_is_wrong(cast, visit, change, sentence):
    answer = visit(cast.nora).post("/people/clients/new/", {**NEW, **change})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Client.objects.filter(last_name="Long").exists()


def test_taken_address_offers_to_link_that_login(cast, visit):
    taken = {**NEW, "login-email": "gus@north.test", "login-name": ""}
    browser = visit(cast.nora)
    assert (
        "Link the login that has this address already"
        in browser.post("/people/clients/new/", {**taken, "login-name": "Gus"}).content.decode()
    )

    assert browser.post("/people/clients/new/", {**taken, "login-existing": "on"}).status_code == 302
    assert Client.objects.get(first_name="Max").logins.get() == cast.gus


def test_details_and_contact_are_saved(cast, visit):
    details = {**NEW, "first_name": "Cleopatra", "additional_information": "Likes cats"}
    assert visit(cast.nora).post(f"/people/clients/{cast.cleo.pk}/details/", details).status_code == 302
    contact = {"email": "c@example.test", "phone": "1", "time_zone": "Europe/Lisbon"}
    assert visit(cast.gus).post(f"/people/clients/{cast.cleo.pk}/contact/", contact).status_code == 302

    client = Client.objects.get(pk=cast.cleo.pk)
    assert (client.first_name, client.additional_information, client.time_zone) == (
        "Cleopatra", "Likes cats", "Europe/Lisbon",
    )  # fmt: skip
    assert visit(cast.ada).post(f"/people/clients/{cast.cleo.pk}/contact/", contact).status_code == 403


def test_status_from_the_list_without_scripts_and_with_htmx(cast, visit):
    browser, url = visit(cast.nora), f"/people/clients/{cast.cleo.pk}/status/"

    plain = browser.post(url, {"status": "inactive", "from": "list", "confirmed": "yes"})
    assert (plain.status_code, plain.url) == (302, "/people/clients/")
    row = browser.post(url, {"status": "prospect"}, headers={"HX-Request": "true"})

    assert row.status_code == 200
    assert row.content.decode().strip().startswith("<tr")
    assert Client.objects.get(pk=cast.cleo.pk).status == "prospect"
    assert browser.post(url, {"status": "famous"}).status_code == 302
    assert Client.objects.get(pk=cast.cleo.pk).status == "prospect"


def test_logins_practitioners_and_agents_are_tied_and_untied(cast, visit):
    browser, home = visit(cast.nora), f"/people/clients/{cast.cleo.pk}/"
    login = {"email": "dad@example.test", "name": "Dad", "relationship": "guardian", "time_zone": BERLIN}

    assert browser.post(f"{home}logins/", login).status_code == 302
    link = LinkedLogin.objects.get(user__email="dad@example.test")
    assert Invitation.objects.filter(user=link.user).count() == 1
    assert browser.post(f"{home}logins/", {**login, "existing": "on"}).status_code == 422
    assert browser.post(f"{home}logins/{link.pk}/").status_code == 302
    assert not LinkedLogin.objects.filter(pk=link.pk).exists()

    chosen = [str(cast.sam_staff.pk)]
    looked_at = browser.post(f"{home}practitioners/", {"people": chosen})
    assert looked_at.status_code == 200 and "This will be assigned" in looked_at.content.decode()
    assert not Assignment.objects.filter(client=cast.cleo, practitioner=cast.sam_staff).exists()
    sent = {"people": chosen, "seen": mark_of(chosen)}
    assert browser.post(f"{home}practitioners/", sent).status_code == 302
    assert Assignment.objects.filter(client=cast.cleo, practitioner=cast.sam_staff).exists()
    assert browser.post(f"{home}practitioners/", sent).status_code == 422
    assert browser.post(f"{home}practitioners/{cast.sam_staff.pk}/").status_code == 302
    assert not Assignment.objects.filter(client=cast.cleo, practitioner=cast.sam_staff).exists()

    assert browser.post(f"{home}agents/{cast.agent.pk}/").status_code == 302
    assert not grants.holds(User.objects.get(pk=cast.ada.pk), grants.AUDIT_CLIENT, cast.cleo)
    assert browser.post(f"{home}agents/", {"agent": str(cast.agent.pk)}).status_code == 302
    assert grants.holds(User.objects.get(pk=cast.ada.pk), grants.AUDIT_CLIENT, cast.cleo)


def test_link_of_another_client_is_not_found(cast, visit):
    other = Client.objects.create(first_name="Other", time_zone=BERLIN)
    link = LinkedLogin.objects.get(user=cast.gus)

    assert visit(cast.nora).post(f"/people/clients/{other.pk}/logins/{link.pk}/").status_code == 404
    assert LinkedLogin.objects.filter(pk=link.pk).exists()


def test_bulk_permission_shows_the_result_in_the_table(cast, visit):
    dora = Client.objects.create(first_name="Dora", time_zone=BERLIN)
    browser, url = visit(cast.nora), "/people/clients/permissions/"

    chosen = {"permission": "hide_costs", "allowed": "yes", "clients": [str(dora.pk)]}
    page = browser.post(url, chosen, follow=True)
    assert page.content.decode().count("icon-check") >= 0
    assert "hide_costs" in Client.objects.get(pk=dora.pk).permissions
    assert browser.post(url, {"permission": "hide_costs", "allowed": "yes"}).status_code == 422
    assert browser.post(url, {"permission": "fly", "allowed": "yes", "everybody": "on"}).status_code == 422

    browser.post(url, {"permission": "hide_costs", "allowed": "no", "everybody": "on"})
    assert not Client.objects.filter(permissions__contains=["hide_costs"]).exists()


def test_staff_is_invited_changed_and_made_inactive(cast, visit):
    browser = visit(cast.nora)
    assert browser.post("/people/staff/new/", STAFF).status_code == 302
    staff = StaffMember.objects.get(user__email="pia@example.test")
    home = f"/people/staff/{staff.pk}/"

    assert browser.post(f"{home}role/", {"role": "administrator"}).status_code == 302
    assert browser.post(f"{home}details/", {"title": "Boss", "color": "#112233"}).status_code == 302
    assert browser.post(f"{home}status/", {"status": "inactive", "confirmed": "yes"}).status_code == 302
    staff.refresh_from_db()
    assert (staff.role, staff.title, staff.status) == ("administrator", "Boss", "inactive")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"email": "tess@north.test"}, "already has a login here"),
        ({"time_zone": ""}, "Choose a time zone"),
        ({"role": "king"}, "Choose from the list"),
    ],
)
def test_invite_staff_says_what_is_wrong(cast, visit, change, sentence):
    answer = visit(cast.nora).post("/people/staff/new/", {**STAFF, **change})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_administrator_finds_no_owner_among_the_roles(cast, visit):
    StaffMember.objects.filter(pk=cast.sam_staff.pk).update(role="administrator")
    browser = visit(cast.sam)

    assert b'value="owner"' not in browser.get("/people/staff/new/").content
    assert browser.post("/people/staff/new/", {**STAFF, "role": "owner"}).status_code == 422
    assert browser.get(f"/people/staff/{cast.nora_staff.pk}/role/").status_code == 403
    assert browser.post(f"/people/logins/{cast.nora.pk}/access/", {"may_log_in": "off"}).status_code == 403


def test_last_owner_is_told_why(cast, visit):
    answer = visit(cast.nora).post(f"/people/staff/{cast.nora_staff.pk}/role/", {"role": "staff"})

    assert answer.status_code == 422
    assert "the only owner" in answer.content.decode()


def test_schedule_admin_is_given_and_taken(cast, visit):
    browser, home = visit(cast.nora), f"/people/staff/{cast.tess_staff.pk}/schedule-admins/"

    assert browser.post(f"{home}{cast.sam_staff.pk}/").status_code == 302
    assert not grants.holds(User.objects.get(pk=cast.sam.pk), grants.ADMINISTER_SCHEDULE, cast.tess_staff)
    assert browser.post(home, {"holder": str(cast.sam_staff.pk)}).status_code == 302
    assert grants.holds(User.objects.get(pk=cast.sam.pk), grants.ADMINISTER_SCHEDULE, cast.tess_staff)


def test_agent_is_added_given_clients_and_dismissed(cast, visit):
    browser = visit(cast.nora)
    new = {"agency": "City", "name": "Ben", "email": "ben@city.test", "time_zone": BERLIN}
    answer = browser.post("/people/agents/new/", new)
    assert answer.status_code == 302

    assert browser.post(answer.url, {"agency": "City of North", "clients": [str(cast.cleo.pk)]}).status_code == 302
    ben = User.objects.get(email="ben@city.test")
    assert grants.holds(ben, grants.AUDIT_CLIENT, cast.cleo)
    assert browser.post("/people/agents/new/", new).status_code == 422
    assert browser.post(f"{answer.url}dismissal/", {"confirmed": "yes"}).status_code == 302
    assert not grants.holds(User.objects.get(pk=ben.pk), grants.AUDIT_CLIENT, cast.cleo)


def test_agent_whose_access_is_off_is_shown_with_their_clients_and_loses_them(cast, visit):
    User.objects.filter(pk=cast.ada.pk).update(is_active=False)
    browser, url = visit(cast.nora), f"/people/agents/{cast.agent.pk}/"
    assert list(browser.get(url).context["page"]) == [cast.cleo]

    taken = browser.post(f"/people/clients/{cast.cleo.pk}/agents/{cast.agent.pk}/", {"from": "agent"})

    assert (taken.status_code, taken.url) == (302, url)
    assert list(browser.get(url).context["page"]) == []


def test_deletion_names_what_stands_in_the_way(cast, visit, monkeypatch):
    monkeypatch.setattr(deletion, "guards", [lambda client: "There are 2 appointments."])
    browser, url = visit(cast.nora), f"/people/clients/{cast.cleo.pk}/deletion/"
    assert "There are 2 appointments." in browser.get(url).content.decode()
    assert browser.post(url).status_code == 409

    assert browser.post(f"/people/clients/{cast.cleo.pk}/archive/", {"confirmed": "yes"}).status_code == 302
    browser.get("/people/clients/")  # shows the message, which names her
    assert b"Cleo Marten" not in browser.get("/people/clients/").content
    assert b"Cleo Marten" in browser.get("/people/clients/?status=archived").content
    assert browser.post(f"/people/clients/{cast.cleo.pk}/restoration/").status_code == 302
    monkeypatch.setattr(deletion, "guards", [])
    assert browser.post(url).status_code == 302
    assert not Client.objects.filter(pk=cast.cleo.pk).exists()


@pytest.mark.parametrize("day", ["2090-01-01", "0001-01-01", "1899-12-31"])
def test_day_of_birth_is_past_and_of_this_age(north, day):
    form = ClientForm({"born_on": day})

    assert form.errors["born_on"] == ["Enter a day between 1900 and today."]


def test_additional_information_has_an_end(north):
    assert "additional_information" in ClientForm({"additional_information": "x" * 10_001}).errors
    assert "additional_information" not in ClientForm({"additional_information": "x" * 10_000}).errors
