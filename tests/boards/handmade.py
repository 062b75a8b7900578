"""Updates as no page of ours writes them, in Yjs's encoding."""

GONE, ANY = 0, 8  # kinds of structs in Yjs's encoding; ORIGIN: another one leads to map and key
ORIGIN, KEYED = 0x80, 0x20


def number(value):
    """An unsigned number of 7 bits a byte."""
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*written, value])


def text(words):
    return number(len(words.encode())) + words.encode()


def update(*structs, clock=0, author=12):
    """One author's, of structs in bytes."""
    return b"".join([number(1), number(len(structs)), number(author), number(clock), *structs, number(0)])


def gone(length):
    """A run of values that nobody needs any more."""
    return bytes([GONE]) + number(length)


def keyed(name, key, value=b"\x7e"):
    """A value under a key of a map."""
    return bytes([ANY | KEYED]) + number(1) + text(name) + text(key) + number(1) + value


def following(clock, value=b"\x7e", author=12):
    """A value under the key of another one."""
    return bytes([ANY | ORIGIN]) + number(author) + number(clock) + number(1) + value
