"""What a browser says of itself, in two words: enough to recognize one's own devices, never used to decide anything."""

from dataclasses import dataclass

# The first mark that occurs wins, because later browsers name the earlier ones as well.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone", "smartphone"),
    ("iPad", "iPad", "tablet"),
    ("Android", "Android", "smartphone"),
    ("Windows", "Windows", "monitor"),
    ("CrOS", "ChromeOS", "laptop"),
    ("Mac OS X", "Mac", "laptop"),
    ("Linux", "Linux", "monitor"),
)


@dataclass(frozen=True, slots=True)
class Program:
    """Browser and system; empty where they do not say."""

    browser: str
    system: str
    icon: str


def program_of(user_agent: str) -> Program:
    """Firefox, Windows and a picture of a screen."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system, icon = next(((name, icon) for mark, name, icon in SYSTEMS if mark in user_agent), ("", "monitor"))
    return Program(browser, system, icon)
