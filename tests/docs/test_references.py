"""Every path, module, command, `make` target, promise and identifier that a text of the repository mentions exists."""

import re
from fnmatch import fnmatch
from functools import cache

import pytest
from django.core.management import get_commands

from core.kernel.outbox import handler_names
from tests.docs import references
from tests.docs.references import ROOT, files, strings, texts, words

pytestmark = pytest.mark.unit
READ = [name for name in files() if not name.startswith("tests/docs/") and texts(name)]
# Made at set-up or while running, and therefore not in the repository.
MADE = ("themes/static/vendor", "htmx.js", "NOTICES.txt")
# Names of other people's programs; `media_compiled` is put together where the metrics are written.
FOREIGN = {"core.hooksPath", "gen_random_uuid", "get_server", "media_compiled", "pg_basebackup", "pg_ctl", "pg_restore"}
FOREIGN |= {"pg_table_is_visible", "srtp_t", "tok_visa", "uuidv7"}


@cache
def paths() -> frozenset[str]:
    """Files and folders, and each template by the name that code gives it."""
    folders = {"/".join(parts[:end]) for name in files() if (parts := name.split("/")) for end in range(1, len(parts))}
    templates = {name.removeprefix("themes/templates/") for name in files() if name.startswith("themes/templates/")}
    return frozenset(files()) | folders | templates


@cache
def code() -> frozenset[str]:
    """Every word of the code."""
    return frozenset().union(*(words(name) for name in files() if not name.startswith("tests/docs/")))


@cache
def literals() -> frozenset[str]:
    """Every string of the code that is a dotted name."""
    found = frozenset().union(*(strings(name) for name in files() if name.endswith(".py")))
    return frozenset(each for each in found if re.fullmatch(r"\w+(\.\w+)+", each))


@cache
def file_names() -> frozenset[str]:
    return frozenset(name.rpartition("/")[2] for name in files())


@cache
def targets() -> frozenset[str]:
    found = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    return frozenset(found) | {"bench-tenancy", "bench-media", "bench-pages"}


def unknown_paths(text: str) -> list[str]:
    found = [each.rstrip("/.") for each in references.PATH.findall(text)]
    alone = [each for each in references.FILE.findall(text) if each not in file_names()]
    return [each for each in (*found, *alone) if not is_path(each) and not each.startswith(MADE)]


def is_path(mentioned: str) -> bool:
    """Placeholders (`<app>`, `{a,b}`, `…`) stand for anything; a module may be named without its ending."""
    pattern = re.sub(r"<[^>]*>|\{[^}]*\}|…", "*", mentioned).replace("/**/", "/*").removesuffix("/**")
    ways = (pattern, f"{pattern}.py", f"themes/{pattern}")
    return any(way in paths() or ("*" in way and any(fnmatch(path, way) for path in paths())) for way in ways)


def unknown_modules(text: str) -> list[str]:
    return [each for each in references.MODULE.findall(text) if each not in FOREIGN and not is_module(each)]


def is_module(mentioned: str) -> bool:
    """A module, or something that stands in one; a promise; a file."""
    if mentioned in handler_names() or mentioned in literals() or mentioned in paths():
        return True
    parts = mentioned.split(".")
    for end in range(len(parts), 0, -1):
        base = "/".join(parts[:end])
        if base in paths() or f"{base}.py" in paths():
            return set(parts[end : end + 1]) <= words(f"{base}.py") | words(f"{base}/__init__.py")
    return False


def unknown_promises(text: str) -> list[str]:
    return [
        each
        for each in references.NAMED.findall(text)
        if each not in handler_names() | literals() and not is_module(each)
    ]


def unknown_targets(text: str) -> list[str]:
    return [
        f"make {each}" for found in references.TARGET.findall(text) for each in found if each and each not in targets()
    ]


def unknown_commands(text: str) -> list[str]:
    return [f"manage.py {each}" for each in references.COMMAND.findall(text) if each not in get_commands()]


def unknown_identifiers(text: str) -> list[str]:
    return [each for each in references.IDENTIFIER.findall(text) if each not in code() | FOREIGN]


CHECKS = {
    "paths": unknown_paths,
    "modules": unknown_modules,
    "promises": unknown_promises,
    "targets": unknown_targets,
    "commands": unknown_commands,
    "identifiers": unknown_identifiers,
}


@pytest.mark.parametrize("kind", CHECKS)
def test_what_a_text_mentions_exists(kind: str) -> None:
    found = [f"{name}:{line}: {each}" for name in READ for line, text in texts(name) for each in CHECKS[kind](text)]
    assert found == []


# Links of help articles lead to pages: tests/help looks at them.
@pytest.mark.parametrize("name", [name for name in READ if name.endswith(".md") and not name.startswith("core/help/")])
def test_link_of_a_document_leads_somewhere(name: str) -> None:
    folder = files()[name].parent
    found = [link for _, text in texts(name) for link in references.LINK.findall(text) if not (folder / link).exists()]
    assert found == []
