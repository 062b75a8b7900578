"""A fifth language comes by one catalogue and one table, as docs/languages.md says; and one that is read from right to left is drawn so."""

from contextlib import contextmanager
from io import BytesIO
from itertools import product
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from django.contrib.staticfiles import finders
from django.test import override_settings
from playwright.sync_api import Route, sync_playwright

from branding.models import Brand
from branding.queries import current_brand
from branding.rules.nouns import ARTICLES, GENDERS, PRESETS, Noun
from core.people.models import User
from deploy.local import browser as chromium
from tenants import hosts
from tests.factories.scheduling import book

SCREENS = Path("var/screens/arabic")
SENTENCES = {
    "Home": "الرئيسية", "Calendar": "التقويم", "Settings": "الإعدادات", "Sign in": "تسجيل الدخول", "Password": "كلمة المرور",
    "E-mail address": "البريد الإلكتروني", "Notifications": "الإشعارات", "Upcoming": "القادمة", "Join": "انضمام", "Menu": "القائمة",
    "Profile": "الملف الشخصي", "Sign out": "تسجيل الخروج", "%(weekday)s, %(day)s": "%(weekday)s %(day)s",
    "See upcoming %(appointments)s.": "عرض %(appointments)s القادمة.", "Make %(invoice:a|an)s %(invoice)s.": "أنشئ %(invoice:هذا|هذه)s %(invoice)s.",
    "Hello, %(name)s": "مرحباً %(name)s",
}  # fmt: skip
NOUNS = {
    "client": Noun("عميل", "عملاء", "m"), "practitioner": Noun("أخصائي", "أخصائيون", "m"), "appointment": Noun("موعد", "مواعيد", "m"),
    "session": Noun("جلسة", "جلسات", "f"), "agent": Noun("وكيل", "وكلاء", "m"), "staff_member": Noun("موظف", "الفريق", "m"),
    "guardian": Noun("ولي أمر", "أولياء الأمور", "m"), "payer": Noun("دافع", "دافعون", "m"), "group": Noun("مجموعة", "مجموعات", "f"),
    "room": Noun("غرفة", "غرف", "f"), "service": Noun("خدمة", "خدمات", "f"), "invoice": Noun("فاتورة", "فواتير", "f"),
    "organization": Noun("منظمة", "منظمات", "f"),
}  # fmt: skip


@pytest.fixture
def arabic(cast, tmp_path, settings, monkeypatch):
    """The organization speaks Arabic: a catalogue, a table of nouns, an entry in LANGUAGES."""
    folder = tmp_path / "ar" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue, written = Catalog(locale="ar"), BytesIO()
    for sentence, translation in SENTENCES.items():
        catalogue.add(sentence, translation)
    write_mo(written, catalogue)
    (folder / "django.mo").write_bytes(written.getvalue())
    monkeypatch.setitem(PRESETS["neutral"], "ar", NOUNS)
    monkeypatch.setitem(GENDERS, "ar", ("m", "f"))
    monkeypatch.setitem(ARTICLES, "ar", {"m": ("", "ال", "ال"), "f": ("", "ال", "ال")})
    wanted = {"LANGUAGES": [*settings.LANGUAGES, ("ar", "العربية")], "LOCALE_PATHS": [*settings.LOCALE_PATHS, tmp_path]}
    with override_settings(**wanted):
        Brand.objects.update(languages=["ar"], vocabulary="neutral")
        current_brand().refresh_from_db()
        hosts._entries.clear()
        User.objects.update(language="ar")
        yield cast


def test_pages_speak_it_from_right_to_left(arabic, visit):
    book(arabic)
    shown = visit(arabic.nora).get("/dashboard/").content.decode()
    assert 'lang="ar"' in shown and 'dir="rtl"' in shown
    assert "الرئيسية" in shown and "عملاء" in shown and "فواتير" in shown
    assert "Clients" not in shown and "Invoices" not in shown
    words = visit(arabic.nora).get("/settings/words/").content.decode()
    assert "عرض مواعيد القادمة." in words and 'placeholder="عميل"' in words


class Pages:
    """Answers a browser with what was read before, and with the files that pages load."""

    def __init__(self, browser, paths):
        self.answers = {path: browser.get(path) for path in paths}
        sheet = self.answers[paths[0]].content.decode().partition('href="/brand')[2].partition('"')[0]
        self.answers[f"/brand{sheet}".partition("?")[0]] = browser.get(f"/brand{sheet}")

    def __call__(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path in self.answers:
            answer = self.answers[path]
            route.fulfill(body=answer.content, content_type=answer.headers["Content-Type"])
        elif path.startswith("/static/") and (found := finders.find(path.removeprefix("/static/"))):
            route.fulfill(path=found)
        else:
            route.fulfill(status=404, body="")


PATHS = ["/dashboard/", "/calendar/", "/appointments/", "/people/clients/", "/billing/services/", "/settings/words/"]
# How far anything reaches beyond the page, on either side, and where the navigation stands.
SEEN = """() => {
    const width = document.documentElement.clientWidth;
    const side = document.querySelector(".side")?.getBoundingClientRect();
    return {beyond: document.documentElement.scrollWidth - width, side: side ? Math.round(width - side.right) : null,
        direction: getComputedStyle(document.body).direction};
}"""


@contextmanager
def chromium_page():
    """Opened once everything is read: playwright's loop runs in this thread, and Django's connection is another one then."""
    with sync_playwright() as playwright:
        program = chromium.find() or chromium.fetch()
        browser = playwright.chromium.launch(
            executable_path=str(program), args=["--no-sandbox", "--disable-gpu", "--no-first-run"]
        )
        yield browser.new_page()
        browser.close()


def test_pages_fit_both_screens_from_right_to_left(arabic, visit):
    book(arabic)
    pages = Pages(visit(arabic.nora), PATHS)
    with chromium_page() as page:
        page.route("**/*", pages)
        for path, width in product(PATHS, (1280, 390)):
            page.set_viewport_size({"width": width, "height": 844})
            page.goto(f"http://north.test{path}", wait_until="load")
            page.screenshot(path=SCREENS / f"{path.strip('/').replace('/', '-')}-{width}.png", full_page=True)
            seen = page.evaluate(SEEN)
            assert (seen["direction"], seen["beyond"]) == ("rtl", 0), (path, width)
            assert width == 390 or seen["side"] == 0, path  # the navigation begins where a line begins
