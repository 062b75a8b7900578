"""What a new organization's site starts with, in its own language. Texts name its own words and hosts, never anybody else's."""

from django.utils.html import escape

from branding.rules.vocabulary import Vocabulary
from core.kernel.translation import translate


def welcome(name: str) -> str:
    """The first introduction on the front page."""
    return translate("%(name)s works with you in person and online. Book, meet and pay in one place.", name=name)


def help_articles(words: Vocabulary, sender: str, host: str) -> list[tuple[str, str, str, str]]:
    """Return (slug, title, summary, body as HTML) of the first help articles."""
    return [
        (
            "join",
            translate("Joining a live session"),
            translate("No download: a browser, a camera and a microphone are enough."),
            _joining(words.get("appointment"), host),
        ),
        (
            "mail",
            translate("When a message does not arrive"),
            translate("Look in spam first, then allow our address."),
            _mail(sender),
        ),
        (
            "times",
            translate("Which time zone am I looking at?"),
            translate("Pages follow you; messages follow the time zone that is set for you."),
            _times(words.get("appointment", plural=True)),
        ),
    ]


def _joining(noun: str, host: str) -> str:
    steps = translate(
        "Sign in, open the page of your %(noun)s and choose “Join”. The page tests your camera and microphone first. You are let in when it is time.",
        noun=noun,
    )
    needed = [
        translate("A current Chrome, Edge, Firefox or Safari, on a computer, tablet or phone"),
        translate("A camera and a microphone, and permission to use them when the browser asks"),
        translate("A steady connection: about 1 Mbit/s in each direction for video, far less for sound alone"),
    ]
    allow = translate("Ask for this address to be allowed: %(host)s", host=host)
    points = "".join(f"<li>{escape(point)}</li>" for point in needed)
    return f"{_p(steps)}{_h(translate('What you need'))}<ul>{points}</ul>{_h(translate('If your network filters'))}{_p(allow)}"


def _mail(sender: str) -> str:
    first = translate(
        "Our messages come from %(sender)s. Look in the spam folder, mark the message as “not spam”, and add the address to your contacts.",
        sender=sender,
    )
    then = translate(
        "Ask the person who looks after mail to allow that address. We keep a record of every message and can tell you when it was "
        "handed over and what the receiving server answered."
    )
    return f"{_p(first)}{_h(translate('At work or school'))}{_p(then)}"


def _times(nouns: str) -> str:
    shown = translate(
        "All times of your %(nouns)s are shown in your own time zone, with its name beside them.", nouns=nouns
    )
    sent = translate("Messages and calendar files use the time zone of your profile, where you can change it.")
    return _p(f"{shown} {sent}")


def _p(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _h(text: str) -> str:
    return f"<h2>{escape(text)}</h2>"
