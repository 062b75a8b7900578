"""What a new organization's site starts with. Texts name the organization's own words and hosts, never anybody else's."""

from branding.rules.vocabulary import Vocabulary


def help_articles(words: Vocabulary, sender: str, host: str) -> list[tuple[str, str, str, str]]:
    """Return (slug, title, summary, body as HTML) of the first help articles."""
    session, appointment = words.get("session"), words.get("appointment")
    return [
        (
            "join", f"Joining a live {session}", "No download: a browser, a camera and a microphone are enough.",
            f"<p>Sign in, open your {appointment} and choose <b>Join</b>. The page tests your camera and microphone first. You are let in "
            f"when it is time.</p><h2>What you need</h2><ul><li>A current Chrome, Edge, Firefox or Safari, on a computer, tablet or phone</li>"
            f"<li>A camera and a microphone, and permission to use them when the browser asks</li><li>A steady connection: about 1 Mbit/s in each "
            f"direction for video, far less for sound alone</li></ul><h2>If your network filters</h2><p>Ask for <b>{host}</b> to be allowed.</p>",
        ),
        (
            "mail", "When a message does not arrive", "Look in spam first, then allow our address.",
            f"<p>Our messages come from <b>{sender}</b>. Look in the spam folder, mark the message as “not spam”, and add the address to your "
            f"contacts.</p><h2>At work or school</h2><p>Ask the person who looks after mail to allow that address. We keep a record of every message "
            f"and can tell you when it was handed over and what the receiving server answered.</p>",
        ),
        (
            "times", "Which time zone am I looking at?", f"Screens follow you; messages follow the time zone of the {words.get('client')}.",
            f"<p>Every {appointment} is shown in your own time zone, with its name beside it. Messages and calendar files use the time zone that "
            f"is set for the {words.get('client')}. You can change yours in your profile.</p>",
        ),
    ]  # fmt: skip
