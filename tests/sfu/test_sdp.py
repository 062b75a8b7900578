import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_live.sfu import sdp
from sessions_live.sfu.errors import PeerError

HEAD = ["v=0", "o=- 1 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=ice-ufrag:abcd", "a=ice-pwd:" + "x" * 22]
HEAD += ["a=fingerprint:sha-256 AA:BB", "a=setup:actpass"]
VIDEO = [
    "m=video 9 UDP/TLS/RTP/SAVPF 96 97 102",
    "a=mid:1",
    "a=sendonly",
    "a=rtpmap:96 VP8/90000",
    "a=rtpmap:97 rtx/90000",
    "a=fmtp:97 apt=96",
    "a=rtpmap:102 H264/90000",
    "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid",
    "a=extmap:15 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
    "a=rid:q send",
    "a=rid:h send",
    "a=rid:x recv",
    "a=ssrc-group:FID 11 22",
    "a=ssrc:11 cname:x",
]


def text(*lines):
    return "\r\n".join([*HEAD, *lines]) + "\r\n"


def test_line_with_port_0_is_refused_unless_it_is_bundled_only():
    gone = ["m=audio 0 UDP/TLS/RTP/SAVPF 111", "a=mid:2", "a=sendonly", "a=rtpmap:111 opus/48000/2"]
    assert [one.rejected for one in sdp.parse(text(*VIDEO, *gone)).sections] == [False, True]
    assert [one.rejected for one in sdp.parse(text(*VIDEO, *gone, "a=bundle-only")).sections] == [False, False]


def test_section_says_what_it_offers():
    (section,) = sdp.parse(text(*VIDEO)).sections
    assert section.payloads() == {96: ("VP8", ""), 97: ("rtx", "apt=96"), 102: ("H264", "")}
    assert (section.resent_by(96), section.resent_by(102)) == (97, None)
    assert section.rids() == ["q", "h"]
    assert section.ssrcs() == [11, 22]
    assert section.extension_ids(["urn:ietf:params:rtp-hdrext:sdes:mid"]) == {"urn:ietf:params:rtp-hdrext:sdes:mid": 4}
    assert section.extension_ids(["urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"]) == {}, "needs the two-byte form"
    assert section.first("ice-ufrag") == "abcd", "session attributes hold for every section"


@pytest.mark.parametrize(
    "given",
    [
        "",
        "v=0\r\n",
        text(),
        text("m=video"),
        text("m=text 9 RTP 96", "a=mid:1"),
        text(*VIDEO, *VIDEO),
        text("m=audio 9 UDP/TLS/RTP/SAVPF 111", "a=mid:" + "x" * 40),
        "\r\n".join(VIDEO),
        text(*[line for number in range(121) for line in ("m=audio 9 X 1", f"a=mid:{number}")]),
    ],
)
def test_description_that_carries_no_call_is_refused(given):
    with pytest.raises(PeerError, match="bad_sdp"):
        sdp.parse(given)


@given(st.lists(st.sampled_from([*HEAD, *VIDEO]) | st.text(max_size=40), max_size=40))
def test_description_of_surprises_never_raises_anything_else(lines):
    try:
        for section in sdp.parse("\r\n".join(lines)).sections:
            section.payloads(), section.rids(), section.ssrcs(), section.direction, section.extension_ids(["x"])
    except PeerError as error:
        assert error.code == "bad_sdp"


def test_our_descriptions_name_nobody():
    lines = sdp.session_lines(["0", "1"], 3)
    assert lines[1].endswith(" 3 IN IP4 0.0.0.0") and lines[2] == "s=-"
