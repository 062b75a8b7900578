"""The audit keeps facts: codes with their values and people's own words, never a sentence in the language of whoever clicked."""

import ast
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit
ROOT = Path(__file__).resolve().parents[2]
APPS = ("core", "branding", "billing", "sessions_live", "portal", "tenants")
SPEAKING = ("translate", "translate_plural", "_", "gettext", "ngettext", "pgettext", "sentence", "format")


def recordings():
    """Every call of `audit.record`, and where it stands."""
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record":
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def speaks(node):
    name = ast.unparse(node.func).rpartition(".")[2] if isinstance(node, ast.Call) else ""
    return name in SPEAKING or name.endswith("_display")


def test_nothing_that_is_noted_was_said_in_somebodys_language():
    found = list(recordings())
    spoken = [
        place
        for place, call in found
        for part in [*call.args[1:], *(keyword.value for keyword in call.keywords)]
        if any(speaks(inner) for inner in ast.walk(part))
    ]

    assert len(found) > 80
    assert spoken == []
