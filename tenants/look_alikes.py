"""Letters in a host name that look like others: two scripts mixed in one label, a label all of foreign letters that look Latin, odd Latin ones.

Nobody who reads `аpple.example` sees that its first letter is Cyrillic. Such a host is possible and may be meant, but somebody must say so.
"""

import unicodedata
from dataclasses import dataclass

import idna

from core.kernel.errors import DomainError
from core.kernel.translation import translate

# What a reader of Latin letters takes for one, by script.
_LIKE_LATIN = {
    "CYRILLIC": "асԁеһіјӏорԛѕԝхуѵгпткмвнҽ",
    "GREEK": "αορνυικτγωϲϳεηχ",
    "ARMENIAN": "հոսօցզգյք",
    "CHEROKEE": "ꭰꭱꭲꮃꮇꮋꭺꭻꮪꮶꮷꮓꮟ",
}
_ODD_LATIN = "ıɩɡɑɪʟʀɴʏƅƿǀꞎꙇꮮỿ"
# Scripts that are written together.
_TOGETHER = ({"LATIN", "CJK", "HIRAGANA", "KATAKANA"}, {"LATIN", "CJK", "HANGUL"}, {"LATIN", "CJK", "BOPOMOFO"})


@dataclass(frozen=True, slots=True)
class LookAlike:
    """One letter that may be taken for another, and what it is."""

    letter: str
    name: str

    def __str__(self) -> str:
        return translate("“%(letter)s” is %(name)s", letter=self.letter, name=self.name)


def look_alikes(host: str) -> list[LookAlike]:
    """The letters of a host (as people read it or in punycode) that may be taken for others; none for most hosts."""
    found = [letter for label in host.split(".") for letter in _of_label(_read(label))]
    return [
        LookAlike(letter, unicodedata.name(letter, "a letter without a name").lower())
        for letter in dict.fromkeys(found)
    ]


def described(host: str) -> str:
    """The same as a sentence; empty for a host without such letters."""
    found = look_alikes(host)
    letters = "; ".join(map(str, found))
    return translate("Looks like another host: %(letters)s.", letters=letters) if found else ""


def check_meant(host: str, is_meant: bool) -> None:
    """Error `host_look_alike` for a host with such letters, unless an operator has said that it is meant."""
    if not is_meant and (found := described(host)):
        confirm = translate(
            "Its address is %(host)s. Confirm that this is meant, or type it with Latin letters.", host=host
        )
        message = f"{found} {confirm}"
        raise DomainError("host_look_alike", message, field="host")


def _read(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return idna.decode(label)
    except idna.IDNAError:
        return label


def _of_label(label: str) -> list[str]:
    scripts = {_script(letter) for letter in label if letter.isalpha()}
    odd = [letter for letter in label if letter in _ODD_LATIN]
    if len(scripts) > 1 and not any(scripts <= together for together in _TOGETHER):
        main = "LATIN" if "LATIN" in scripts else min(scripts)
        return [letter for letter in label if letter.isalpha() and _script(letter) != main] + odd
    likes = _LIKE_LATIN.get(next(iter(scripts), ""), "")
    letters = [letter for letter in label if letter.isalpha()]
    return letters if letters and all(letter in likes for letter in letters) else odd


def _script(letter: str) -> str:
    """The first word of the letter's name: LATIN, CYRILLIC, CJK."""
    return unicodedata.name(letter, "UNKNOWN").split()[0].partition("-")[0]
