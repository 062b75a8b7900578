"""Staff: invitations, roles, ranks, the last owner, the plan's places."""

import pytest
from django.core.exceptions import PermissionDenied

from core.kernel.errors import DomainError
from core.kernel.models import AuditEvent
from core.people import actions, queries
from core.people.models import Invitation, StaffMember, User
from tenants.context import public_context
from tenants.models import Entitlement

NEW = {"email": "pia@example.test", "name": "Pia New", "time_zone": "Europe/Berlin"}


@pytest.fixture
def admin(cast) -> User:
    """Sam, made an administrator."""
    StaffMember.objects.filter(pk=cast.sam_staff.pk).update(role="administrator")
    return User.objects.get(pk=cast.sam.pk)


def test_invite_staff_member(cast, now):
    staff = actions.invite_staff_member(**NEW, role="practitioner", title="Therapist", by=cast.nora, now=now)

    assert (staff.role, staff.title, staff.user.email) == ("practitioner", "Therapist", "pia@example.test")
    assert Invitation.objects.get(user=staff.user).invited_by == "Nora North"
    assert AuditEvent.objects.filter(action="staff.added").count() == 1


def test_administrator_cannot_make_an_owner(cast, admin, now):
    with pytest.raises(PermissionDenied):
        actions.invite_staff_member(**NEW, role="owner", by=admin, now=now)
    with pytest.raises(PermissionDenied):
        actions.change_role(staff=cast.tess_staff, role="owner", by=admin, now=now)
    with pytest.raises(PermissionDenied):
        actions.change_role(staff=StaffMember.objects.get(user=admin), role="owner", by=admin, now=now)

    actions.change_role(staff=cast.tess_staff, role="administrator", by=admin, now=now)
    assert StaffMember.objects.get(pk=cast.tess_staff.pk).role == "administrator"


def test_administrator_cannot_touch_an_owner(cast, admin, now):
    for attempt in (
        lambda: actions.change_role(staff=cast.nora_staff, role="staff", by=admin, now=now),
        lambda: actions.change_staff_status(staff=cast.nora_staff, status="inactive", by=admin, now=now),
        lambda: actions.switch_access(login=cast.nora, may_log_in=False, by=admin, now=now),
        lambda: actions.change_login(login=cast.nora, email="mine@example.test", by=admin, now=now),
        lambda: actions.send_password_reset(login=cast.nora, by=admin, now=now),
        lambda: actions.grant_schedule_admin(
            holder=StaffMember.objects.get(user=admin), over=cast.nora_staff, by=admin, now=now
        ),
    ):
        with pytest.raises(PermissionDenied):
            attempt()


@pytest.mark.parametrize("name", ["tess", "gus", "ada"])
def test_invite_staff_is_refused_to(cast, now, name):
    with pytest.raises(PermissionDenied):
        actions.invite_staff_member(**NEW, role="practitioner", by=getattr(cast, name), now=now)


def test_last_owner_stays(cast, now):
    for attempt in (
        lambda: actions.change_role(staff=cast.nora_staff, role="staff", by=cast.nora, now=now),
        lambda: actions.change_staff_status(staff=cast.nora_staff, status="inactive", by=cast.nora, now=now),
        lambda: actions.switch_access(login=cast.nora, may_log_in=False, by=cast.nora, now=now),
    ):
        with pytest.raises(DomainError) as caught:
            attempt()
        assert caught.value.code in ("last_owner", "own_access")

    actions.change_role(staff=cast.tess_staff, role="owner", by=cast.nora, now=now)
    actions.change_role(staff=cast.nora_staff, role="staff", by=cast.nora, now=now)
    assert [owner.pk for owner in queries.active_owners()] == [cast.tess_staff.pk]


def test_an_owner_who_cannot_log_in_does_not_count(cast, now):
    tess = actions.change_role(staff=cast.tess_staff, role="owner", by=cast.nora, now=now)
    actions.switch_access(login=tess.user, may_log_in=False, by=cast.nora, now=now)

    with pytest.raises(DomainError) as caught:
        actions.change_role(staff=cast.nora_staff, role="staff", by=cast.nora, now=now)
    assert caught.value.code == "last_owner"


def test_plan_limits_active_staff(cast, now):
    with public_context():
        Entitlement.objects.filter(plan_id=cast.north.plan_id, code="staff").update(limit=3)

    with pytest.raises(DomainError, match="3 places") as caught:
        actions.invite_staff_member(**NEW, role="practitioner", by=cast.nora, now=now)
    assert caught.value.code == "staff_limit"
    assert not User.objects.filter(email=NEW["email"]).exists()

    actions.change_staff_status(staff=cast.sam_staff, status="inactive", by=cast.nora, now=now)
    actions.invite_staff_member(**NEW, role="practitioner", by=cast.nora, now=now)
    with pytest.raises(DomainError):
        actions.change_staff_status(staff=cast.sam_staff, status="active", by=cast.nora, now=now)


def test_duplicate_email_names_the_field(cast, now):
    with pytest.raises(DomainError) as caught:
        actions.invite_staff_member(**{**NEW, "email": "TESS@north.test"}, role="staff", by=cast.nora, now=now)

    assert (caught.value.code, caught.value.field) == ("email_taken", "email")


def test_guardian_becomes_a_colleague_with_the_same_login(cast, now):
    staff = actions.invite_staff_member(
        **{**NEW, "email": cast.gus.email}, role="staff", existing=True, by=cast.nora, now=now
    )

    assert staff.user == cast.gus
    with pytest.raises(DomainError) as caught:
        actions.invite_staff_member(
            **{**NEW, "email": cast.gus.email}, role="staff", existing=True, by=cast.nora, now=now
        )
    assert caught.value.code == "already_staff"


def test_inactive_staff_member_is_signed_out(cast, now):
    actions.change_staff_status(staff=cast.tess_staff, status="inactive", by=cast.nora, now=now)

    assert User.objects.get(pk=cast.tess.pk).session_generation == 1


def test_schedule_admin_is_granted_and_revoked(cast, now):
    actions.revoke_schedule_admin(holder=cast.sam_staff, over=cast.tess_staff, by=cast.nora, now=now)
    assert not queries.schedules_granted_to(cast.sam).exists()

    actions.grant_schedule_admin(holder=cast.sam_staff, over=cast.tess_staff, by=cast.nora, now=now)
    assert list(queries.schedules_granted_to(User.objects.get(pk=cast.sam.pk))) == [cast.tess_staff]
    assert list(queries.schedule_admins_over(cast.tess_staff)) == [cast.sam]
    with pytest.raises(DomainError):
        actions.grant_schedule_admin(holder=cast.tess_staff, over=cast.tess_staff, by=cast.nora, now=now)
    with pytest.raises(PermissionDenied):
        actions.grant_schedule_admin(holder=cast.sam_staff, over=cast.tess_staff, by=cast.sam, now=now)


def test_schedule_admin_is_revoked_from_a_colleague_whose_access_is_off(cast, now):
    actions.switch_access(login=cast.sam, may_log_in=False, by=cast.nora, now=now)
    holder, noted = StaffMember.objects.get(pk=cast.sam_staff.pk), AuditEvent.objects.filter(action="grant.given")
    before = noted.count()

    actions.grant_schedule_admin(holder=holder, over=cast.tess_staff, by=cast.nora, now=now)  # who has it already
    actions.revoke_schedule_admin(holder=holder, over=cast.tess_staff, by=cast.nora, now=now)

    assert noted.count() == before
    assert cast.sam not in queries.schedule_admins_over(cast.tess_staff)
    assert AuditEvent.objects.filter(action="grant.revoked").count() == 1
