"""What tests in a real Chromium share: whatever stands in somebody's way on a page."""

from pathlib import Path
from typing import Any

AXE = Path(__file__).resolve().parents[3] / "themes" / "static" / "vendor" / "test" / "axe.min.js"
FIND = "async () => (await axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})).violations.map((v) => `${v.id}: ${v.nodes[0].html}`)"


def barriers(page: Any) -> list[str]:
    """What axe finds by WCAG 2.2, levels A and AA."""
    page.evaluate(AXE.read_text())
    found: list[str] = page.evaluate(FIND)
    return found
