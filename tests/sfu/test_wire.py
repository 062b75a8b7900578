"""RTCP, transport-wide feedback, RTP extensions and payloads, against aiortc's own parsers where it has them."""

import struct

import pytest
from aiortc.rtp import RTCP_PSFB_PLI, RTCP_RTPFB_NACK, RtcpPacket, pack_remb_fci
from hypothesis import given
from hypothesis import strategies as st

from sessions_live.sfu import codecs, rtcp, rtp
from sessions_live.sfu.limits import Bucket
from sessions_live.sfu.recording import frames
from sessions_live.sfu.twcc import Arrivals


def test_nack_and_pli_are_read_by_others():
    (nack,) = RtcpPacket.parse(rtcp.nack(77, [10, 11, 26, 27, 65535]))
    assert (nack.fmt, nack.media_ssrc, nack.lost) == (RTCP_RTPFB_NACK, 77, [10, 11, 26, 27, 65535])
    (pli,) = RtcpPacket.parse(rtcp.pli(77))
    assert (pli.fmt, pli.media_ssrc) == (RTCP_PSFB_PLI, 77)


@given(st.sets(st.integers(0, 3000), min_size=1, max_size=60), st.integers(0, 65535))
def test_nack_round_trip(offsets, base):
    missing = [(base + offset) & 0xFFFF for offset in sorted(offsets)]
    ((_, _, body),) = rtcp.parts(rtcp.nack(1, missing))
    assert list(rtcp.nacked(body)) == missing


def test_reports_are_read_by_others():
    block = rtcp.report_block(ssrc=5, fraction=64, lost=9, highest=70000, jitter=33, lsr=1, dlsr=2)
    (report,) = RtcpPacket.parse(rtcp.receiver_report([block]))
    (entry,) = report.reports
    assert (entry.ssrc, entry.fraction_lost, entry.packets_lost, entry.jitter) == (5, 64, 9, 33)
    sender, names = RtcpPacket.parse(
        rtcp.sender_report(ssrc=5, stamp=rtcp.ntp(1000.5), time=9, packets=3, octets=4, cname="slot0")
    )
    assert (sender.ssrc, sender.sender_info.rtp_timestamp, sender.sender_info.packet_count) == (5, 9, 3)
    assert abs(rtcp.from_ntp(sender.sender_info.ntp_timestamp) - 1000.5) < 1e-6
    assert names.chunks[0].items == [(1, b"slot0")]


@given(st.binary(max_size=300))
def test_rtcp_of_noise_ends_quietly(noise):
    for kind, _, body in rtcp.parts(noise):
        list(rtcp.nacked(body)), rtcp.sender_info(body), list(rtcp.report_blocks(kind, body)), rtcp.remb(body)


def test_remb_is_read():
    assert rtcp.remb(bytes(8) + pack_remb_fci(1_200_000, [1])) == pytest.approx(1_200_000, rel=0.01)
    assert rtcp.remb(bytes(20)) is None


def feedback(compound):
    """Return {number: ticks of 250 µs} of feedback packets, as a receiver reads them."""
    found = {}
    for _, form, body in rtcp.parts(compound):
        assert form == 15
        base, count = struct.unpack_from("!HH", body, 8)
        at, symbols = 16, []
        while len(symbols) < count:
            (chunk,) = struct.unpack_from("!H", body, at)
            at += 2
            if chunk >> 15:
                symbols += [chunk >> (12 - 2 * place) & 3 for place in range(7)]
            else:
                symbols += [chunk >> 13 & 3] * (chunk & 0x1FFF)
        last = int.from_bytes(body[12:15], "big") * 256
        for offset, symbol in enumerate(symbols[:count]):
            if symbol:
                step = body[at] if symbol == 1 else struct.unpack_from("!h", body, at)[0]
                at += symbol
                last += step
                found[(base + offset) & 0xFFFF] = last
    return found


@given(
    st.integers(0, 65535),
    st.lists(st.tuples(st.integers(1, 40), st.floats(0, 0.4)), min_size=1, max_size=60),
)
def test_feedback_says_when_each_packet_arrived(start, steps):
    arrivals, number, now, expected = Arrivals(), start, 1000.0, {}
    for step, pause in steps:
        number += step
        now += pause
        arrivals.note(number & 0xFFFF, now)
        expected[number & 0xFFFF] = now
    assert arrivals
    found = feedback(arrivals.feedback(1))
    assert set(found) == set(expected)
    for name, at in expected.items():
        assert abs(found[name] / 4000 - at) < 0.001
    assert not arrivals


def test_extensions_of_unknown_streams():
    block = bytes([0x10, ord("0"), 0x21, ord("h"), ord("i"), 0, 0xF3]) + bytes(4)
    assert rtp.extensions(memoryview(block), 0, len(block)) == {1: b"0", 2: b"hi"}
    assert rtp.extensions(memoryview(b"\x1f\x01"), 0, 2) == {}


def test_extension_blocks_have_their_announced_length():
    view = memoryview(bytearray(64))
    for kind in ("audio", "video"):
        rtp.write_extensions(view, kind, 200, 1.5)
        assert rtp.START[kind] == 16 + int.from_bytes(view[14:16], "big") * 4
        ids = rtp.extensions(view, 16, rtp.START[kind])
        assert set(ids) == set(rtp.TO_SUBSCRIBER[kind].values())
        assert int.from_bytes(ids[3], "big") == int(1.5 * 262144) & 0xFFFFFF
    assert rtp.newer(3, 65530) and not rtp.newer(65530, 3) and not rtp.newer(3, 3)


@pytest.mark.parametrize(
    ("codec", "payload", "key"),
    [
        ("VP8", "9080800110020000", True),
        ("VP8", "9080800111020000", False),
        ("VP8", "8080800110020000", False),
        ("VP8", "100000", False),
        ("VP8", "10000000", True),
        ("VP8", "90", False),
        ("H264", "6588", True),
        ("H264", "6788", True),
        ("H264", "6188", False),
        ("H264", "7c85", True),
        ("H264", "7c05", False),
        ("H264", "7800056788", True),
        ("VP9", "8c00", True),
        ("VP9", "cc00", False),
        ("VP9", "8400", False),
        ("AV1", "1800", True),
        ("AV1", "1000", False),
    ],
)
def test_key_frames_are_seen(codec, payload, key):
    assert codecs.KEY[codec](bytes.fromhex(payload)) is key


@given(st.binary(max_size=20))
def test_payloads_of_noise_are_survived(payload):
    for check in codecs.KEY.values():
        check(payload)
    codecs.vp8_picture(payload)
    codecs.vp8_descriptor(payload)
    codecs.vp9_descriptor(payload)
    frames.vp9_size(payload)


def test_picture_ids_are_rewritten_in_place():
    payload = bytearray.fromhex("90c0812305") + b"rest"
    assert codecs.vp8_picture(bytes(payload)) == (0x123, 5)
    codecs.vp8_rewrite(memoryview(payload), 0, 0x7ABC, 200)
    assert codecs.vp8_picture(bytes(payload)) == (0x7ABC, 200)
    assert payload.endswith(b"rest")


def test_bucket_gives_what_it_has_and_refills():
    bucket = Bucket(rate=10, burst=2)
    assert [bucket.take(0.0) for _ in range(3)] == [True, True, False]
    assert bucket.take(0.1) and not bucket.take(0.1)
    bucket.owe(5)
    assert not bucket.take(0.4, 0)
    assert bucket.take(1.0, 0)
