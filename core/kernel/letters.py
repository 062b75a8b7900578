"""Letters as readers see them: with their accents, and one picture for an emoji of many parts."""

from wcwidth import iter_graphemes


def first_letter(word: str) -> str:
    """The first letter of a word, whole, in upper case; empty for an empty word."""
    return next(iter(iter_graphemes(word)), "").upper()
