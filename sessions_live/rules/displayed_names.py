"""Whose name is read by whom in a session.

Hosts read every name in full, and everybody reads the names of hosts. In a group, guests of different clients may be strangers to each other:
a guest reads another guest's first name and the initial of the last one, in the list of people, on the pictures and in the chat. Titles that
are abbreviated (Dr., Prof.) are left out.
With a single client, those who come belong together and read each other's names in full.
Guests who came by a personal link have no account and may be strangers to everybody: whatever kind of session it is, they read of others who
are no hosts the first name only, or the first name and the initial, as the organization has decided. Their own names are what they have typed,
and everybody reads beside it that they are guests.
docs/rules/displayed-names.md has a worked table.
"""

from itertools import dropwhile

from core.kernel.letters import first_letter


def short(name: str) -> str:
    """`Dr. Gus Marten` becomes `Gus M.`; a name of one word stays, and a title in front of one is all that there is to call them by."""
    words = name.split()
    called = list(dropwhile(_is_title, words))
    first, *others = (called if len(called) > 1 else words) or [""]
    return f"{first} {first_letter(others[-1])}." if others else first


def first_name(name: str) -> str:
    """`Dr. Gus Marten` becomes `Gus`; a title in front of one name stays with it."""
    words = name.split()
    called = list(dropwhile(_is_title, words))
    return called[0] if len(called) > 1 else " ".join(words)


def _is_title(word: str) -> bool:
    return word.endswith(".") and len(word) > 2  # and no initial, such as “J.”


def shown(name: str, *, of_host: bool, to_host: bool, own: bool, is_group: bool, to_guest: str = "") -> str:
    """A person's name as one reader gets it. `to_guest`: what guests by link read, `first` or `short`; empty for everybody else."""
    if of_host or to_host or own:
        return name
    if to_guest:
        return first_name(name) if to_guest == "first" else short(name)
    return short(name) if is_group else name
