"""The gallery of components over HTTP, without a database."""

from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from django.test import RequestFactory

from branding.rules.palette import BrandFacts
from branding.rules.stylesheet import brand_stylesheet
from portal.middleware import content_security_policy
from themes.views import gallery

TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "woff2": "font/woff2"}
BRANDS = {
    "clinic": BrandFacts("#1f6f63", accent="#e8a33d", heading_font="Figtree", body_font="Figtree"),
    "school": BrandFacts("#7a2e4d", heading_font="Fraunces", neutral="warm", radius="round"),
    "yellow": BrandFacts("#ffd400", heading_font="Plus Jakarta Sans", radius="sharp"),
}


class GalleryHandler(BaseHTTPRequestHandler):
    """Answers /design/, /brand.css (of the brand in the cookie) and /static/ under the product's own policy."""

    def do_GET(self) -> None:  # noqa: N802 because the standard library asks for it
        url = urlsplit(self.path)
        if url.path == "/design/":
            body, kind = gallery(RequestFactory().get(self.path)).content, "text/html; charset=utf-8"
        elif url.path == "/brand.css":
            cookie = SimpleCookie(self.headers.get("Cookie", ""))
            name = cookie["brand"].value if "brand" in cookie else "clinic"
            body, kind = brand_stylesheet(BRANDS[name]).encode(), "text/css"
        elif url.path.startswith("/static/") and (found := finders.find(url.path.removeprefix("/static/"))):
            with open(found, "rb") as file:  # noqa: PTH123 because finders give a plain path
                body, kind = file.read(), TYPES[found.rsplit(".", 1)[-1]]
        else:
            self.send_response(204 if url.path == "/favicon.ico" else 404)  # browsers ask for one unasked
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", content_security_policy(self.headers["Host"]))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet, because a test's output is for failures."""
