"""Reads the worked tables of docs/rules, so that prose, code and tests stay one."""

from pathlib import Path

RULES = Path(__file__).resolve().parents[2] / "docs" / "rules"


def rows(rule: str) -> list[list[str]]:
    """The cells of the table in docs/rules/<rule>.md, without its head."""
    lines = [line for line in (RULES / f"{rule}.md").read_text().splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines[2:]]
