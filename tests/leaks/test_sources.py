"""The vendor's name stands in the operator console, the documents and the packaging; nowhere that a tenant's person could meet it."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VENDOR = "colon" + "nade"  # in two halves, so that this file is no finding itself
APPS = ("themes", "portal", "branding", "core", "billing", "sessions_live", "tenants")
OPERATOR = ("operator",)
TAG = re.compile(r"{%.*?%}", re.DOTALL)
TEXT = {".py", ".html", ".txt", ".mjml", ".typ", ".js", ".css", ".svg", ".json", ".po"}


def sources():
    for app in APPS:
        for file in sorted((ROOT / app).rglob("*")):
            if (
                file.is_file()
                and file.suffix in TEXT
                and "vendor" not in file.parts
                and "__pycache__" not in file.parts
            ):
                yield file


@pytest.mark.unit
def test_vendor_is_not_named_in_what_tenants_receive():
    findings = [
        str(file.relative_to(ROOT))
        for file in sources()
        if VENDOR in file.read_text(errors="replace").lower()
        and not any(part in str(file.relative_to(ROOT)) for part in OPERATOR)
    ]

    assert findings == []


@pytest.mark.unit
def test_pages_hold_no_inline_script_or_style():
    findings = []
    for file in sorted((ROOT / "themes" / "templates").rglob("*.html")):
        text = TAG.sub("", file.read_text())  # attributes of template tags are not HTML
        if " style=" in text or "<style" in text or "onclick=" in text or "javascript:" in text or "<script>" in text:
            findings.append(str(file.relative_to(ROOT)))

    assert findings == []


@pytest.mark.unit
def test_pages_ask_no_other_host():
    allowed = ("http://www.w3.org/",)
    findings = []
    for file in sources():
        if file.suffix in {".html", ".css", ".js"} and "operator" not in str(file):
            for mark in ('src="http', "src='http", 'href="http', "url(http", "import 'http", "fetch('http"):
                text = file.read_text()
                position = text.find(mark)
                if position >= 0 and not any(host in text[position : position + 60] for host in allowed):
                    findings.append(f"{file.relative_to(ROOT)}: {mark}")

    assert findings == []
