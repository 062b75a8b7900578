"""What the real proxy shows in an organization's name while the application is away or slow: pages that the product has written."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.core.management import call_command

from branding import proxy_pages
from branding.actions import change_brand
from branding.models import Brand
from branding.queries import current_brand
from branding.standalone import content_policy
from core.kernel import clock, outbox
from tenants import context, domains
from tenants.models import Domain
from tests.factories.images import LOGOS, upload
from tests.local import caddy
from tests.local.caddy import ask

HOST, OTHER = "north.localhost", "south.localhost"
SLOW = 30  # seconds; longer than the proxy waits


class Slow(BaseHTTPRequestHandler):
    """An application that permits certificates, and answers `/slow` when it is too late."""

    def do_GET(self):
        if self.path == "/slow":
            ended.wait(SLOW)
        self.send_response(503 if self.path == "/busy" else 200)
        self.end_headers()
        self.wfile.write(b"The application's own page")

    do_POST = do_HEAD = do_GET

    def log_message(self, *_):
        pass


ended = threading.Event()


@pytest.fixture
def pages(cast, settings, tmp_path):
    """As they are written for north, under the name that the proxy gets a certificate for."""
    settings.PROXY_PAGES = tmp_path / "proxy-pages"
    Brand.objects.update(languages=["de", "fr", "en"], phone="+49 30 123", name="Nord & <Söhne>")
    cast.north.__dict__.pop("_brand", None)
    assert proxy_pages.renew() == 1
    (settings.PROXY_PAGES / "north.test").rename(settings.PROXY_PAGES / HOST)
    return settings.PROXY_PAGES


def test_page_is_the_organizations_while_nobody_answers(pages, tmp_path):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with caddy.front_door(
        f"127.0.0.1:{server.server_port}", tmp_path, UPSTREAM_PATIENCE="1s", UPSTREAM_RETRY="0s"
    ) as door:
        assert ask(door.https, HOST)[2] == ask(door.https, OTHER)[2] == "The application's own page"
        assert ask(door.https, HOST, "/busy")[0] == 503  # what the application says itself stays
        late = ask(door.https, HOST, "/slow", **{"Accept-Language": "en"})
        ended.set()
        server.shutdown()
        server.server_close()

        def asked(wish, host=HOST, **more):
            return ask(door.https, host, "/calendar/?x=1", **{"Accept-Language": wish}, **more)

        with ThreadPoolExecutor(12) as together:
            named = {
                wish: together.submit(asked, wish)
                for wish in ("de-AT,de;q=0.9", "es-MX, fr;q=0.8", "ja", "../de", "EN")
            }
            sent = together.submit(asked, "en", method="POST")
            looked = together.submit(asked, "en", method="HEAD")
            again = together.submit(
                asked, "en", **{"Range": "bytes=0-9", "If-Modified-Since": "Fri, 31 Dec 2100 00:00:00 GMT"}
            )
            capital = together.submit(asked, "en", host=HOST.upper(), named=HOST)
            neutral = {wish: together.submit(asked, wish, host=OTHER) for wish in ("en", "fr-CH, en")}

    assert late[0] == 504 and "Just a moment" in late[2] and 'lang="en"' in late[2]
    languages = {wish: re.search(r'<html lang="(\w+)"', answer.result()[2])[1] for wish, answer in named.items()}
    assert languages == {"de-AT,de;q=0.9": "de", "es-MX, fr;q=0.8": "fr", "ja": "de", "../de": "de", "EN": "de"}
    for status, headers, body in (answer.result() for answer in (*named.values(), sent, again)):
        assert status == 502 and headers["Retry-After"] == "5" and headers["Cache-Control"] == "no-store"
        assert headers["Content-Type"] == "text/html; charset=utf-8"
        assert headers["Content-Security-Policy"] == content_policy("'unsafe-inline'")
        assert "<title>" in body and "Nord &amp; &lt;Söhne&gt;" in body and 'href="tel:+4930123"' in body
        assert not re.search(r"""(?:src|href|url\()=?["']?(?:https?:)?//""", body)
        assert not {"Server", "Via", "ETag", "Last-Modified"} & set(headers)
        assert not re.search("caddy|colonnade", f"{headers}{body}", re.IGNORECASE)
    assert "may have been saved" in sent.result()[2] and "<script>" not in sent.result()[2]
    assert looked.result()[0] == 502 and looked.result()[2] == ""
    assert "cannot be shown right now" in capital.result()[2] or "Just a moment" in capital.result()[2]
    assert "Please try again in a moment. (502)" in neutral["en"].result()[2]
    assert 'lang="fr"' in neutral["fr-CH, en"].result()[2] and "Nord" not in neutral["en"].result()[2]


@pytest.fixture
def folder(cast, settings, tmp_path):
    settings.PROXY_PAGES = tmp_path
    return tmp_path / "north.test"


def test_pages_follow_the_brand_and_its_languages(cast, folder, settings):
    proxy_pages.renew()
    assert sorted(path.name for path in folder.iterdir()) == [
        "en-sent.html",
        "en.html",
        "first-sent.html",
        "first.html",
    ]

    change_brand(current_brand(), by=cast.nora, name="Nordlicht", primary_color="#7c2d12", languages=["fr"])
    outbox.deliver_due()

    assert sorted(path.name for path in folder.iterdir()) == [
        "first-sent.html",
        "first.html",
        "fr-sent.html",
        "fr.html",
    ]
    page = (folder / "fr.html").read_text()
    assert "Nordlicht" in page and "#7c2d12" in page and "Un instant" in page


def test_released_host_has_no_page(cast, folder, settings):
    settings.PLATFORM_DOMAIN = "invalid"
    domain = domains.add_domain(
        cast.north.pk, host="care.north-clinic.test", by="Tests", now=clock.now(), is_meant=True
    )
    with context.public_context():
        Domain.objects.filter(pk=domain.pk).update(verified_at=clock.now(), state="live")
    proxy_pages.renew()
    assert (folder.parent / domain.domain / "first.html").is_file()

    domains.remove_domain(cast.north.pk, domain.pk, by="Tests", now=clock.now())
    outbox.deliver_due()

    assert not (folder.parent / domain.domain).exists() and folder.is_dir()


def test_broken_picture_keeps_nobodys_pages_from_being_written(cast, folder):
    change_brand(current_brand(), by=cast.nora, icon=upload(LOGOS["png"]()), logo=upload(LOGOS["png"]()))
    for file in (Brand.objects.get().icon, Brand.objects.get().logo):
        Path(file.path).write_bytes(b"no picture" * 10_000)

    proxy_pages.renew()

    assert "data:image/svg+xml" in (folder / "en.html").read_text()


def test_organization_whose_pages_fail_keeps_nothing_from_starting(cast, folder, monkeypatch, caplog):
    renew = proxy_pages.renew

    def fail_for_one():
        if context.current_organization().slug == "north":
            raise RuntimeError("broken")
        return renew()

    monkeypatch.setattr(proxy_pages, "renew", fail_for_one)
    with context.public_context():
        call_command("write_proxy_pages")

    assert (folder.parent / "south.test" / "first.html").is_file() and not folder.exists()
    assert [record.message for record in caplog.records if "north" in record.message]


def test_folder_of_nobody_is_cleared(cast, folder):
    proxy_pages.renew()
    (folder.parent / "gone.test").mkdir()

    assert proxy_pages.clear() == 1
    assert folder.is_dir() and not (folder.parent / "gone.test").exists()
