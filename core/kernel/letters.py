"""Letters as readers see them: with their accents, and one picture for an emoji of many parts."""

from itertools import islice

from wcwidth import iter_graphemes


def first_letter(word: str) -> str:
    """The first letter of a word, whole, in upper case; empty for an empty word."""
    return next(iter(iter_graphemes(word)), "").upper()


def first_letters(text: str, number: int) -> str:
    """The first letters of a text, each whole."""
    return "".join(islice(iter_graphemes(text), number))
