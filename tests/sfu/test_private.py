"""One contract per name that aiortc, aioice and pylibsrtp did not promise to keep. A failure names what to adapt."""

import ctypes
import inspect
import re
from importlib.metadata import version
from pathlib import Path

import pytest
from aioice import stun
from aiortc import RTCCertificate, RTCDtlsTransport, rtcdtlstransport
from pylibsrtp import Policy, Session, _binding

from sessions_live.sfu import private

ROOT = Path(private.__file__).parent
KEY = bytes(range(44))


def session(kind):
    policy = Policy(key=KEY, ssrc_type=kind, srtp_profile=Policy.SRTP_PROFILE_AEAD_AES_256_GCM)
    policy.allow_repeat_tx = True
    return Session(policy)


@pytest.mark.parametrize(("name", "pin"), [("aiortc", "1.16.0"), ("aioice", "0.13.0"), ("pylibsrtp", "1.0.0")])
def test_versions_are_the_pinned_ones(name, pin):
    assert version(name) == pin
    assert f'"{name}=={pin}"' in (ROOT.parents[1] / "pyproject.toml").read_text()


def test_private_names_are_used_in_one_module_only():
    """Calls of `_names` on foreign objects stand in private.py; SRTP's binding is imported nowhere else."""
    for file in ROOT.rglob("*.py"):
        if file.name == "private.py":
            continue
        text = file.read_text()
        assert "_binding" not in text, file
        assert not re.search(r"(?<!self)\b(dtls|sctp|session|pc)\._[a-z]", text), file


def test_rtcdtlstransport_set_role_decides_the_role():
    dtls = private.dtls_over(FakeIce(), RTCCertificate.generateCertificate(), server=True)
    assert isinstance(dtls, RTCDtlsTransport) and dtls._role == "server"
    assert private.dtls_over(FakeIce(), RTCCertificate.generateCertificate(), server=False)._role == "client"


class FakeIce:
    role = "controlled"

    async def _recv(self):
        raise ConnectionError

    async def _send(self, data):
        pass


def test_rtcdtlstransport_asks_only_recv_and_send_of_what_is_below():
    source = inspect.getsource(RTCDtlsTransport)
    assert set(re.findall(r"self\.transport\.(\w+)", source)) == {"_recv", "_send", "role"}


def test_rtcdtlstransport_keeps_its_srtp_sessions():
    dtls = private.dtls_over(FakeIce(), RTCCertificate.generateCertificate(), server=True)
    assert private.sessions(dtls) == (None, None)
    assert "self._rx_srtp = Session(" in inspect.getsource(RTCDtlsTransport._setup_srtp)
    assert "self._tx_srtp = Session(" in inspect.getsource(RTCDtlsTransport._setup_srtp)


def test_rtcdtlstransport_ssl_tells_the_profile():
    dtls = private.dtls_over(FakeIce(), RTCCertificate.generateCertificate(), server=True)
    assert dtls._ssl is None and private.profile(dtls) == ""
    assert "self._ssl.get_selected_srtp_profile()" in inspect.getsource(RTCDtlsTransport._setup_srtp)


def test_srtp_profiles_prefer_gcm():
    names = [profile.openssl_profile for profile in rtcdtlstransport.SRTP_PROFILES]
    assert names == [b"SRTP_AEAD_AES_256_GCM", b"SRTP_AEAD_AES_128_GCM", b"SRTP_AES128_CM_SHA1_80"]


def test_pylibsrtp_session_pointer_protects_and_unprotects_in_place():
    sender, receiver = session(Policy.SSRC_ANY_OUTBOUND), session(Policy.SSRC_ANY_INBOUND)
    packet = bytes.fromhex("80600001000000010000002a") + b"payload"
    private.TX_VIEW[: len(packet)] = packet
    private.LENGTH[0] = len(packet)
    assert private.protect(private.pointer(sender), private.TX, private.LENGTH) == 0
    size = private.LENGTH[0]
    assert size == len(packet) + 16
    private.RX_VIEW[:size] = private.TX_VIEW[:size]
    assert private.unprotect(private.pointer(receiver), private.RX, private.LENGTH) == 0
    assert bytes(private.RX_VIEW[: private.LENGTH[0]]) == packet


def test_pylibsrtp_addresses_are_those_of_function_and_session():
    """`ffi.addressof(lib, …)` and the session's pointer, called as C code would, encrypt as pylibsrtp does."""
    sender, twin = session(Policy.SSRC_ANY_OUTBOUND), session(Policy.SSRC_ANY_OUTBOUND)
    packet = bytes.fromhex("80600001000000010000002a") + b"payload"
    room, size = ctypes.create_string_buffer(packet, 100), ctypes.c_int(len(packet))
    protect = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)(private.PROTECT_ADDRESS)
    assert protect(private.address(sender), room, ctypes.byref(size)) == 0
    assert room.raw[: size.value] == twin.protect(packet)


def test_pylibsrtp_functions_refuse_what_was_altered():
    sender, receiver = session(Policy.SSRC_ANY_OUTBOUND), session(Policy.SSRC_ANY_INBOUND)
    report = bytes.fromhex("80c900010000002a")
    private.TX_VIEW[: len(report)] = report
    private.LENGTH[0] = len(report)
    assert private.protect_rtcp(private.pointer(sender), private.TX, private.LENGTH) == 0
    size = private.LENGTH[0]
    private.RX_VIEW[:size] = private.TX_VIEW[:size]
    private.RX_VIEW[9] ^= 1
    assert private.unprotect_rtcp(private.pointer(receiver), private.RX, private.LENGTH) != 0


def test_pylibsrtp_binding_has_its_names():
    assert {"srtp_protect", "srtp_protect_rtcp", "srtp_unprotect", "srtp_unprotect_rtcp"} <= set(dir(_binding.lib))
    assert bytes(_binding.ffi.buffer(_binding.ffi.new("unsigned char[]", b"ab"))) == b"ab\0"
    assert private.RX_VIEW.format == "B" or private.RX_VIEW[0] == 0


def test_aioice_stun_round_trip_with_integrity():
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    message.attributes["USERNAME"] = "a:b"
    message.add_message_integrity(b"secret")
    parsed = stun.parse_message(bytes(message))
    assert parsed.attributes["USERNAME"] == "a:b"
    assert parsed.check_message_integrity(b"secret") and not parsed.check_message_integrity(b"other")
    assert not stun.parse_message(bytes(stun.Message(stun.Method.BINDING, stun.Class.REQUEST))).check_message_integrity(
        b"x"
    )
