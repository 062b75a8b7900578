"""What stands on an organization's site as long as nobody has written it otherwise: made when it is read, in the reader's language, with the name,
words, host and sender of today. Nothing of it is kept, because all of these change.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.html import escape

from branding.queries import current_brand, term
from branding.senders.queries import sender_address
from branding.senders.rules.mail_providers import Guide, guides
from core.kernel.translation import translate
from tenants.absolute_urls import primary_host


@dataclass(frozen=True, slots=True)
class Text:
    """What an article says; `body` is HTML."""

    title: str
    summary: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class Greeting:
    """The first words of the front page."""

    headline: str
    introduction: str


def greeting() -> Greeting:
    brand = current_brand()
    introduction = translate(
        "%(name)s works with you in person and online. You find your %(nouns)s here, each in your own time zone.",
        name=brand.name,
        nouns=term("appointment", plural=True),
    )
    return Greeting(headline=brand.tagline or brand.name, introduction=introduction)


def home_title() -> str:
    return translate("Home")


def _help() -> Text:
    return Text(translate("Help"), translate("Answers before you need to ask."))


def _join() -> Text:
    summary = translate("No download: a browser, a camera and a microphone are enough.")
    return Text(
        translate("Joining %(session:a|an)s %(session)s online"), summary, _joining(term("appointment"), primary_host())
    )


def _mail() -> Text:
    sender = sender_address()
    summary = translate("Look in spam first, then allow our address.")
    return Text(translate("When a message does not arrive"), summary, _arriving(sender))


def _times() -> Text:
    summary = translate("Pages follow you; messages follow the time zone that is set for the person who comes to us.")
    return Text(translate("Which time zone am I looking at?"), summary, _zones(term("appointment", plural=True)))


# By the last part of the address.
TEXTS: dict[str, Callable[[], Text]] = {"help": _help, "join": _join, "mail": _mail, "times": _times}
ARTICLES = ("join", "mail", "times")


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


def _arriving(sender: str) -> str:
    first = translate(
        "Our messages come from %(sender)s. Look in the spam folder, mark the message as “not spam”, and add the address to your contacts.",
        sender=sender,
    )
    then = translate(
        "Ask the person who looks after mail to allow that address. We keep a record of every message and can tell you when it was "
        "handed over and what the receiving server answered."
    )
    own, administered = (
        [each for each in guides(sender) if each.is_for_administrators is wanted] for wanted in (False, True)
    )
    own_steps, their_steps = ("".join(_guide(each) for each in found) for found in (own, administered))
    return f"{_p(first)}{own_steps}{_h(translate('At work or school'))}{_p(then)}{their_steps}"


def _guide(guide: Guide) -> str:
    steps = "".join(f"<li>{escape(step)}</li>" for step in guide.steps)
    return f"<h3>{escape(guide.name)}</h3><ol>{steps}</ol>"


def _zones(nouns: str) -> str:
    shown = translate(
        "All times of your %(nouns)s are shown in your own time zone, with its name beside them.", nouns=nouns
    )
    sent = translate(
        "Messages and calendar files use the time zone that is set for the person who comes to us; tell us when it is another one."
    )
    return _p(f"{shown} {sent}")


def _p(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _h(text: str) -> str:
    return f"<h2>{escape(text)}</h2>"
