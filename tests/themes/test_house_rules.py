"""What holds for every template, script and stylesheet, whoever wrote it."""

import re
from pathlib import Path

import pytest

from themes.elements import icon_names

ROOT = Path(__file__).parents[2] / "themes"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
MAILS = sorted((ROOT / "templates").rglob("*.mjml"))
OWN = [path for path in sorted((ROOT / "static").rglob("*")) if path.is_file() and "vendor" not in path.parts]
SHEETS = [path for path in OWN if path.suffix == ".css"]
SCRIPTS = [path for path in OWN if path.suffix == ".js"]
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch|oklab|lab|lch)a?\(", re.IGNORECASE)

SENT = re.compile(r'(?:new CustomEvent|\bemit)\(\s*"([\w-]+)"')
WAITED = re.compile(r'\b(?:document|window|this|call|test|socket)\.addEventListener\(\s*"([\w:-]+)"')
# What browsers send; `toast` comes by a header of htmx.
NATIVE = {
    *(
        "afterprint",
        "appinstalled",
        "beforeinstallprompt",
        "beforeprint",
        "beforeunload",
        "freeze",
        "fullscreenchange",
        "hashchange",
        "load",
        "offline",
        "online",
        "pagehide",
        "pageshow",
        "popstate",
        "resume",
        "storage",
        "visibilitychange",
    ),
    *(
        "change",
        "click",
        "dblclick",
        "focusin",
        "focusout",
        "input",
        "keydown",
        "paste",
        "reset",
        "submit",
        "toast",
        "toggle",
    ),
    *(
        "dragend",
        "dragstart",
        "dragenter",
        "dragleave",
        "dragover",
        "drop",
        "pointercancel",
        "pointerdown",
        "pointerenter",
        "pointerleave",
    ),
    *("pointermove", "pointerup"),
}


def named(paths: list[Path]) -> object:
    """Parametrize by file, with short names."""
    return pytest.mark.parametrize("path", paths, ids=[str(path.relative_to(ROOT)) for path in paths])


@named(TEMPLATES)
def test_templates_have_no_inline_code_and_no_other_host(path: Path) -> None:
    text = re.sub(r"{%.*?%}", "", path.read_text())  # attributes of our tags are no attributes of HTML

    assert not re.search(r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", text), "inline style or script"
    assert not re.search(r"<script(?![^>]*\bsrc=)", text), "inline script"
    assert not re.search(r"(?:src|href)=[\"'](?:https?:)?//", text), "another host"


@named(TEMPLATES + MAILS + SHEETS + SCRIPTS)
def test_the_vendor_is_not_named(path: Path) -> None:
    assert "operator" in path.parts or "colonnade" not in path.read_text().lower()


@named(TEMPLATES)
def test_templates_name_icons_that_the_sprite_has(path: Path) -> None:
    used = set(re.findall(r"{% icon [\"']([a-z0-9-]+)[\"']", path.read_text()))
    used |= set(re.findall(r"\bicon(?:_end)?=[\"']([a-z0-9-]+)[\"']", path.read_text()))

    assert used - icon_names() == set()


@named([sheet for sheet in SHEETS if sheet.name not in ("primitives.css", "tokens.css")])
def test_colours_are_named_by_their_meaning(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)

    assert COLOUR.findall(text) == []


@named([sheet for sheet in SHEETS if sheet.name not in ("calendar.css",)])
def test_rules_stand_in_a_layer(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL).strip()

    assert text.startswith("@layer")


@named(SCRIPTS)
def test_scripts_make_no_markup_from_text(path: Path) -> None:
    assert not re.search(
        r"\.innerHTML|\.outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", path.read_text()
    )


def test_events_that_scripts_wait_for_come_from_a_script() -> None:
    """A renamed event is silence, not an error: whoever still waits for its old name is never told anything."""
    texts = {path.name: path.read_text() for path in SCRIPTS}
    sent = {name for text in texts.values() for name in SENT.findall(text)} | NATIVE
    waited = {(name, file) for file, text in texts.items() for name in WAITED.findall(text)}
    assert {(name, file) for name, file in waited if name not in sent and not name.startswith("htmx:")} == set()


def test_icons_are_listed_once_and_in_order() -> None:
    listed = (ROOT / "icons.txt").read_text().split()

    assert listed == sorted(set(listed))


# Properties and values that name left and right. What is drawn the other way round for right-to-left readers says so beside it, by `[dir="rtl"]`.
PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)[\w-]*|border-(?:top|bottom)-(?:left|right)-radius|left|right)\s*:"
    r"|(?<![\w-])(?:text-align|float|clear)\s*:\s*(?:left|right)\b"
    r"|(?<![\w-])inset\s*:\s*[^;\s]+\s+(?P<end>[^;\s]+)\s+[^;\s]+\s+(?!(?P=end)\s*;)[^;]+;"
)
SIDED = re.compile(r"(?<![\w-])(?:object-position|background-position|transform-origin)\s*:[^;]*\b(?:left|right)\b")


@named(SHEETS)
def test_sheets_name_start_and_end_and_not_left_and_right(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)

    assert PHYSICAL.findall(text) == []
    plain, mirrored = [], 0
    for rule in re.findall(r"([^{}]*)\{([^{}]*)\}", text):
        if SIDED.search(rule[1]):
            mirrored += 1 if "rtl" in rule[0] else 0
            plain += [] if "rtl" in rule[0] else [rule[0].strip()]
    assert len(plain) == mirrored, plain


@pytest.mark.parametrize(
    "rule", ["margin-left: 1px", "left: 0;", "text-align: right;", "inset: 0 auto 0 0;", "border-top-left-radius: 1px;"]
)
def test_a_physical_side_is_found(rule: str) -> None:
    assert PHYSICAL.search(f"a {{ {rule} }}")
    assert not PHYSICAL.search(
        "a { margin-inline-start: 1px; inset: 0; inset: auto 0 0; inset: 0 1px 0 1px; text-align: start; }"
    )
