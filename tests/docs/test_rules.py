"""docs/rules: every rule has a page in the words of its module, and a worked table that a test reads."""

import ast
import re
from pathlib import Path

import pytest

from tests.rules_tables import RULES, tables

pytestmark = pytest.mark.unit
ROOT = Path(__file__).resolve().parents[2]
# Rules that a practice manager could check, and that cannot do without the database or stand where everybody looks for them.
BESIDE = ("core/people/roles.py", "billing/permissions.py", "tenants/domain_rules.py")
# The words themselves, which the page of the vocabulary shows.
WORD_LISTS = ("branding/rules/nouns.py",)
APPS = ("billing", "branding", "core", "portal", "sessions_live", "tenants")
PAGES = sorted(path.stem for path in RULES.glob("*.md"))
NAMED = re.compile(r"docs/rules/([\w-]+)\.md")


def is_rule(path: Path) -> bool:
    """A module of rules; of several that make one rule together, in a folder below, the one that names the page."""
    if path.name == "__init__.py":
        return False
    if path.parent.parent.name == "rules":
        return NAMED.search(path.read_text()) is not None
    return path.parent.name == "rules" or str(path.relative_to(ROOT)) in BESIDE


MODULES = sorted(path.relative_to(ROOT) for app in APPS for path in (ROOT / app).rglob("*.py") if is_rule(path))


def docstring(module: Path) -> str:
    return ast.get_docstring(ast.parse((ROOT / module).read_text())) or ""


def plain(text: str) -> str:
    """The words alone: no line ends, no marks of code, of lists or of a stress."""
    text = re.sub(r"^(\d+\.|-|#+) ", "", text, flags=re.MULTILINE)
    return " ".join(re.sub(r"[`*]", "", text).split())


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_rule_names_its_page(module: Path) -> None:
    named = NAMED.findall(docstring(module))

    assert named, f"The first paragraph of {module} names no page of docs/rules."
    assert set(named) <= set(PAGES)


@pytest.mark.parametrize(
    "module", [m for m in MODULES if m.parent.name == "rules" and str(m) not in WORD_LISTS], ids=str
)
def test_page_is_called_like_its_module(module: Path) -> None:
    assert NAMED.findall(docstring(module))[0] == module.stem.replace("_", "-")


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_page_has_the_words_of_the_rule(module: Path) -> None:
    words = docstring(module)
    [page] = NAMED.findall(words)[:1]
    written = plain((RULES / f"{page}.md").read_text())

    _, _, body = words.partition("\n\n")
    sentences = re.split(r"(?<=[.?]) ", plain(re.sub(r"(docs/rules/|Sources?: ).*", "", body, flags=re.DOTALL)))
    assert [sentence for sentence in sentences if sentence not in written] == []


@pytest.mark.parametrize("page", PAGES)
def test_page_has_a_table_that_a_test_reads(page: str) -> None:
    assert tables(page)
    call = re.compile(rf"\brows\(\s*\"{page}\"")
    assert any(call.search(path.read_text()) for path in (ROOT / "tests").rglob("test_*.py")), f"No test reads {page}."


@pytest.mark.parametrize("page", PAGES)
def test_page_is_named_by_a_rule(page: str) -> None:
    assert any(page in NAMED.findall(docstring(module)) for module in MODULES), f"No rule names {page}."
