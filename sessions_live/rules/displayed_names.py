"""Whose name is read by whom in a session.

Hosts read every name in full, and everybody reads the names of hosts. In a group, guests of different clients may be strangers to each other:
a guest reads another guest's first name and the initial of the last one, in the list of people, on the pictures and in the chat. Titles that
are abbreviated (Dr., Prof.) are left out.
With a single client, those who come belong together and read each other's names in full.
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


def _is_title(word: str) -> bool:
    return word.endswith(".") and len(word) > 2  # and no initial, such as “J.”


def shown(name: str, *, of_host: bool, to_host: bool, own: bool, is_group: bool) -> str:
    """A person's name as one reader gets it."""
    return name if of_host or to_host or own or not is_group else short(name)
