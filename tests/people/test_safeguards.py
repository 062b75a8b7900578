"""Idle log-off and the demanded second factor: the rule, who sets it, what the pages do."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.kernel import clock
from core.kernel.errors import DomainError
from core.kernel.models import AuditEvent, OutboxMessage
from core.people import actions
from core.people.models import Client, OwnRole, Safeguards, StaffMember, User
from core.people.rules.safeguards import Demand, FactorFacts, demand, idleness
from tests.factories.pages import fields_of
from tests.factories.web import browser_of, sign_in
from tests.rules_tables import rows

NAVIGATE, FETCHED = {"sec-fetch-mode": "navigate"}, {"sec-fetch-mode": "cors"}


@pytest.mark.unit
@pytest.mark.parametrize(("minutes", "seconds", "became"), rows("safeguards", "Logged off after, minutes"))
def test_who_is_logged_off(minutes, seconds, became):
    assert idleness(int(minutes), timedelta(seconds=int(seconds))) == became


@pytest.mark.unit
@pytest.mark.parametrize(("named", "days", "grace", "has", "must"), rows("safeguards", "Role is named"))
def test_what_is_demanded(named, days, grace, has, must):
    now = clock.now()
    since = now - timedelta(days=int(days)) if named == "yes" else None
    assert demand(FactorFacts(since, int(grace), has == "yes"), now) is Demand(must)


def guard(cast, *, minutes=0, roles=(), grace=7, by=None, now=None):
    return actions.set_safeguards(
        idle_minutes=minutes, factor_roles=roles, grace_days=grace, by=by or cast.nora, now=now or clock.now()
    )


def test_idle_session_ends_with_the_next_request_and_says_so(cast, visit, moved_clock):
    guard(cast, minutes=15)
    nora = visit(cast.nora)
    assert nora.get("/dashboard/").status_code == 200
    moved_clock(timedelta(minutes=14))
    assert nora.get("/dashboard/").status_code == 200
    moved_clock(timedelta(minutes=15))

    answer = nora.get("/dashboard/")

    assert answer.status_code == 302 and answer.headers["Location"].startswith("/account/login/")
    assert AuditEvent.objects.filter(action="login.idle_ended", actor_id=str(cast.nora.pk)).count() == 1


def test_parts_that_are_fetched_by_themselves_keep_nobody_signed_in(cast, visit, moved_clock):
    guard(cast, minutes=5)
    nora = visit(cast.nora)
    nora.get("/dashboard/", headers=NAVIGATE)
    for _ in range(5):
        moved_clock(timedelta(minutes=1))
        answer = nora.get("/dashboard/", headers=FETCHED)
    assert answer.status_code == 302


def test_what_the_open_page_tells_keeps_somebody_signed_in(cast, visit, moved_clock):
    guard(cast, minutes=5)
    nora = visit(cast.nora)
    nora.get("/dashboard/")
    for _ in range(12):
        moved_clock(timedelta(minutes=1))
        assert nora.post("/account/alive/", headers=FETCHED).status_code == 204
    assert nora.get("/dashboard/").status_code == 200
    moved_clock(timedelta(minutes=6))
    assert nora.post("/account/alive/", headers={"accept": "application/json"}).status_code == 401
    assert nora.post("/account/idle/").status_code == 302


def test_typed_text_is_kept_and_given_back(cast, visit, moved_clock):
    guard(cast, minutes=5)
    nora, change = visit(cast.nora), f"/people/clients/{cast.cleo.pk}/details/"
    typed = fields_of(nora.get(change)) | {"additional_information": "What the mother said."}
    assert nora.post("/account/idle/").status_code == 204
    assert nora.get("/dashboard/").status_code == 302

    answer = nora.post(change, typed)
    assert answer.headers["Location"].startswith("/account/login/?next=")
    assert Client.objects.get(pk=cast.cleo.pk).additional_information == ""
    back = parse_qs(urlsplit(answer.headers["Location"]).query)["next"][0]
    sign_in(nora, "nora@north.test", next=back)
    assert fields_of(nora.get(back))["additional_information"] == ["What the mother said."]


def test_nobody_is_logged_off_where_nothing_is_set(cast, visit, moved_clock):
    nora = visit(cast.nora)
    nora.get("/dashboard/")
    moved_clock(timedelta(days=3))
    page = nora.get("/dashboard/")
    assert page.status_code == 200 and b"<idle-watch" not in page.content
    assert "active_at" not in nora.session


def test_pages_carry_the_watch_only_where_it_is_set(cast, visit):
    guard(cast, minutes=20)
    text = visit(cast.nora).get("/dashboard/").content.decode()
    assert 'data-minutes="20"' in text and 'data-warning="120"' in text


def test_login_is_loaded_with_its_safeguards_in_one_question(cast):
    guard(cast, minutes=20, roles=["owner"])
    with CaptureQueriesContext(connection) as queries:
        found = Safeguards.of(User.objects.get(pk=cast.nora.pk))
        assert (found.idle_minutes, found.factor_roles, found.grace_days) == (20, ["owner"], 7)
        assert abs(found.factor_since - clock.now()) < timedelta(minutes=1)
    assert len(queries) == 1


def test_second_factor_is_first_reminded_of_and_then_demanded(cast, visit, moved_clock):
    guard(cast, roles=["practitioner"], grace=7)
    tess = visit(cast.tess)
    assert "Your role needs a second factor" in tess.get("/dashboard/").content.decode()
    assert "Your role needs a second factor" not in visit(cast.nora).get("/dashboard/").content.decode()
    moved_clock(timedelta(days=8))
    tess = visit(cast.tess)

    assert tess.get("/dashboard/").headers["Location"] == "/account/2fa/"
    assert tess.post(f"/people/staff/{cast.tess_staff.pk}/details/", {"title": "x"}).status_code == 403
    assert tess.get("/account/2fa/").status_code == 200
    for user in (cast.nora, cast.gus, cast.ada):
        assert visit(user).get("/dashboard/").status_code == 200

    Authenticator.objects.create(user=cast.tess, type=Authenticator.Type.TOTP, data={})
    assert tess.get("/dashboard/").status_code == 200


def test_second_factor_by_own_role(cast, visit, now):
    role = OwnRole.objects.create(title="Teacher", base="practitioner", carries=["own_schedule"])
    actions.change_role(staff=cast.tess_staff, role=role.code, by=cast.nora, now=now)
    guard(cast, roles=[role.code], grace=0)
    StaffMember.objects.update(created_at=now - timedelta(days=30))
    assert visit(cast.tess).get("/dashboard/").status_code == 302
    assert visit(cast.sam).get("/dashboard/").status_code == 200
    page = visit(cast.nora).get("/settings/safeguards/")
    assert [staff.user for staff in page.context["lacking"]] == [cast.tess]


@pytest.mark.parametrize(
    ("values", "code"),
    [({"minutes": 7}, "minutes_unknown"), ({"roles": ["boss"]}, "role_unknown"), ({"grace": 61}, "bad_grace"), ({"grace": -1}, "bad_grace")],
)  # fmt: skip
def test_safeguards_that_make_no_sense_are_refused(cast, values, code):
    with pytest.raises(DomainError) as caught:
        guard(cast, **values)
    assert caught.value.code == code


@pytest.mark.parametrize("name", ["sam", "tess", "gus", "ada"])
def test_safeguards_are_set_by_whoever_runs_the_organization(cast, visit, name):
    user = User.objects.get(pk=getattr(cast, name).pk)
    with pytest.raises(PermissionDenied):
        guard(cast, minutes=5, by=user)
    assert visit(user).get("/settings/safeguards/").status_code == 403


def test_days_of_grace_begin_anew_only_when_a_role_is_added(cast, now):
    first = guard(cast, roles=["owner"], now=now - timedelta(days=5)).factor_since
    assert guard(cast, roles=["owner"], grace=3, now=now).factor_since == first
    assert guard(cast, roles=["owner", "staff"], now=now).factor_since == now


def test_sign_in_on_a_new_device_is_told_by_mail_but_not_the_first(cast):
    browser = browser_of()
    sign_in(browser)
    assert not OutboxMessage.objects.filter(payload__event="new_device").exists()
    browser.post("/account/logout/")
    sign_in(browser)
    assert not OutboxMessage.objects.filter(payload__event="new_device").exists()  # because it is known by now

    sign_in(browser_of())
    told = OutboxMessage.objects.get(payload__event="new_device")
    assert told.payload["user_id"] == str(cast.tess.pk)
    assert AuditEvent.objects.filter(action="login.new_device").count() == 1
    assert mail.outbox == []


def test_settings_page_saves(cast, visit):
    nora = visit(cast.nora)
    sent = fields_of(nora.get("/settings/safeguards/")) | {
        "idle_minutes": "15",
        "factor_roles": ["owner", "staff"],
        "grace_days": "14",
    }
    assert nora.post("/settings/safeguards/", sent).status_code == 302
    found = Safeguards.objects.get()
    assert (found.idle_minutes, found.factor_roles, found.grace_days) == (15, ["owner", "staff"], 14)
