"""What several test modules share stands in a module of its own: none imports from a module of tests or of fixtures."""

import ast
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit
TESTS = Path(__file__).resolve().parents[1]


def imported(path: Path) -> set[str]:
    """The modules that a file imports from, wherever in it."""
    found: set[str] = set()
    for statement in ast.walk(ast.parse(path.read_text())):
        if isinstance(statement, ast.ImportFrom):
            found.add(statement.module or "")
        elif isinstance(statement, ast.Import):
            found.update(name.name for name in statement.names)
    return found


def test_no_module_imports_from_a_module_of_tests() -> None:
    found = [
        f"{path.relative_to(TESTS)}: {name}"
        for path in sorted(TESTS.rglob("*.py"))
        for name in imported(path)
        if name.startswith("tests.") and name.rpartition(".")[2].startswith("test_")
    ]
    assert found == []


def test_fixtures_are_imported_by_other_fixtures_only() -> None:
    found = [
        f"{path.relative_to(TESTS)}: {name}"
        for path in sorted(TESTS.rglob("*.py"))
        if path.name != "conftest.py"
        for name in imported(path)
        if name.startswith("tests.") and name.endswith("conftest")
    ]
    assert found == []
