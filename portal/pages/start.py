"""What a new organization's site starts with, in its own language. Texts name its own words and hosts, never anybody else's."""

from django.utils.html import escape

from branding.rules.vocabulary import Vocabulary
from core.kernel.wording import say


def welcome(name: str) -> str:
    """The first introduction on the front page."""
    return say("%(name)s works with you in person and online. Book, meet and pay in one place.", name=name)


def help_articles(words: Vocabulary, sender: str, host: str) -> list[tuple[str, str, str, str]]:
    """Return (slug, title, summary, body as HTML) of the first help articles."""
    return [
        (
            "join",
            say("Joining a live session"),
            say("No download: a browser, a camera and a microphone are enough."),
            _joining(words.get("appointment"), host),
        ),
        (
            "mail",
            say("When a message does not arrive"),
            say("Look in spam first, then allow our address."),
            _mail(sender),
        ),
        (
            "times",
            say("Which time zone am I looking at?"),
            say("Pages follow you; messages follow the time zone that is set for you."),
            _times(words.get("appointment", plural=True)),
        ),
    ]


def _joining(noun: str, host: str) -> str:
    steps = say(
        "Sign in, open the page of your %(noun)s and choose “Join”. The page tests your camera and microphone first. You are let in when it is time.",
        noun=noun,
    )
    needed = [
        say("A current Chrome, Edge, Firefox or Safari, on a computer, tablet or phone"),
        say("A camera and a microphone, and permission to use them when the browser asks"),
        say("A steady connection: about 1 Mbit/s in each direction for video, far less for sound alone"),
    ]
    allow = say("Ask for this address to be allowed: %(host)s", host=host)
    points = "".join(f"<li>{escape(point)}</li>" for point in needed)
    return f"{_p(steps)}{_h(say('What you need'))}<ul>{points}</ul>{_h(say('If your network filters'))}{_p(allow)}"


def _mail(sender: str) -> str:
    first = say(
        "Our messages come from %(sender)s. Look in the spam folder, mark the message as “not spam”, and add the address to your contacts.",
        sender=sender,
    )
    then = say(
        "Ask the person who looks after mail to allow that address. We keep a record of every message and can tell you when it was "
        "handed over and what the receiving server answered."
    )
    return f"{_p(first)}{_h(say('At work or school'))}{_p(then)}"


def _times(nouns: str) -> str:
    shown = say("All times of your %(nouns)s are shown in your own time zone, with its name beside them.", nouns=nouns)
    sent = say("Messages and calendar files use the time zone of your profile, where you can change it.")
    return _p(f"{shown} {sent}")


def _p(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _h(text: str) -> str:
    return f"<h2>{escape(text)}</h2>"
