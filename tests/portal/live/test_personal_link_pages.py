"""The pages of a personal link: of whose it is, and of who comes by it."""

import pytest
from bs4 import BeautifulSoup

from core.kernel import clock
from core.kernel.models import AuditEvent
from core.people.models import Client
from sessions_live import actions as live
from sessions_live.models import Admission, LiveSettings
from sessions_live.personal_links import actions
from sessions_live.personal_links.models import LinkGuest, PersonalLink
from tests.factories.links import browser_at, come, knock, link_of, room_of
from tests.factories.pages import fields_of
from tests.factories.web import browser_of

NOWHERE = 404


@pytest.fixture
def link(cast):
    return link_of(cast.tess_staff)


def address(link):
    return f"/join/{link.slug}/"


def text_of(answer):
    return " ".join(BeautifulSoup(answer.content, "html.parser").get_text(" ").split())


# -- who comes ---------------------------------------------------------------------------------------------------------


def test_guest_gives_a_name_and_has_the_room(cast, link, visit):
    browser = visit()
    asked = browser.get(address(link))
    assert asked.status_code == 200
    assert "Meet" in text_of(asked) and "/ws/live/" not in asked.content.decode()

    answer = browser.post(address(link), {"name": "Paula Gast"}, follow=True)

    page = answer.content.decode()
    assert f"/ws/live/{room_of(link).pk}/" in page
    assert "You come as Paula Gast." in text_of(answer)
    assert "data-host" not in page.partition("<live-room")[2].partition(">")[0]
    assert (answer.headers["X-Robots-Tag"], answer.headers["Referrer-Policy"]) == ("noindex", "no-referrer")
    assert LinkGuest.objects.get().name == "Paula Gast"


def test_form_sent_twice_makes_one_guest(cast, link, visit):
    browser = visit()
    for _ in range(2):
        assert browser.post(address(link), {"name": "Paula Gast"}).status_code == 302

    assert LinkGuest.objects.count() == 1


def test_name_that_is_none_is_said_at_the_field_and_stays(cast, link, visit):
    answer = visit().post(address(link), {"name": "see pills.example"})

    assert answer.status_code == 422
    assert "Write your name, without an address." in text_of(answer)
    assert 'value="see pills.example"' in answer.content.decode()


@pytest.mark.parametrize("how", ["unknown", "reset", "locked", "not allowed", "blocked", "does not work here"])
def test_what_leads_nowhere_reads_the_same(cast, link, visit, how):
    browser, path = browser_at(link), address(link)
    if how == "unknown":
        path = "/join/tess-nobody/"
    elif how == "reset":
        actions.reset_link(link, by=cast.tess, now=clock.now())
    elif how == "locked":
        actions.change_link(link, is_locked=True, passphrase="", weekly={}, by=cast.tess, now=clock.now())
    elif how == "not allowed":
        LiveSettings.objects.update_or_create(is_current=True, defaults={"links_allowed": False})
    elif how == "blocked":
        actions.block_guest(LinkGuest.objects.get(), by=cast.tess, now=clock.now())
    else:
        cast.tess_staff.status = "inactive"
        cast.tess_staff.save()

    found, unknown = browser.get(path), browser.get("/join/there-is-none/")

    assert found.status_code == unknown.status_code == NOWHERE
    assert text_of(found) == text_of(unknown)
    assert cast.tess.name not in text_of(found)


def test_whoever_tries_addresses_is_stopped_and_learns_of_none_that_is_right(cast, link, visit):
    browser = visit()
    answers = [browser.get(f"/join/guess-{number}/").status_code for number in range(25)]

    assert set(answers) == {NOWHERE, 429}
    right = visit().get(address(link))
    assert right.status_code == 429
    assert int(right.headers["Retry-After"]) > 0
    assert "Meet" not in text_of(right)


def test_right_addresses_are_not_counted(cast, link, visit):
    browser = visit()

    assert {browser.get(address(link)).status_code for _ in range(30)} == {200}


def test_passphrase_comes_before_the_name_of_whose_it_is(cast, link, visit):
    actions.change_link(link, is_locked=False, passphrase="Blaue Tür", weekly={}, by=cast.tess, now=clock.now())
    browser = visit()
    asked = browser.get(address(link))
    assert cast.tess.name not in text_of(asked) and "Passphrase" in text_of(asked)

    wrong = browser.post(address(link), {"name": "Paula", "passphrase": "rot"})
    right = browser.post(address(link), {"name": "Paula", "passphrase": "blaue tür"})

    assert (wrong.status_code, right.status_code) == (422, 302)
    assert "That is not the passphrase." in text_of(wrong)


def test_passphrases_are_not_tried_without_end(cast, link, visit):
    actions.change_link(link, is_locked=False, passphrase="Blaue Tür", weekly={}, by=cast.tess, now=clock.now())
    browser = visit()

    answers = [browser.post(address(link), {"name": "Paula", "passphrase": f"no {n}"}).status_code for n in range(12)]

    assert answers[:8] == [422] * 8 and set(answers[8:]) == {429}
    assert browser.post(address(link), {"name": "Paula", "passphrase": "Blaue Tür"}).status_code == 429


def test_outside_of_the_hours_one_reads_when_the_next_time_is(cast, link, visit):
    now = clock.now()
    tomorrow = str((now.weekday() + 1) % 7)
    PersonalLink.objects.update(hours={tomorrow: [[600, 720]]})

    answer = visit().get(address(link))

    assert answer.status_code == 409
    assert "Nobody can come in here at this time. The next time is" in text_of(answer)


def test_owner_is_led_to_the_room_and_a_client_comes_under_their_own_name(cast, link, visit):
    assert visit(cast.tess).get(address(link)).headers["Location"] == f"/live/{link.pk}/"
    gus = visit(cast.gus)
    asked = gus.get(address(link))
    assert f"come as {cast.gus.name}" in text_of(asked) and 'name="name"' not in asked.content.decode()

    answer = gus.post(address(link), {**fields_of(asked), "name": "Somebody Else"}, follow=True)

    assert f"/ws/live/{room_of(link).pk}/" in answer.content.decode()
    assert LinkGuest.objects.get().name == cast.gus.name


def test_guest_has_no_other_page_of_the_portal(cast, link):
    browser = browser_at(link)

    for path in (f"/live/{link.pk}/", "/live/waiting/", "/dashboard/", f"/live/{link.pk}/admissions/"):
        assert browser.get(path).status_code in (302, 405)


def test_another_name_is_given_by_who_was_not_turned_away(cast, link):
    browser = browser_at(link)
    browser.post(f"{address(link)}other/")
    assert "Meet" in text_of(browser.get(address(link)))
    browser.post(address(link), {"name": "Paula Anders"})
    waiting = live.ask_admission(room_of(link), by=LinkGuest.objects.get(name="Paula Anders"), now=clock.now())
    live.deny(room_of(link), waiting.pk, by=cast.tess, now=clock.now())

    browser.post(f"{address(link)}other/")

    assert "You come as Paula Anders." in text_of(browser.get(address(link)))


@pytest.mark.parametrize(("query", "said"), [("?left", "You have left the session"), ("", "The session has ended")])
def test_end_says_what_was(cast, link, query, said):
    page = text_of(browser_at(link).get(f"{address(link)}ended/{query}"))

    assert said in page and "Knock again" in page


@pytest.mark.parametrize("how", ["locked", "reset", "not allowed", "signed in since"])
def test_end_thanks_who_came_whatever_became_of_the_link(cast, link, how):
    browser, ended = browser_at(link), f"{address(link)}ended/"
    if how == "locked":
        actions.change_link(link, is_locked=True, passphrase="", weekly={}, by=cast.tess, now=clock.now())
    elif how == "reset":
        link = actions.reset_link(link, wanted="another-one", by=cast.tess, now=clock.now())
    elif how == "not allowed":
        LiveSettings.objects.update_or_create(is_current=True, defaults={"links_allowed": False})
    else:
        browser.force_login(cast.gus, backend="django.contrib.auth.backends.ModelBackend")

    found = browser.get(ended)

    assert found.status_code == 200
    assert "The session has ended" in text_of(found) and cast.tess.get_short_name() in text_of(found)
    assert "another-one" not in found.content.decode()  # the new address is not for who had the old one
    assert ("Knock again" in text_of(found)) == (how == "signed in since")


@pytest.mark.parametrize("who", ["nobody", "guest of another link", "guest of another address", "blocked", "client"])
def test_end_names_nobody_to_who_has_not_come(cast, link, visit, who):
    ended, browser = f"{address(link)}ended/", visit()
    if who == "guest of another link":
        browser = browser_at(link_of(cast.sam.staff))
    elif who == "guest of another address":
        browser = browser_at(link)
        link = actions.reset_link(link, by=cast.tess, now=clock.now())
        ended = f"{address(link)}ended/"
    elif who == "blocked":
        browser = browser_at(link)
        actions.block_guest(LinkGuest.objects.get(), by=cast.tess, now=clock.now())
    elif who == "client":
        browser = visit(cast.gus)

    found, unknown = browser.get(ended), browser.get("/join/there-is-none/ended/")

    assert found.status_code == unknown.status_code == NOWHERE
    assert text_of(found) == text_of(unknown)
    assert cast.tess.get_short_name() not in text_of(found)


def test_end_is_counted_like_every_address(cast, link, visit):
    browser = visit()
    for number in range(21):
        browser.get(f"/join/guess-{number}/ended/")

    assert browser.get(f"{address(link)}ended/").status_code == 429


@pytest.mark.parametrize("how", ["locked", "reset"])
@pytest.mark.parametrize("who", ["guest", "signed in"])
def test_who_is_in_comes_back_to_the_page_by_the_address_of_before(cast, link, visit, who, how):
    browser, path = (browser_at(link), address(link)) if who == "guest" else (visit(cast.gus), address(link))
    if who == "signed in":
        browser.post(path, {})
    comer = cast.gus if who == "signed in" else LinkGuest.objects.get()
    room = room_of(link)
    live.ask_admission(room, by=cast.tess, now=clock.now())
    inside = live.admit(room, live.ask_admission(room, by=comer, now=clock.now()).pk, by=cast.tess, now=clock.now())
    if how == "locked":
        actions.change_link(link, is_locked=True, passphrase="", weekly={}, by=cast.tess, now=clock.now())
    else:
        actions.reset_link(link, wanted="another-one", by=cast.tess, now=clock.now())

    page = browser.get(path).content.decode()
    assert f"/ws/live/{room.pk}/" in page and f'data-ended="{path}ended/"' in page
    assert "another-one" not in page
    browser.post(path, {"name": "Once More"})
    assert set(LinkGuest.objects.values_list("slug", flat=True)) == {
        link.slug if how == "locked" else path.split("/")[2]
    }

    live.leave(Admission.objects.get(pk=inside.pk), now=clock.now())
    assert browser.get(path).status_code == NOWHERE
    assert visit().get(path).status_code == NOWHERE


def test_page_of_south_knows_no_link_of_north(cast, link):
    assert browser_of(organization="south").get(address(link)).status_code == NOWHERE


# -- whose it is -------------------------------------------------------------------------------------------------------


def test_owner_finds_the_address_and_changes_who_can_come(cast, visit):
    tess = visit(cast.tess)
    page = tess.get("/profile/link/")
    link = PersonalLink.objects.get(staff=cast.tess_staff)
    assert f"/join/{link.slug}/" in page.content.decode()

    typed = {"is_locked": "on", "passphrase": "Blaue Tür", "weekdays": ["0", "2"], "starts": "09:00", "ends": "12:30"}
    answer = tess.post("/profile/link/", {**fields_of(page), **typed})

    assert answer.status_code == 302
    link.refresh_from_db()
    assert (link.is_locked, link.passphrase) == (True, "Blaue Tür")
    assert link.hours == {"0": [[540, 750]], "2": [[540, 750]]}
    again = tess.get("/profile/link/").content.decode()
    assert 'value="09:00"' in again and 'value="12:30"' in again


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"starts": "09:00"}, "Give both times"),
        ({"starts": "12:00", "ends": "09:00"}, "It ends before it begins."),
        ({"passphrase": "ab"}, "Write at least 4 characters."),
    ],
)
def test_what_cannot_be_is_said_at_the_field(cast, visit, typed, said):
    tess = visit(cast.tess)

    answer = tess.post("/profile/link/", {**fields_of(tess.get("/profile/link/")), **typed})

    assert answer.status_code == 422
    assert said in text_of(answer)


def test_reset_leads_to_the_new_address(cast, link, visit):
    tess = visit(cast.tess)
    form = fields_of(tess.get("/profile/link/reset/"), action="")

    answer = tess.post("/profile/link/reset/", {**form, "wanted": "bei Tess"}, follow=True)

    assert "/join/bei-tess/" in answer.content.decode()
    assert visit().get(address(link)).status_code == NOWHERE


@pytest.mark.parametrize("who", ["gus", "ada"])
def test_page_is_for_those_who_work_here(cast, visit, who):
    assert visit(getattr(cast, who)).get("/profile/link/").status_code == 403


def test_calls_stand_there_and_hosts_act_on_them(cast, visit):
    link = link_of(cast.nora.staff)
    guest, nora = knock(link).guest, visit(cast.nora)
    prospect = Client.objects.create(first_name="Paula", last_name="Gast", time_zone="Europe/Berlin", status="prospect")
    assert "Paula Gast" in text_of(nora.get("/profile/link/"))

    call = f"/profile/link/guests/{guest.pk}/call/"
    assert nora.post(call, {**fields_of(nora.get(call)), "client": str(prospect.pk)}).status_code == 302
    nora.post(f"/profile/link/guests/{guest.pk}/block/")
    page = text_of(nora.get("/profile/link/"))

    assert "Blocked" in page and "Unblock" in text_of(nora.get(call))
    assert Admission.objects.get().state == "denied"
    panel = text_of(nora.get(f"/people/clients/{prospect.pk}/panels/"))
    assert "Came by link" in panel
    nora.post(f"/profile/link/guests/{guest.pk}/unblock/")
    assert LinkGuest.objects.get().blocked_at is None
    assert AuditEvent.objects.filter(action__startswith="link_").count() == 3


def test_call_is_noted_as_somebody_new(cast, visit):
    guest = knock(link_of(cast.nora.staff)).guest

    answer = visit(cast.nora).post(f"/profile/link/guests/{guest.pk}/prospect/", follow=True)

    assert answer.status_code == 200
    assert Client.objects.get(first_name="Paula").status == "prospect"


def test_guests_of_another_one_are_nobody(cast, link, visit):
    guest = come(link)

    for act in ("block", "unblock", "call", "prospect"):
        assert visit(cast.gus).get(f"/profile/link/guests/{guest.pk}/{act}/").status_code == NOWHERE
        assert (
            visit(cast.olga, organization="south").get(f"/profile/link/guests/{guest.pk}/{act}/").status_code == NOWHERE
        )


# -- the host's pages --------------------------------------------------------------------------------------------------


def test_host_has_the_personal_room_and_nobody_else(cast, link, visit):
    page = visit(cast.tess).get(f"/live/{link.pk}/").content.decode()

    assert f"/ws/live/{room_of(link).pk}/" in page and "data-host" in page
    assert 'data-action="record"' not in page and 'data-action="extend"' not in page
    for stranger in (visit(cast.gus), visit(cast.ada), visit(cast.olga, organization="south")):
        assert stranger.get(f"/live/{link.pk}/").status_code == NOWHERE
    assert visit(cast.tess).get(f"/live/{link.pk}/ended/").status_code == 200


def test_doorbell_knows_who_waits_since_when_and_decides(cast, link, visit):
    waiting, tess = knock(link), visit(cast.tess)

    (ring,) = tess.get("/live/waiting/").json()["waiting"]
    assert (ring["title"], ring["is_guest"]) == ("Paula Gast (guest) is waiting", True)
    assert ring["since"] == waiting.asked_at.isoformat()
    answer = tess.post(f"{ring['path']}admissions/{waiting.pk}/", {"decision": "admit"})

    assert answer.json() == {"state": "admitted", "path": f"/live/{link.pk}/"}
    assert "Waiting now" not in text_of(tess.get("/dashboard/"))


def test_host_blocks_from_the_card(cast, link, visit):
    waiting = knock(link)

    answer = visit(cast.tess).post(f"/live/{link.pk}/admissions/{waiting.pk}/", {"decision": "block"})

    assert answer.json() == {"state": "blocked"}
    assert LinkGuest.objects.get().blocked_by == cast.tess


def test_waiting_guest_is_marked_on_the_dashboard(cast, link, visit):
    knock(link)

    assert "Paula Gast (guest)" in text_of(visit(cast.tess).get("/dashboard/"))


def test_organization_without_links_has_none(cast, link, visit):
    nora = visit(cast.nora)
    page = nora.get("/settings/live/")
    fields = fields_of(page)
    fields.pop("links_allowed", None)

    assert nora.post("/settings/live/", fields).status_code == 302

    assert visit(cast.tess).get("/profile/link/").status_code == NOWHERE
    assert visit().get(address(link)).status_code == NOWHERE
