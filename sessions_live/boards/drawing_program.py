"""Makes the files of a saved board in a process of its own (`core.kernel.bounded`), because nobody can ask the typesetter to stop."""

import json
from pathlib import Path

import typst


def make(given: bytes) -> bytes:
    """`given`: JSON with `folder`, `fonts` (folders), `ppi`. Out of the two documents in the folder there become a PDF and a PNG."""
    wanted = json.loads(given)
    folder, how = Path(wanted["folder"]), {"font_paths": wanted["fonts"], "ignore_system_fonts": True}
    pdf = typst.compile(folder / "pages.typ", root=folder, timestamp=wanted["at"], **how)
    png = typst.compile(folder / "whole.typ", root=folder, format="png", ppi=wanted["ppi"], **how)
    for name, made in (("board.pdf", pdf), ("board.png", png)):
        (folder / name).write_bytes(made[0] if isinstance(made, list) else made)
    return b"made"
