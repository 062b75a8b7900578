"""Own roles and exceptions: who may make them, what they carry, that they are in force at once, and every refusal."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.kernel.errors import DomainError
from core.kernel.models import AuditEvent
from core.people import actions, permissions
from core.people.models import OwnRole, PermissionException, StaffMember, User
from core.people.roles import ADMINISTRATOR, OWNER, PRACTITIONER, ROLES, Permission
from core.people.rules import rights
from core.people.signals import access_changed
from tests.rules_tables import rows

P = Permission
TEACHER = {"title": "Teacher", "description": "Meets people, books nothing.", "copied_from": "practitioner"}
CARRIES = ["own_schedule", "see_client_information"]
BAD_NAMES = ["  ", "\u200b", "Owner", "oWNER"]
NASTY = ["田中さん", "👩🏽‍🏫 Coach", "מורה", 'O\'Brien & "Söhne" <b>', "%(clients)s %s 100%"]


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


@pytest.fixture
def admin(cast) -> User:
    """Sam, made an administrator."""
    StaffMember.objects.filter(pk=cast.sam_staff.pk).update(role="administrator")
    return fresh(cast.sam)


@pytest.fixture
def teacher(cast, now) -> OwnRole:
    return actions.add_role(**TEACHER, permissions=CARRIES, by=cast.nora, now=now)


@pytest.mark.unit
@pytest.mark.parametrize(("carries", "given", "withheld", "may", "why"), rows("rights"))
def test_what_one_person_may(carries, given, withheld, may, why):
    permission = P.OWN_SCHEDULE
    role, more, less = (
        frozenset({permission}) if each == "yes" else frozenset() for each in (carries, given, withheld)
    )

    assert (permission in rights.effective(role, given=more, withheld=less)) is (may == "yes")
    assert rights.source_of(permission, role, given=more, withheld=less) == why


def test_own_role_is_copied_given_and_in_force(cast, now, teacher):
    changed = actions.change_role(staff=cast.tess_staff, role=teacher.code, by=cast.nora, now=now)

    assert (changed.role, changed.own_role, changed.role_definition.name) == ("practitioner", teacher, "Teacher")
    tess = fresh(cast.tess)
    assert {each for each in P if tess.may(each)} == set(CARRIES)
    assert AuditEvent.objects.get(action="role.added").changes["carries"] == [None, CARRIES]
    assert AuditEvent.objects.get(action="staff.role_changed").changes == {"role": ["practitioner", "Teacher"]}


def test_role_that_is_edited_holds_for_its_bearers_at_once(cast, now, teacher):
    actions.change_role(staff=cast.tess_staff, role=teacher.code, by=cast.nora, now=now)
    told = []
    access_changed.connect(lambda *, user, **_: told.append(user.pk), weak=False, dispatch_uid="test_rights")
    try:
        actions.change_role_definition(
            role=teacher, title="Coach", description="", permissions=["keep_records"], by=cast.nora, now=now
        )
    finally:
        access_changed.disconnect(dispatch_uid="test_rights")

    tess = fresh(cast.tess)
    assert {each for each in P if tess.may(each)} == {P.KEEP_RECORDS}
    assert told == [cast.tess.pk]
    assert not permissions.staff_with(P.OWN_SCHEDULE).filter(user=cast.tess).exists()
    assert AuditEvent.objects.get(action="role.changed").changes["title"] == ["Teacher", "Coach"]


def test_permissions_of_a_person_cost_no_query(cast, now, teacher):
    actions.change_role(staff=cast.tess_staff, role=teacher.code, by=cast.nora, now=now)
    actions.make_exception(staff=cast.tess_staff, permission="take_payments", is_given=True, reason="Till", by=cast.nora, now=now)  # fmt: skip
    with CaptureQueriesContext(connection) as queries:
        tess = fresh(cast.tess)
        assert [tess.may(each) for each in P].count(True) == 3

    assert len(queries) == 1


@pytest.mark.parametrize("title", BAD_NAMES)
def test_role_needs_a_name_of_its_own(cast, now, title):
    with pytest.raises(DomainError) as caught:
        actions.add_role(**{**TEACHER, "title": title}, permissions=CARRIES, by=cast.nora, now=now)

    assert caught.value.code in ("title_missing", "title_taken") and caught.value.field == "title"


@pytest.mark.parametrize("title", NASTY)
def test_role_of_any_name_is_shown(cast, now, visit, title):
    made = actions.add_role(**{**TEACHER, "title": title}, permissions=CARRIES, by=cast.nora, now=now)
    actions.change_role(staff=cast.tess_staff, role=made.code, by=cast.nora, now=now)

    for address in (
        "/people/roles/",
        f"/people/roles/{made.pk}/",
        f"/people/staff/{cast.tess_staff.pk}/",
        "/people/staff/",
        f"/people/staff/{cast.tess_staff.pk}/role/",
        f"/people/logins/{cast.tess.pk}/rights/",
    ):
        assert visit(cast.nora).get(address).status_code == 200, address


def test_two_roles_never_have_one_name(cast, now, teacher):
    with pytest.raises(DomainError) as caught:
        actions.add_role(**{**TEACHER, "title": "TEACHER"}, permissions=CARRIES, by=cast.nora, now=now)
    assert caught.value.code == "title_taken"
    with pytest.raises(IntegrityError), transaction.atomic():
        OwnRole.objects.create(title="teacher", base="practitioner")


@pytest.mark.parametrize(
    ("carries", "code"),
    [([], "role_empty"), (["fly"], "permission_unknown"), (["own_schedule", ""], "permission_unknown")],
)
def test_role_carries_something_that_there_is(cast, now, carries, code):
    with pytest.raises(DomainError) as caught:
        actions.add_role(**TEACHER, permissions=carries, by=cast.nora, now=now)
    assert caught.value.code == code


def test_nobody_puts_into_a_role_what_they_lack(cast, now, admin, teacher):
    with pytest.raises(PermissionDenied):
        actions.add_role(**{**TEACHER, "title": "Boss"}, permissions=["manage_organization"], by=admin, now=now)
    with pytest.raises(PermissionDenied):
        actions.change_role_definition(
            role=teacher, title="Teacher", description="", permissions=["manage_organization"], by=admin, now=now
        )
    boss = actions.add_role(
        title="Boss", description="", copied_from="owner", permissions=["manage_organization"], by=cast.nora, now=now
    )
    assert boss.base == ADMINISTRATOR.code
    for attempt in (
        lambda: actions.change_role(staff=cast.tess_staff, role=boss.code, by=admin, now=now),
        lambda: actions.remove_role(role=boss, by=admin, now=now),
        lambda: actions.change_role_definition(
            role=boss, title="Boss", description="", permissions=["own_schedule"], by=admin, now=now
        ),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    assert boss not in permissions.roles_changeable_by(admin) and teacher in permissions.roles_changeable_by(admin)


@pytest.mark.parametrize("name", ["tess", "gus", "ada"])
def test_roles_are_made_by_who_manages_staff(cast, now, teacher, name):
    user = fresh(getattr(cast, name))
    for attempt in (
        lambda: actions.add_role(**{**TEACHER, "title": "Mine"}, permissions=CARRIES, by=user, now=now),
        lambda: actions.remove_role(role=teacher, by=user, now=now),
        lambda: actions.make_exception(
            staff=cast.sam_staff, permission="keep_records", is_given=False, reason="x", by=user, now=now
        ),
    ):
        with pytest.raises(PermissionDenied):
            attempt()


def test_role_is_removed_when_nobody_bears_it(cast, now, teacher):
    actions.change_role(staff=cast.tess_staff, role=teacher.code, by=cast.nora, now=now)
    actions.change_staff_status(staff=StaffMember.objects.get(pk=cast.tess_staff.pk), status="inactive", by=cast.nora, now=now)  # fmt: skip
    with pytest.raises(DomainError, match="1 person bears") as caught:
        actions.remove_role(role=teacher, by=cast.nora, now=now)
    assert caught.value.code == "role_borne"

    actions.change_role(staff=cast.tess_staff, role="practitioner", by=cast.nora, now=now)
    actions.remove_role(role=teacher, by=cast.nora, now=now)
    assert not OwnRole.objects.exists()
    with pytest.raises(DomainError) as gone:
        actions.change_role(staff=cast.tess_staff, role=teacher.code, by=cast.nora, now=now)
    assert gone.value.code == "role_unknown"


def test_nobody_edits_the_role_they_bear(cast, now, admin):
    everything = [each.value for each in ADMINISTRATOR.permissions]
    office = actions.add_role(title="Office", description="", copied_from="administrator", permissions=everything, by=cast.nora, now=now)  # fmt: skip
    actions.change_role(staff=cast.sam_staff, role=office.code, by=cast.nora, now=now)

    with pytest.raises(DomainError) as caught:
        actions.change_role_definition(role=office, title="Office", description="", permissions=CARRIES, by=fresh(admin), now=now)  # fmt: skip
    assert caught.value.code == "own_rights"


def test_bearer_of_a_copy_of_the_owner_is_no_owner(cast, now):
    everything = [each.value for each in P]
    copy = actions.add_role(title="Vice", description="", copied_from="owner", permissions=everything, by=cast.nora, now=now)  # fmt: skip
    actions.change_role(staff=cast.tess_staff, role=copy.code, by=cast.nora, now=now)

    with pytest.raises(DomainError) as caught:
        actions.change_role(staff=cast.nora_staff, role=copy.code, by=cast.nora, now=now)
    assert caught.value.code == "last_owner"


def test_exception_gives_and_withholds_at_once_with_a_reason(cast, now):
    tess = cast.tess_staff
    actions.make_exception(staff=tess, permission="take_payments", is_given=True, reason="Till on\nMondays", by=cast.nora, now=now)  # fmt: skip
    actions.make_exception(staff=tess, permission="add_appointments", is_given=False, reason="On trial", by=cast.nora, now=now)  # fmt: skip

    user = fresh(cast.tess)
    assert user.may(P.TAKE_PAYMENTS) and not user.may(P.ADD_APPOINTMENTS)
    assert user.staff in permissions.staff_with(P.TAKE_PAYMENTS)
    assert user.staff not in permissions.staff_with(P.ADD_APPOINTMENTS)
    assert {(each.permission, each.is_given, each.reason) for each in PermissionException.objects.all()} == {
        ("take_payments", True, "Till on Mondays"),
        ("add_appointments", False, "On trial"),
    }
    assert AuditEvent.objects.get(action="permission.withheld").reason == "On trial"

    actions.end_exception(staff=tess, permission="add_appointments", by=cast.nora, now=now)
    actions.end_exception(
        staff=tess, permission="add_appointments", by=cast.nora, now=now
    )  # the second changes nothing
    assert fresh(cast.tess).may(P.ADD_APPOINTMENTS)
    assert AuditEvent.objects.filter(action="permission.exception_ended").count() == 1


def test_exceptions_stay_with_another_role_but_an_owner_has_none(cast, now):
    tess = cast.tess_staff
    actions.make_exception(staff=tess, permission="keep_records", is_given=False, reason="On trial", by=cast.nora, now=now)  # fmt: skip
    actions.change_role(staff=tess, role="administrator", by=cast.nora, now=now)
    assert not fresh(cast.tess).may(P.KEEP_RECORDS)

    actions.change_role(staff=tess, role="owner", by=cast.nora, now=now)
    assert all(fresh(cast.tess).may(each) for each in P)
    assert not PermissionException.objects.exists()


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"reason": " \u200b"}, "reason_missing"),
        ({"permission": "fly"}, "permission_unknown"),
        ({"permission": "own_schedule"}, "exception_needless"),
        ({"is_given": False}, "exception_needless"),
    ],
)
def test_exception_that_makes_no_sense_is_refused(cast, now, values, code):
    wanted = {"permission": "take_payments", "is_given": True, "reason": "Till"} | values
    with pytest.raises(DomainError) as caught:
        actions.make_exception(staff=cast.tess_staff, **wanted, by=cast.nora, now=now)
    assert caught.value.code == code


def test_one_exception_for_each_permission(cast, now):
    till = {"staff": cast.tess_staff, "permission": "take_payments", "is_given": True, "by": cast.nora, "now": now}
    actions.make_exception(**till, reason="Till")
    with pytest.raises(DomainError) as caught:
        actions.make_exception(**till, reason="Again")
    assert caught.value.code == "exception_stands"


def test_no_exception_for_an_owner_nor_for_oneself(cast, now, admin):
    actions.change_role(staff=cast.tess_staff, role="owner", by=cast.nora, now=now)
    for staff, by, code in ((cast.tess_staff, cast.nora, "owner_rights"), (cast.sam_staff, admin, "own_rights")):
        with pytest.raises(DomainError) as caught:
            actions.make_exception(staff=staff, permission="keep_records", is_given=False, reason="x", by=by, now=now)
        assert caught.value.code == code


def test_who_lacks_a_right_neither_gives_it_nor_ends_its_withholding(cast, now, admin):
    tess = cast.tess_staff
    actions.make_exception(staff=tess, permission="keep_records", is_given=False, reason="x", by=cast.nora, now=now)
    actions.make_exception(staff=cast.sam_staff, permission="keep_records", is_given=False, reason="x", by=cast.nora, now=now)  # fmt: skip
    admin = fresh(admin)

    with pytest.raises(PermissionDenied):
        actions.end_exception(staff=tess, permission="keep_records", by=admin, now=now)
    with pytest.raises(PermissionDenied):
        actions.make_exception(staff=tess, permission="manage_organization", is_given=True, reason="x", by=admin, now=now)  # fmt: skip
    with pytest.raises(PermissionDenied):
        actions.change_role(staff=cast.sam_staff, role="administrator", by=admin, now=now)


def test_who_was_given_more_is_looked_after_only_by_who_holds_it(cast, now, admin):
    actions.make_exception(staff=cast.tess_staff, permission="manage_organization", is_given=True, reason="x", by=cast.nora, now=now)  # fmt: skip
    tess = StaffMember.objects.get(pk=cast.tess_staff.pk)

    assert not permissions.can_change_staff(admin, tess)
    assert set(permissions.staff_changeable_by(admin)) == {cast.sam_staff}
    with pytest.raises(PermissionDenied):
        actions.change_login(login=cast.tess, email="mine@example.test", by=admin, now=now)


def test_rights_page_says_where_each_comes_from(cast, now, visit, teacher):
    actions.change_role(staff=cast.tess_staff, role=teacher.code, by=cast.nora, now=now)
    for permission, given in (("take_payments", True), ("see_client_information", False)):
        why = f"Because {permission}"
        actions.make_exception(staff=cast.tess_staff, permission=permission, is_given=given, reason=why, by=cast.nora, now=now)  # fmt: skip

    page = visit(cast.nora).get(f"/people/logins/{cast.tess.pk}/rights/")

    shown = {row.code: (row.has, row.source, row.change) for row in page.context["rows"]}
    assert shown["own_schedule"] == (True, "by the role “Teacher”", "withhold")
    assert shown["take_payments"] == (True, "by exception", "end")
    assert shown["see_client_information"] == (False, "withheld", "end")
    assert shown["manage_billing"] == (False, "not part of the role “Teacher”", "give")
    assert "Because take_payments" in page.content.decode()


def test_everybody_reads_their_own_rights_and_nobody_else_does(cast, visit):
    for name in ("nora", "sam", "tess", "gus", "ada", "cleo_login"):
        user = getattr(cast, name)
        page = visit(user).get(f"/people/logins/{user.pk}/rights/")
        assert page.status_code == 200
        assert not [row for row in page.context["rows"] if row.change]
    assert visit(cast.tess).get(f"/people/logins/{cast.sam.pk}/rights/").status_code == 404
    assert visit(cast.gus).get(f"/people/logins/{cast.tess.pk}/rights/").status_code == 404
    assert (
        visit(cast.olga, organization="south").get(f"/people/logins/{cast.south_people.gus.pk}/rights/").status_code
        == 200
    )


def test_rights_page_names_grants_and_ties(cast, visit):
    sam = visit(cast.nora).get(f"/people/logins/{cast.sam.pk}/rights/")
    assert [over for over, _event in sam.context["schedules"]] == [cast.tess_staff]
    gus = visit(cast.nora).get(f"/people/logins/{cast.gus.pk}/rights/")
    assert [row["client"] for row in gus.context["ties"]] == [cast.cleo] and gus.context["ties"][0]["may"]
    ada = visit(cast.nora).get(f"/people/logins/{cast.ada.pk}/rights/")
    assert [client for client, _event in ada.context["agent"]] == [cast.cleo]


def test_exception_is_made_and_ended_on_the_pages(cast, visit):
    browser, address = visit(cast.nora), f"/people/staff/{cast.tess_staff.pk}/rights/add_appointments/"
    assert browser.post(address, {"reason": ""}).status_code == 422
    assert browser.post(address, {"reason": "On trial"}).status_code == 302
    assert not fresh(cast.tess).may(P.ADD_APPOINTMENTS)
    assert visit(cast.tess).get("/appointments/new/").status_code in (403, 404)
    browser.post(f"{address}end/")
    assert fresh(cast.tess).may(P.ADD_APPOINTMENTS)
    assert browser.get(f"/people/staff/{cast.tess_staff.pk}/rights/fly/").status_code == 404
    assert visit(cast.tess).get(f"/people/staff/{cast.sam_staff.pk}/rights/keep_records/").status_code == 403


def test_role_is_made_edited_and_removed_on_the_pages(cast, visit):
    browser = visit(cast.nora)
    form = browser.get("/people/roles/new/?from=practitioner").context["form"]
    assert set(form.initial["permissions"]) == set(PRACTITIONER.permissions)
    sent = {"title": "Teacher", "description": "", "permissions": CARRIES}
    assert browser.post("/people/roles/new/?from=practitioner", sent).status_code == 302
    made = OwnRole.objects.get()
    assert made.base == "practitioner"
    assert browser.post(f"/people/roles/{made.pk}/", {**sent, "title": "Coach"}).status_code == 302
    assert OwnRole.objects.get().title == "Coach"
    browser.post(f"/people/roles/{made.pk}/removal/")
    assert not OwnRole.objects.exists()
    assert browser.get("/people/roles/new/?from=nonsense").status_code == 404
    assert visit(cast.tess).get("/people/roles/new/").status_code == 403


def test_built_in_roles_have_all_that_owners_may_lose(cast):
    """The whole list, so that a new permission is put into roles by decision and not by oversight."""
    assert OWNER.permissions == frozenset(P)
    assert {code for code, role in ROLES.items() if P.ADD_APPOINTMENTS in role.permissions} == set(ROLES)
    assert {code for code, role in ROLES.items() if P.TAKE_PAYMENTS in role.permissions} == {"owner", "administrator"}
