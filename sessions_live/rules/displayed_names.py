"""Whose name is read by whom in a session.

Hosts read every name in full, and everybody reads the names of hosts. In a group, guests of different clients may be strangers to each other:
a guest reads another guest's first name and the initial of the last one, in the list of people, on the pictures and in the chat.
With a single client, those who come belong together and read each other's names in full.
docs/rules/displayed-names.md has a worked table.
"""

from core.kernel.letters import first_letter


def short(name: str) -> str:
    """`Gus Marten` becomes `Gus M.`; a name of one word stays."""
    first, *others = name.split() or [""]
    return f"{first} {first_letter(others[-1])}." if others else first


def shown(name: str, *, of_host: bool, to_host: bool, own: bool, is_group: bool) -> str:
    """A person's name as one reader gets it."""
    return name if of_host or to_host or own or not is_group else short(name)
