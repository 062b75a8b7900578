"""What stays on a device: the service worker with the page for when there is no connection, and the organization among the device's apps."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from django.utils import translation

from branding.actions import change_brand
from branding.models import Brand
from branding.queries import current_brand
from branding.rules.nouns import GENDERS
from branding.standalone import content_policy
from deploy.local import scripts
from tests.isolation.addresses import addresses

WORKER = Path("themes/static/js/offline/service-worker.js")
# Addresses that answer with a file: a browser opens them like pages, and the worker must not stand between.
FILES = (
    "scheduling:calendar_file", "scheduling:feed_file",
    "billing:invoice-document", "billing:payment-receipt", "recordings:video", "recordings:download", "boards:saved_file", "records_file",
    "brand:stylesheet", "brand:favicon", "brand:manifest", "public_sitemap",
)  # fmt: skip


def worker(browser):
    answer = browser.get("/service-worker.js")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert answer["Cache-Control"] == "no-cache" and not answer.cookies
    return answer


def kept(answer):
    return json.loads(re.match(r"const OFFLINE = (.*);\n", answer.content.decode())[1])


@pytest.mark.unit
@pytest.mark.parametrize(
    ("windows", "done"),
    [
        ([], ["open", "/notifications/1/"]),
        (["/live/1/room/"], ["open", "/notifications/1/"]),  # nobody is taken from a call, nor from a form
        (["/clients/new/"], ["open", "/notifications/1/"]),
        (["/live/1/room/", "/notifications/1/"], ["focus", "/notifications/1/"]),
    ],
)
def test_press_on_a_push_message_leads_no_window_away(windows, done):
    asked = {"worker": WORKER.read_text(), "windows": windows, "url": "/notifications/1/"}
    program = Path(__file__).with_name("click_notification.mjs")
    ran = subprocess.run([scripts.node(), program], input=json.dumps(asked), capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout) == [done]


@pytest.fixture
def speaks(cast):
    def put(*languages, **more):
        Brand.objects.update(languages=list(languages), **more)
        cast.north.__dict__.pop("_brand", None)

    return put


def test_worker_keeps_the_page_of_every_language_and_nothing_else(cast, visit, speaks):
    speaks("de", "en")
    facts = kept(worker(visit(cast.nora)))

    assert facts["pages"] == {"de": "/offline/de/", "en": "/offline/en/"} and facts["first"] == "de"
    assert set(re.findall(r"cache\.(\w+)\(", WORKER.read_text())) == {"put", "addAll", "match"}
    assert re.findall(r"cache\.put\((\w+)", WORKER.read_text()) == ["LANGUAGE"]
    for address in facts["pages"].values():
        here, there = visit(cast.nora).get(address), visit().get(address)
        assert here.content == there.content and here.status_code == 200 and not here.cookies
        assert not re.search(r"""(?:src|href|url\()=?["']?(?:https?:/)?/(?!["'])""", here.content.decode())
    assert "Keine Verbindung" in visit().get("/offline/de/").content.decode()
    assert visit().get("/offline/fr/").status_code == visit().get("/offline/xx/").status_code == 404


def test_worker_changes_with_the_brand_and_costs_nothing_otherwise(
    cast, visit, django_assert_num_queries, django_capture_on_commit_callbacks
):
    browser = visit(cast.nora)
    before = worker(browser)
    with django_assert_num_queries(0):
        assert browser.get("/service-worker.js", headers={"If-None-Match": before["ETag"]}).status_code == 304

    with django_capture_on_commit_callbacks(execute=True):
        change_brand(current_brand(), by=cast.nora, name="Nordlicht")

    after = worker(browser)
    assert after["ETag"] != before["ETag"] and kept(after)["version"] != kept(before)["version"]
    assert "Nordlicht" in browser.get("/offline/en/").content.decode()


def test_page_runs_its_own_style_and_script_only(cast, visit, speaks):
    speaks("en", name="A <script>b</script> & “c”", phone="(030) 12/34")
    answer = visit().get("/offline/en/")
    page, policy = answer.content.decode(), answer["Content-Security-Policy"]

    assert "unsafe" not in policy and policy == content_policy(re.search("style-src ('[^']+')", policy)[1])
    assert page.count("<script>") == 1 and "A &lt;script&gt;b&lt;/script&gt; &amp; “c”" in page
    assert 'href="tel:0301234"' in page


@pytest.mark.parametrize("name", FILES)
def test_files_do_not_pass_through_the_worker(cast, name):
    pattern = re.compile(re.search(r"FILE = /(.+)/;", WORKER.read_text())[1].replace(r"\/", "/"))
    paths = [address.path(lambda *_: "1") for address in addresses("deploy.urls.tenant") if address.name == name]

    assert paths and all(pattern.search(path) for path in paths)


def test_pages_that_people_open_are_no_files(cast):
    pattern = re.compile(re.search(r"FILE = /(.+)/;", WORKER.read_text())[1].replace(r"\/", "/"))

    assert not [
        path
        for path in ("/", "/dashboard/", "/calendar/", "/live/1/", "/help/mail/", "/appointments/1/")
        if pattern.search(path)
    ]


def test_worker_takes_itself_away_where_none_is_wanted(cast, visit, settings):
    assert 'data-service-worker="/service-worker.js"' in visit(cast.nora).get("/dashboard/").content.decode()
    settings.OFFLINE_PAGE = False

    script = worker(visit()).content.decode()
    assert "unregister" in script and "caches.delete" in script and "fetch" not in script
    page = visit(cast.nora).get("/dashboard/").content.decode()
    assert "data-service-worker" not in page and "install-app" not in page


def test_shortcuts_of_the_app_are_in_the_organizations_words_and_everybodys(cast, visit, speaks):
    word = {"singular": "Wug", "plural": "Wugs", "gender": GENDERS["de"][0], "article": ""}
    speaks("de", "en", words={"de": {"appointment": word}})
    manifest = visit().get("/manifest.webmanifest", headers={"Accept-Language": "de-AT"}).json()

    assert (manifest["lang"], manifest["dir"]) == ("de", "ltr")
    assert [each["name"] for each in manifest["shortcuts"]] == ["Start", "Kalender", "Wugs", "Hilfe"]
    for person in (cast.nora, cast.tess, cast.gus, cast.ada):
        for each in manifest["shortcuts"]:
            assert visit(person).get(each["url"]).status_code == 200, (person.name, each["url"])


def test_shared_link_to_the_sign_in_shows_the_organization_in_both_themes(cast, visit):
    with translation.override("en"):
        page = visit().get("/account/login/").content.decode()

    for fact in (
        'og:title" content="North Practice"',
        'og:image" content="http://north.test/brand/icon/512',
        'twitter:card" content="summary"',
    ):
        assert page.count(fact) == 1
    assert 'media="(prefers-color-scheme: dark)"' in page
    assert '<meta name="apple-mobile-web-app-title" content="North">' in page
