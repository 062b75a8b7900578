"""Who is asked, what is noted, how one goes on without, and how a consent is taken back."""

import csv
import hashlib
import io

import pytest

from core.kernel import clock
from core.kernel.models import AuditEvent
from core.legal import actions, queries
from core.legal.models import Acceptance, VersionText
from core.notifications.models import Notice
from core.people.models import Client, LinkedLogin, User
from core.people.queries import login_facts
from core.people.rules.sign_in import sign_in_refusal
from tenants import hosts
from tests.factories.web import browser_of

PAGE = {"accept": "text/html"}
OPEN = "/profile/agreements/open/"


def visit(browser, path="/dashboard/"):
    return browser.get(path, headers=PAGE)


def keys(person):
    return [ask.key for ask in queries.open_asks(person)]


def test_person_is_asked_once_and_goes_on_where_they_went(publish, cast):
    publish("terms", is_asked_of_clients=True)
    gus = browser_of(cast.gus)

    led = visit(gus, "/notifications/?page=1")
    assert led.headers["Location"] == f"{OPEN}?next=/notifications/%3Fpage%3D1"
    page = gus.get(led.headers["Location"]).content.decode()
    assert "North Practice." in page and "Not now" in page
    assert "You are asked again when you sign in the next time." in page
    [key] = keys(cast.gus)
    refused = gus.post(OPEN, {"next": "/notifications/?page=1"})
    assert refused.status_code == 422 and "Tick it to accept" in refused.content.decode()
    done = gus.post(OPEN, {key: "on", "next": "/notifications/?page=1"}, REMOTE_ADDR="192.0.2.9")

    assert done.headers["Location"] == "/notifications/?page=1"
    row = Acceptance.objects.get()
    words = VersionText.objects.get()
    assert (row.user, row.answer, row.language, row.client, row.address) == (
        cast.gus,
        "accepted",
        "en",
        None,
        "192.0.2.9",
    )
    assert row.digest == hashlib.sha256(f"{words.title}\n{words.body}".encode()).hexdigest()
    assert AuditEvent.objects.get(action="acceptance.accepted").actor_id == str(cast.gus.pk)
    assert visit(gus).status_code == 200
    assert gus.post(OPEN, {key: "on"}).status_code in (302, 422) and Acceptance.objects.count() == 1


def test_nobody_else_and_nothing_but_a_page_is_led_away(publish, cast):
    publish("terms", is_asked_of_clients=True)
    gus = browser_of(cast.gus)

    assert visit(browser_of(cast.tess)).status_code == 200  # staff are not asked
    assert gus.get("/dashboard/", headers={"accept": "application/json"}).status_code == 200
    assert gus.get("/dashboard/", headers={**PAGE, "hx-request": "true"}).status_code == 200
    fetched = {**PAGE, "sec-fetch-mode": "cors", "sec-fetch-dest": "empty"}
    assert gus.get("/dashboard/", headers=fetched).status_code == 200
    sent = gus.post("/profile/", {"name": "Gus", "time_zone": "Europe/Berlin", "language": "en"}, headers=PAGE)
    assert sent.headers["Location"] == "/profile/"  # what was typed is saved, and only then is one asked
    assert visit(gus, "/profile/").headers["Location"].startswith(OPEN)
    assert gus.get("/legal/terms/", headers=PAGE).status_code == 200


def test_page_that_a_service_worker_hands_on_is_led_away_too(publish, cast):
    publish("terms", is_asked_of_clients=True)
    handed_on = {**PAGE, "sec-fetch-mode": "navigate", "sec-fetch-dest": "empty"}  # so Chromium writes it

    led = browser_of(cast.gus).get("/dashboard/", headers=handed_on)

    assert led.headers["Location"].startswith(OPEN)


def test_later_goes_on_until_the_next_sign_in(publish, cast):
    publish("terms", is_asked_of_clients=True)
    gus = browser_of(cast.gus)

    assert gus.post(f"{OPEN}later/", {"next": "/profile/"}).headers["Location"] == "/profile/"
    assert visit(gus).status_code == 200
    assert gus.post(f"{OPEN}later/", {"next": "https://evil.example/"}).headers["Location"] == "/dashboard/"
    assert not Acceptance.objects.exists()
    assert visit(browser_of(cast.gus)).headers["Location"].startswith(OPEN)
    assert "wait for your answer" in gus.get("/profile/agreements/").content.decode()


@pytest.mark.parametrize("must_accept", [True, False])
def test_new_version_is_asked_only_where_it_says_so(publish, cast, must_accept):
    publish("terms", is_asked_of_clients=True)
    actions.answer_texts(given=[actions.Given(keys(cast.gus)[0], True)], by=cast.gus, now=clock.now(), address=None)
    gus = browser_of(cast.gus)
    assert visit(gus).status_code == 200

    publish("terms", "<p>Second.</p>", must_accept=must_accept)

    assert (visit(gus).status_code == 302) is must_accept


def test_answer_to_a_version_that_is_gone_is_refused_and_asked_anew(publish, cast):
    publish("terms", is_asked_of_clients=True)
    [key] = keys(cast.gus)
    publish("terms", "<p>Second.</p>")
    gus = browser_of(cast.gus)

    answer = gus.post(OPEN, {key: "on"})

    assert answer.status_code == 422 and "Second." in answer.content.decode()
    assert not Acceptance.objects.exists()


def test_guardian_answers_for_each_client_and_takes_one_back(publish, cast):
    text = publish("consent", is_asked_of_clients=True, is_per_client=True)
    other = Client.objects.create(first_name="Cora", time_zone="Europe/Berlin")
    LinkedLogin.objects.create(user=cast.gus, client=other, relationship="guardian")
    stranger = Client.objects.create(first_name="Stan", time_zone="Europe/Berlin")
    LinkedLogin.objects.create(user=cast.gus, client=stranger, relationship="partner")  # may not consent for them
    asks = queries.open_asks(cast.gus)
    assert {ask.client.first_name for ask in asks} == {cast.cleo.first_name, "Cora"}
    gus = browser_of(cast.gus)
    page = gus.get(OPEN).content.decode()
    assert page.count('class="legal-ask"') == 1 and "For Cora" in page  # one text, one answer for each
    yes, no = [ask.key for ask in sorted(asks, key=lambda ask: ask.client == other)]

    assert gus.post(OPEN, {yes: "yes", no: "no"}).status_code == 302

    answers = {row.client_name: row.answer for row in Acceptance.objects.all()}
    assert answers == {cast.cleo.name: "accepted", "Cora": "declined"}
    assert visit(gus).status_code == 200  # a no is an answer
    row = Acceptance.objects.get(answer="accepted")
    assert browser_of(cast.cleo_login).post(f"/profile/agreements/{row.pk}/withdrawal/").status_code == 404
    for _ in range(2):
        gus.post(f"/profile/agreements/{row.pk}/withdrawal/")
    assert Acceptance.objects.filter(answer="withdrawn", client=cast.cleo).count() == 1
    notice = Notice.objects.get(user_id=cast.nora.pk, kind="consent_withdrawn")
    assert cast.cleo.name in notice.body and notice.path == f"/settings/legal/{text.slug}/answers/"
    panel = browser_of(cast.nora).get(f"/people/clients/{cast.cleo.pk}/panels/").content.decode()
    assert "Withdrawn" in panel and "Photos" in panel
    again = f"{OPEN}?again={yes}"
    assert again in gus.get("/profile/agreements/").content.decode()
    assert gus.post(again, {yes: "yes"}).headers["Location"] == "/profile/agreements/"
    assert queries.latest_answers(cast.gus)[text.pk, cast.cleo.pk].answer == "accepted"


def test_text_that_was_accepted_is_no_consent_to_withdraw(publish, cast):
    publish("terms", is_asked_of_clients=True)
    [row] = actions.answer_texts(
        given=[actions.Given(keys(cast.gus)[0], True)], by=cast.gus, now=clock.now(), address=None
    )

    browser_of(cast.gus).post(f"/profile/agreements/{row.pk}/withdrawal/")

    assert Acceptance.objects.count() == 1


def test_answers_are_found_paged_and_downloaded(publish, cast):
    text = publish("consent", is_asked_of_clients=True)
    cast.gus.name = "=Gus “O’Hara” 李"
    cast.gus.save()
    for person in (cast.gus, cast.cleo_login):
        actions.answer_texts(
            given=[actions.Given(keys(person)[0], person == cast.gus)], by=person, now=clock.now(), address="192.0.2.9"
        )
    nora, at = browser_of(cast.nora), f"/settings/legal/{text.slug}/answers/"

    assert "“O’Hara” 李" in nora.get(at, {"q": "ohara"}).content.decode()
    assert "“O’Hara”" not in nora.get(at, {"answer": "declined"}).content.decode()
    assert "Nothing found" in nora.get(at, {"q": "nobody"}).content.decode()
    file = nora.get(f"{at}file/", {"answer": "accepted"})
    table = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert b"colonnade" not in file.content.lower() and file.headers["Content-Disposition"].endswith(
        'filename="photos.csv"'
    )
    assert len(table) == 2 and table[1][1].startswith("'=Gus") and len(table[1][-1]) == 64
    assert AuditEvent.objects.filter(action="acceptance.exported").count() == 1
    assert browser_of(cast.tess).get(at).status_code == 403
    assert browser_of(cast.gus).get(f"{at}file/").status_code == 403


def test_answer_outlives_the_text_and_its_reader_finds_it(publish, cast):
    text = publish("consent", is_asked_of_clients=True)
    actions.answer_texts(given=[actions.Given(keys(cast.gus)[0], True)], by=cast.gus, now=clock.now(), address=None)
    actions.withdraw_text(text=text, by=cast.nora, now=clock.now())

    hosts.forget_all()
    page = browser_of(cast.gus).get("/profile/agreements/").content.decode()

    assert "Answered earlier" in page and "Photos" in page
    way = 'href="/profile/agreements/"'
    assert way in browser_of(cast.gus).get("/profile/").content.decode()  # although nothing is asked any more
    assert way not in browser_of(cast.cleo_login).get("/profile/").content.decode()
    assert browser_of(cast.gus).get(f"/legal/{text.slug}/1/").status_code == 200
    assert browser_of().get(f"/legal/{text.slug}/1/").status_code == 404


def test_staff_read_what_was_answered_for_a_client_after_it_was_taken_out(publish, cast):
    text = publish("consent", is_asked_of_clients=True, is_per_client=True)
    actions.answer_texts(given=[actions.Given(keys(cast.gus)[0], True)], by=cast.gus, now=clock.now(), address=None)
    actions.withdraw_text(text=text, by=cast.nora, now=clock.now())
    hosts.forget_all()
    tess, way = browser_of(cast.tess), f"/legal/{text.slug}/1/"

    assert f'href="{way}"' in tess.get(f"/people/clients/{cast.cleo.pk}/panels/").content.decode()
    assert tess.get(way).status_code == 200
    for stranger in (cast.cleo_login, cast.ada):
        assert browser_of(stranger).get(way).status_code == 404
    draft = actions.add_consent(title="Trips", language="en", by=cast.nora, now=clock.now())
    assert tess.get(f"/legal/{draft.slug}/").status_code == 404


@pytest.mark.parametrize(
    "asking",
    [
        {"is_asked_of_clients": True},
        {"is_asked_of_staff": True},
        {"is_asked_of_clients": True, "is_asked_of_staff": True},
        {"is_asked_of_clients": True, "is_per_client": True},
        {},
    ],
)
def test_whoever_is_asked_is_listed_until_they_have_answered(publish, cast, asking):
    text = publish("consent", is_asked_of_clients=False, is_asked_of_staff=False)
    actions.change_asking(
        text=text, **{"is_asked_of_clients": False, "is_asked_of_staff": False, **asking}, by=cast.nora, now=clock.now()
    )
    text.refresh_from_db()
    hosts.forget_all()
    at = f"/settings/legal/{text.slug}/unanswered/"

    def missing():
        if text.is_per_client:
            return {(link.user_id, link.client_id) for link in queries.links_to_answer(text)}
        return {(user.pk, None) for user in queries.people_to_answer(text)}

    def asked():
        found = [(user, ask) for user in User.objects.filter(is_active=True) for ask in queries.open_asks(user)]
        return {(user.pk, ask.client.pk if ask.client else None) for user, ask in found if can_sign_in(user)}

    assert missing() == asked()
    assert bool(missing()) == bool(asking)
    if not asking:
        assert "Nobody is missing" in browser_of(cast.nora).get(at).content.decode()
        return
    person = next(user for user in (cast.gus, cast.tess) if keys(user))
    assert person.email in browser_of(cast.nora).get(at, {"q": person.name}).content.decode()
    actions.answer_texts(
        given=[actions.Given(key, False) for key in keys(person)], by=person, now=clock.now(), address=None
    )
    assert missing() == asked()
    assert person.pk not in {user for user, _client in missing()}
    assert person.email not in browser_of(cast.nora).get(at).content.decode()
    publish("consent", "<p>Second.</p>", must_accept=True)
    text.refresh_from_db()
    assert person.pk in {user for user, _client in missing()}
    assert missing() == asked()
    assert browser_of(cast.tess).get(at).status_code == 403


def can_sign_in(user):
    return sign_in_refusal(login_facts(user)) is None
