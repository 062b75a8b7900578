"""Both ways of forwarding, in Python and compiled, send byte for byte what pylibsrtp would; and what if one is not there."""

import socket
from types import SimpleNamespace

import pytest
from pylibsrtp import Policy, Session

from sessions_live.sfu import addresses, build, compiled, copies, fanout, private, rtcp, rtp
from sessions_live.sfu.consumer import Consumer
from sessions_live.sfu.layer import Layer
from tests.sfu.packets import OPUS, RTX, VP8, play, unbroken
from tests.sfu.stage import until

PROFILES = {
    "gcm256": (Policy.SRTP_PROFILE_AEAD_AES_256_GCM, 44, 16),
    "gcm128": (Policy.SRTP_PROFILE_AEAD_AES_128_GCM, 28, 16),
    "cm": (Policy.SRTP_PROFILE_AES128_CM_SHA1_80, 30, 10),
}
DESCRIPTOR = bytes([0x90, 0xC0, 0x80 | 1, 0x23, 7])  # VP8 with picture id 0x123 and TL0PICIDX 7
KEY_FRAME = DESCRIPTOR + b"\x10\x02\x00\x9d\x01\x2a" + bytes(300)


@pytest.fixture(scope="session")
def library(tmp_path_factory):
    """The compiled fan-out, built afresh."""
    if build.compiler() is None:
        pytest.skip("no C compiler on this machine")
    folder = tmp_path_factory.mktemp("fanout")
    assert build.build(folder) == "compiled"
    return folder


@pytest.fixture
def installed(library):
    """The compiled fan-out where the worker looks for it, as set-up leaves it."""
    assert "compiled" in build.build()


@pytest.fixture(params=["plain", "compiled"])
def way(request, monkeypatch):
    """Forwarding in this way, in this process."""
    if request.param == "compiled":
        folder = request.getfixturevalue("library")
        monkeypatch.setattr(compiled, "built", lambda: build.built(folder))
    assert fanout.choose("auto" if request.param == "compiled" else "plain") == request.param
    yield request.param
    fanout.choose("plain")


def session(profile, seed, kind=Policy.SSRC_ANY_OUTBOUND):
    which, length, _ = PROFILES[profile]
    policy = Policy(key=bytes((seed + at) % 256 for at in range(length)), ssrc_type=kind, srtp_profile=which)
    policy.allow_repeat_tx = True
    policy.window_size = 1024
    return Session(policy)


def send(layer, *packet, late=False):
    """Forward one packet that came alone."""
    fanout.fan_out(layer, *packet, late=late)
    fanout.flush()


class Receiver:
    """A connection to a real socket, as far as forwarding looks at it, and a twin of its session to compare with."""

    def __init__(self, port, profile, seed):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(2)
        self.profile, self.seed = profile, seed
        self.session, self.twin = session(profile, seed), session(profile, seed)
        self.reader = session(profile, seed, Policy.SSRC_ANY_INBOUND)
        self.port, self.state, self.errors = port, "connected", 0
        self.tx, self.tag = private.pointer(self.session), PROFILES[profile][2]
        self.ice = SimpleNamespace(address=self.socket.getsockname())
        self.route = copies.Route()
        self.route.session = private.address(self.session)
        self.route.lead(self.ice.address)

    def got(self):
        return self.socket.recv(2048)


@pytest.fixture
def world(monkeypatch):
    """`world(kind, profiles)` gives a layer and one follower per profile, each with offsets of its own."""
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sender.setblocking(False)
    port = SimpleNamespace(socket=sender, send=lambda datagram, address: sender.sendto(datagram, address))
    sockets = [sender]
    monkeypatch.setattr(fanout.time, "time", lambda: 1_700_000_000.25)

    def make(kind, *profiles):
        producer = SimpleNamespace(kind=kind, codec="VP8" if kind == "video" else "opus", sinks=[], nacks=True)
        producer.transport = SimpleNamespace(port=port)
        layer = Layer(producer, "", 1)
        for number, profile in enumerate(profiles):
            receiver = Receiver(port, profile, number)
            sockets.append(receiver.socket)
            consumer = Consumer(transport=receiver, mid=str(number), kind=kind, cname="x")
            consumer.producer, consumer.layer = producer, layer
            consumer.seq_off, consumer.ts_off = 1000 * number + 3, 0xFFFFFF00 + number
            consumer.pid_off, consumer.tl0_off, consumer.rewrites = 0x7FF0 + number, 250, number > 0
            layer.followers.append(consumer)
        return layer

    yield make
    for one in sockets:
        one.close()


def expected(layer, consumer, marker, seq, ts, payload, level):
    """The packet as RFC 3550 and our document describe it, not as the hot loop writes it."""
    sent_at = int(1_700_000_000.25 * 262144) & 0xFFFFFF
    sent = bytes([0x32]) + sent_at.to_bytes(3, "big")
    block = (bytes([0x20, level]) + sent + bytes(2)) if layer.kind == "audio" else sent
    body = bytearray(payload)
    if layer.kind == "video" and consumer.rewrites and payload[:2] == DESCRIPTOR[:2]:
        number = (int.from_bytes(payload[2:4], "big") + consumer.pid_off) & 0x7FFF
        body[2:4] = (0x8000 | number).to_bytes(2, "big")
        body[4] = (payload[4] + consumer.tl0_off) & 0xFF
    head = rtp.HEADER.pack(
        0x90, marker | layer.payload_type, (seq + consumer.seq_off) & 0xFFFF, (ts + consumer.ts_off) & 0xFFFFFFFF,
        consumer.ssrc,
    )  # fmt: skip
    return head + b"\xbe\xde" + (len(block) // 4).to_bytes(2, "big") + block + bytes(body)


@pytest.mark.parametrize("kind", ["audio", "video"])
def test_copies_are_byte_for_byte_those_of_pylibsrtp(way, world, kind):
    layer = world(kind, "gcm256", "gcm128", "cm", "gcm256")
    payloads = [KEY_FRAME, b"\x10short", DESCRIPTOR + bytes(1100)] if kind == "video" else [bytes(70), b"", bytes(90)]
    for number, payload in enumerate(payloads * 2):
        marker, seq, ts = 0x80 * (number % 2), 65533 + number, 0xFFFFFFF0 + 7 * number
        send(layer, marker, seq & 0xFFFF, ts & 0xFFFFFFFF, payload, 30 + number)
        for consumer in layer.followers:
            receiver = consumer.transport
            clear = expected(layer, consumer, marker, seq, ts, payload, 30 + number)
            datagram = receiver.got()
            assert datagram == receiver.twin.protect(clear)
            assert receiver.reader.unprotect(datagram) == clear
    assert layer.sent == 6 and [one.transport.errors for one in layer.followers] == [0, 0, 0, 0]


def test_sequence_numbers_roll_over_many_times(way, world):
    layer = world("audio", "gcm256", "cm")
    for seq in range(0, 65536 * 3, 1021):
        send(layer, 0, seq & 0xFFFF, seq, b"x" * 20, 0)
        for consumer in layer.followers:
            clear = expected(layer, consumer, 0, seq, seq, b"x" * 20, 0)
            assert consumer.transport.reader.unprotect(consumer.transport.got()) == clear


def test_both_ways_take_turns_on_one_connection(library, monkeypatch, world):
    monkeypatch.setattr(compiled, "built", lambda: build.built(library))
    layer = world("video", "gcm256", "cm")
    for seq in range(65530, 65550):
        fanout.choose("auto" if seq % 3 else "plain")
        send(layer, 0, seq & 0xFFFF, 9, KEY_FRAME, 0)
        for consumer in layer.followers:
            again = consumer.ssrc + 2
            fanout.send_one(consumer, 0, seq & 0xFFFF, 9, b"again", payload_type=97, ssrc=again)
            receiver = consumer.transport
            assert receiver.reader.unprotect(receiver.got()) == expected(layer, consumer, 0, seq, 9, KEY_FRAME, 0)
            assert receiver.reader.unprotect(receiver.got())[-5:] == b"again"
    fanout.choose("plain")


def test_new_follower_and_new_offsets_are_seen_at_once(way, world):
    layer = world("video", "gcm256", "gcm256", "cm")
    second = layer.followers[1]
    send(layer, 0, 5, 9, KEY_FRAME, 0)
    layer.max_seq, layer.max_ts, layer.picture = 5, 9, (0x123, 7)
    second._stop()
    send(layer, 0, 6, 9, KEY_FRAME, 0)
    second.follow(layer, 7, 9, 1.0)
    send(layer, 0, 7, 9, KEY_FRAME, 0)
    numbers = [int.from_bytes(second.transport.got()[2:4], "big") for _ in range(2)]
    assert numbers[1] == (numbers[0] + 1) & 0xFFFF
    others = [one for one in layer.followers if one is not second]
    assert [len({one.transport.got() for _ in range(3)}) for one in others] == [3, 3]


SIZES = {
    "a browser's frame": [833, 833, 834],
    "longer in front": [886, 883, 883],
    "short at the end": [1200, 1200, 40],
    "all sorts": [1200, 300, 301, 1199, 20, 20, 28, 29, 21, 1, 0, 9, 1100],
    "a key frame of many": [1111, 1112] * 20,
}


def unpadded(packet):
    return bytes([packet[0] & ~0x20]) + packet[1 : len(packet) - packet[-1]] if packet[0] & 0x20 else packet


@pytest.mark.parametrize("refusing", [False, True], ids=["cut by the kernel", "one by one"])
@pytest.mark.parametrize("sizes", SIZES.values(), ids=SIZES)
def test_packets_that_came_together_arrive_in_order_and_whole(way, world, sizes, refusing):
    layer = world("video", "gcm256", "cm")
    if refusing:  # because without checksums the kernel refuses to cut a message into datagrams
        layer.followers[0].transport.port.socket.setsockopt(socket.SOL_SOCKET, 11, 1)
    payloads = [(DESCRIPTOR + bytes(range(256)) * 5)[:size] for size in sizes]
    for number, payload in enumerate(payloads):
        fanout.fan_out(layer, 0, number, 9, payload, 0)
    fanout.flush()
    for consumer in layer.followers:
        for number, payload in enumerate(payloads):
            packet = consumer.transport.reader.unprotect(consumer.transport.got())
            clear = expected(layer, consumer, 0, number, 9, payload, 0)
            assert unpadded(packet) == clear
            assert len(packet) - len(clear) <= 8
        assert consumer.transport.errors == 0


def test_waiting_packets_go_to_those_who_followed_when_they_came(way, world):
    layer = world("video", "gcm256", "gcm256", "gcm256")
    old, leaving, coming = layer.followers
    layer.max_seq, layer.max_ts, layer.picture = 5, 9, (0x123, 7)
    coming._stop()
    fanout.fan_out(layer, 0, 5, 9, KEY_FRAME, 0)
    leaving._stop()
    coming.follow(layer, 6, 9, 1.0)
    fanout.fan_out(layer, 0, 6, 9, KEY_FRAME, 0)
    fanout.flush()
    assert [number_of(old), number_of(old)] == [8, 9]
    assert number_of(leaving) == 5 + leaving._past[1]
    assert number_of(coming) == 6 + coming.seq_off
    for consumer in layer.followers + [leaving]:
        consumer.transport.socket.setblocking(False)
        with pytest.raises(BlockingIOError):
            consumer.transport.got()


def number_of(consumer):
    """The sequence number of the next packet that arrived."""
    return int.from_bytes(consumer.transport.got()[2:4], "big")


def test_streams_that_alternate_keep_their_order(way, world):
    voice, picture = world("audio", "gcm256"), world("video", "gcm256")
    for number in range(40):
        fanout.fan_out(voice if number % 3 else picture, 0, number, 9, DESCRIPTOR + bytes(30), 0)
    fanout.flush()
    for layer, count in ((voice, 26), (picture, 14)):
        numbers = [number_of(layer.followers[0]) for _ in range(count)]
        assert numbers == sorted(numbers)


def test_late_packet_goes_to_earlier_followers_only(way, world):
    layer = world("video", "gcm256", "gcm256")
    first, second = layer.followers
    first.start_seq, second.start_seq = 10, 20
    send(layer, 0, 15, 9, KEY_FRAME, 0, late=True)
    assert first.transport.got()
    second.transport.socket.setblocking(False)
    with pytest.raises(BlockingIOError):
        second.transport.got()


def test_connection_that_cannot_be_reached_costs_only_itself(way, world):
    layer = world("video", "gcm256", "gcm256", "gcm256")
    broken = layer.followers[1].transport
    broken.ice.address = ("255.255.255.255", 9)  # refused without permission to broadcast
    broken.route.lead(broken.ice.address)
    for seq in range(3):
        send(layer, 0, seq, 9, KEY_FRAME, 0)
    assert [one.transport.errors for one in layer.followers] == [0, 3, 0]
    assert layer.followers[0].transport.got() and layer.followers[2].transport.got()


def test_packet_that_is_too_long_is_dropped(way, world):
    layer = world("video", "gcm256")
    send(layer, 0, 1, 9, bytes(fanout.LONGEST + 1), 0)
    assert layer.sent == 0
    send(layer, 0, 1, 9, bytes(fanout.LONGEST), 0)
    assert len(layer.followers[0].transport.got()) > fanout.LONGEST


def test_addresses_are_packed_as_the_system_has_them():
    assert addresses.pack_address(("192.0.2.7", 258)) == b"\x02\0\x01\x02\xc0\0\x02\x07" + bytes(8)
    packed = addresses.pack_address(("fe80::1%eth0", 258, 0, 3))
    assert packed == b"\x0a\0\x01\x02" + bytes(4) + b"\xfe\x80" + bytes(13) + b"\x01" + b"\x03\0\0\0"
    assert len(packed) <= copies.Route.address.size


def test_compiled_way_reaches_ipv6(library, monkeypatch, world):
    monkeypatch.setattr(compiled, "built", lambda: build.built(library))
    layer = world("audio", "gcm256")
    with (
        socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as there,
        socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as here,
    ):
        try:
            there.bind(("::1", 0))
        except OSError:
            pytest.skip("no IPv6 on this machine")
        there.settimeout(2)
        layer.descriptor = here.fileno()
        layer.followers[0].transport.route.lead(there.getsockname())
        fanout.choose("auto")
        send(layer, 0, 1, 9, b"hello", 0)
        assert there.recv(2048)
    fanout.choose("plain")


def test_without_a_compiler_python_forwards(monkeypatch, tmp_path):
    monkeypatch.setattr(build, "compiler", lambda: None)
    assert "no C compiler" in build.build(tmp_path)
    monkeypatch.setattr(compiled, "built", lambda: build.built(tmp_path))
    assert compiled.load() is None
    assert fanout.choose("auto") == "plain"


@pytest.mark.parametrize("command", ["/bin/false", "/no/such/compiler"])
def test_compiler_that_fails_leaves_nothing_behind(monkeypatch, tmp_path, command):
    monkeypatch.setattr(build, "compiler", lambda: command)
    assert build.build(tmp_path).startswith("in Python")
    assert list(tmp_path.iterdir()) == []


def test_file_that_does_not_fit_is_refused_and_said(tmp_path, caplog):
    broken = tmp_path / "fanout-x.so"
    broken.write_bytes(b"\x7fELF nothing")
    assert compiled.load(broken) is None
    assert "cannot be used" in caplog.text


def test_older_build_is_not_loaded(library, monkeypatch, tmp_path):
    source = tmp_path / "fanout.c"
    source.write_text(build.SOURCE.read_text() + "\n// changed\n")
    monkeypatch.setattr(build, "SOURCE", source)
    assert build.built(library) not in list(library.iterdir())


@pytest.mark.media
@pytest.mark.parametrize("worker", ["plain", "auto"], indirect=True)
async def test_call_goes_through_a_worker_in_either_way(installed, worker, room):
    """The same call, with a lost packet that is resent, by Python and by the compiled loop."""
    tess = await room("tess", "audio", "camera")
    people = [await room(f"p{number}", subscribe=True) for number in range(4)]
    await until(lambda: all(one.down and one.down.connected for one in people))
    await play(tess, voice=True)
    for one in people:
        await until(lambda: len(one.of_type(OPUS)) >= 19 and len(one.of_type(VP8)) >= 38)  # noqa: B023
        assert unbroken(one.of_type(VP8)) and unbroken(one.of_type(OPUS))
    lost = people[2].of_type(VP8)[5]
    people[2].down.send_rtcp(rtcp.nack(lost[3], [lost[1]]))
    await until(lambda: people[2].of_type(RTX))
    assert people[2].of_type(RTX)[0][4][2:] == lost[4]
    assert worker.stats()["compiled"] is (worker.config.fanout == "auto")
