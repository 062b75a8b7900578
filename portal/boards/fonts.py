"""In which letters a saved board's words are written: the brand's, and of the fall-back fonts those that the words need."""

from collections.abc import Iterable

from billing.documents.fonts import fallback_family, fallback_folder, families, font_folders, letters_of
from billing.documents.letters import plain, printable
from branding.queries import current_brand
from sessions_live.boards.drawing import Fonts


def fonts_for(texts: Iterable[str]) -> Fonts:
    """Families and their folders; a font is cut when it is first needed."""
    family = current_brand().body_font
    own = letters_of([family])
    more, _ = printable([plain(text) for text in texts], own.__contains__)
    first = families(family)
    return Fonts(
        families=[*first[:-1], *map(fallback_family, more), first[-1]],
        folders=[*font_folders([family]), *map(fallback_folder, more)],
    )
