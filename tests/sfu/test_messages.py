import contextlib
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_live.sfu import messages
from sessions_live.sfu.errors import FATAL, ErrorCode, PeerError

DOCUMENT = (Path(__file__).parents[2] / "docs" / "live-protocol.md").read_text()


def section(number):
    return re.split(r"^## ", DOCUMENT, flags=re.M)[number]


def types_in(text):
    return set(re.findall(r"^\| `([a-z0-9.]+)` \|", text, re.M))


def test_document_lists_exactly_the_messages_of_the_code():
    assert types_in(section(4)) == set(messages.FROM_CLIENT)
    assert types_in(section(5).partition("### Errors")[0]) == set(messages.TO_CLIENT)
    assert types_in(section(6)) == set(messages.CONTROL) | {messages.CONTROL_ANSWER}
    assert types_in(section(7)) == set(messages.P2P) | set(messages.P2P_BETWEEN) | set(messages.P2P_TO_CLIENT)
    assert types_in(section(8)) == {messages.ENGINE}


def test_document_lists_exactly_the_error_codes():
    listed = dict(
        re.findall(r"^\| `([a-z_]+)`(\*?) \|", section(5).partition("### Errors")[2].partition("### ")[0], re.M)
    )
    assert set(listed) == set(ErrorCode)
    assert {code for code, star in listed.items() if star} == FATAL


def test_document_names_the_fields_of_incoming_messages():
    for types in (messages.FROM_CLIENT, messages.CONTROL):
        for name, shape in types.items():
            row = re.search(rf"^\| `{re.escape(name)}` \|(.*)$", DOCUMENT, re.M)[1]
            assert all(f"`{field}`" in row for field in shape), name


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("", "bad_message"),
        ("[]", "bad_message"),
        ("{}", "bad_message"),
        ('{"type": 3}', "bad_message"),
        ('{"type": "nope"}', "unknown_type"),
        ('{"type": "mute", "producer": "x", "muted": 1}', "bad_message"),
        ('{"type": "subscribe.answer", "sdp": "x", "version": true}', "bad_message"),
        ('{"type": "join"}', "bad_message"),
        ("[" * 100_000, "bad_message"),
        (" " * (messages.MAX_BYTES + 1), "too_large"),
        (json.dumps({"type": "subscribe.tiles", "tiles": [0] * 201}), "too_large"),
    ],
)
def test_message_of_another_shape_is_refused(line, code):
    with pytest.raises(PeerError) as caught:
        messages.parse(line, messages.FROM_CLIENT)
    assert caught.value.code == code


def test_message_of_the_right_shape_is_returned():
    assert messages.parse('{"type": "mute", "producer": "x", "muted": true}', messages.FROM_CLIENT)["muted"] is True
    assert messages.parse('{"type": "ping"}', messages.FROM_CLIENT) == {"type": "ping"}


@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists).map(json.dumps)
)
def test_message_of_noise_never_raises_anything_else(line):
    with contextlib.suppress(PeerError):
        messages.parse(line, messages.FROM_CLIENT)


def test_browser_may_not_join_by_itself():
    assert "join" not in messages.BROWSER_TYPES
    assert not any(name.startswith("control.") for name in messages.BROWSER_TYPES)
