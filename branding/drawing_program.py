"""Draws one file in a process of its own (`core.kernel.bounded`), because nobody can ask the typesetter to stop."""

import typst


def draw(main: bytes) -> bytes:
    """The one page of a document as PNG, a point a pixel, without fonts of the machine. `main`: the path of its file."""
    made = typst.compile(main.decode(), format="png", ppi=72.0, ignore_system_fonts=True)
    return made[0] if isinstance(made, list) else made  # type: ignore[return-value]  # because a list is of more pages than one
