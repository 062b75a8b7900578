"""Languages that people speak, by their names in the language of who reads."""

from babel.core import Locale
from django.utils.translation import get_language

SPOKEN = (
    "ar", "bg", "bn", "ca", "cs", "cy", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "ga", "he", "hi", "hr", "hu", "id", "it", "ja",
    "ko", "lt", "lv", "mt", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "ta", "th", "tr", "uk", "ur", "vi", "zh",
)  # fmt: skip


def name_of(code: str) -> str:
    """One language's name; its code where it has none."""
    known = Locale.parse((get_language() or "en").replace("-", "_")).languages
    return str(known.get(code, code))


def choices() -> list[tuple[str, str]]:
    """All of them, by name."""
    return sorted(((code, name_of(code)) for code in SPOKEN), key=lambda each: each[1].casefold())
