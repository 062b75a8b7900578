"""Session descriptions: reading a browser's offers and answers, writing ours (RFC 8866, 8829, 8853)."""

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from .errors import ErrorCode, PeerError
from .mux import UdpPort
from .transport import Transport

MAX_SECTIONS = 120
_LINE = re.compile(r"\r\n|\r|\n")
_MID = re.compile(r"[A-Za-z0-9_-]{1,16}\Z")
_RID = re.compile(r"[A-Za-z0-9_-]{1,16}\Z")


@dataclass
class Section:
    """One m-line: attributes as (name, value) pairs, values of valueless ones empty."""

    kind: str
    rejected: bool
    formats: list[str]
    attributes: list[tuple[str, str]] = field(default_factory=list)

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.attributes if key == name]

    def first(self, name: str, default: str = "") -> str:
        return next(iter(self.all(name)), default)

    @property
    def mid(self) -> str:
        return self.first("mid")

    @property
    def direction(self) -> str:
        names = ("sendrecv", "sendonly", "recvonly", "inactive")
        return next((key for key, _ in self.attributes if key in names), "sendrecv")

    def payloads(self) -> dict[int, tuple[str, str]]:
        """Return payload type → (codec name, format parameters) in the order of preference."""
        names = dict(numbered(self.all("rtpmap")))
        formats = dict(numbered(self.all("fmtp")))
        listed = [int(text) for text in self.formats if text.isdigit()]
        return {pt: (names[pt].partition("/")[0], formats.get(pt, "")) for pt in listed if pt in names}

    def resent_by(self, payload_type: int) -> int | None:
        """Return the RTX payload type that belongs to `payload_type`."""
        found = (
            pt for pt, (name, fmt) in self.payloads().items() if name.lower() == "rtx" and _apt(fmt) == payload_type
        )
        return next(found, None)

    def extension_ids(self, wanted: Iterable[str]) -> dict[str, int]:
        """Return URI → id for the extensions among `wanted` that fit the one-byte form."""
        found = {}
        for value in self.all("extmap"):
            number, _, rest = value.partition(" ")
            number = number.partition("/")[0]
            uri = rest.split(" ")[0]
            if uri in wanted and number.isdigit() and 0 < int(number) < 15:
                found[uri] = int(number)
        return found

    def rids(self) -> list[str]:
        """Return the simulcast encodings that this section sends."""
        return [
            parts[0]
            for value in self.all("rid")
            if (parts := value.split(" "))[1:2] == ["send"] and _RID.match(parts[0])
        ]

    def ssrcs(self) -> list[int]:
        """Return (media, resent) SSRCs that the section names, or only the media one, or none."""
        for group in self.all("ssrc-group"):
            parts = group.split(" ")
            if parts[0] == "FID" and len(parts) == 3 and parts[1].isdigit() and parts[2].isdigit():
                return [int(parts[1]), int(parts[2])]
        numbers = [value.split(" ")[0] for value in self.all("ssrc")]
        return [int(number) for number in numbers[:1] if number.isdigit()]


def _apt(fmt: str) -> int | None:
    match = re.search(r"(?:^|;)\s*apt=(\d+)", fmt)
    return int(match[1]) if match else None


def numbered(values: list[str]) -> list[tuple[int, str]]:
    """Return (number, rest) of attribute values that begin with a number."""
    out = []
    for value in values:
        number, _, rest = value.partition(" ")
        if number.isdigit():
            out.append((int(number), rest.strip()))
    return out


@dataclass
class Description:
    """A parsed description; session-level attributes are already copied into every section that lacks them."""

    sections: list[Section]

    @property
    def fragment(self) -> str:
        return self.sections[0].first("ice-ufrag")

    @property
    def fingerprint(self) -> str:
        return self.sections[0].first("fingerprint")

    @property
    def setup(self) -> str:
        return self.sections[0].first("setup")


def parse(text: str) -> Description:
    """Return the description in `text`; raise PeerError(bad_sdp) for anything that we could not build a call on."""
    session: list[tuple[str, str]] = []
    sections: list[Section] = []
    for line in _LINE.split(text):
        if line.startswith("m="):
            sections.append(_media_line(line))
        elif line.startswith("a="):
            name, _, value = line[2:].partition(":")
            (sections[-1].attributes if sections else session).append((name, value.strip()))
    if not 0 < len(sections) <= MAX_SECTIONS:
        raise PeerError(ErrorCode.BAD_SDP, f"{len(sections)} media sections")
    for section in sections:
        own = {name for name, _ in section.attributes}
        section.attributes += [pair for pair in session if pair[0] not in own]
        # Because Firefox offers every line that it adds to a running bundle with port 0, which elsewhere means refused.
        section.rejected = section.rejected and "bundle-only" not in own
        if not _MID.match(section.mid):
            raise PeerError(ErrorCode.BAD_SDP, "mid")
    if len({section.mid for section in sections}) < len(sections):
        raise PeerError(ErrorCode.BAD_SDP, "mid twice")
    description = Description(sections)
    if not description.fragment or not description.fingerprint:
        raise PeerError(ErrorCode.BAD_SDP, "no ICE or DTLS parameters")
    return description


def _media_line(line: str) -> Section:
    parts = line[2:].split()
    if len(parts) < 4 or parts[0] not in ("audio", "video", "application"):
        raise PeerError(ErrorCode.BAD_SDP, "media line")
    return Section(kind=parts[0], rejected=parts[1] == "0", formats=parts[3:])


def session_lines(mids: list[str], version: int) -> list[str]:
    """Return the lines before the first m-line. Name and origin are neutral: nothing here tells whose server it is."""
    return [
        "v=0",
        f"o=- {int(time.time())} {version} IN IP4 0.0.0.0",
        "s=-",
        "t=0 0",
        "a=ice-lite",
        f"a=group:BUNDLE {' '.join(mids)}",
        "a=msid-semantic:WMS *",
    ]


def transport_lines(transport: Transport, mid: str, setup: str) -> list[str]:
    """Return the ICE and DTLS lines of a section."""
    ice = transport.ice
    return [
        f"a=mid:{mid}",
        f"a=ice-ufrag:{ice.fragment}",
        f"a=ice-pwd:{ice.password}",
        f"a=fingerprint:{transport.fingerprint}",
        f"a=setup:{setup}",
        *_candidates(ice.port),
        "a=end-of-candidates",
    ]


def _candidates(port: UdpPort) -> list[str]:
    return [
        f"a=candidate:{number} 1 udp {2130706431 - number} {ip} {port.number} typ host"
        for number, ip in enumerate(port.ips, start=1)
    ]


def rtp_lines(payload_type: int, rtpmap: str, fmt: str, resent: int | None) -> list[str]:
    """Return the lines of one codec: map, format, feedback, and its RTX twin."""
    lines = [f"a=rtpmap:{payload_type} {rtpmap}"]
    if fmt:
        lines.append(f"a=fmtp:{payload_type} {fmt}")
    if resent is not None:
        lines += [f"a=rtpmap:{resent} rtx/90000", f"a=fmtp:{resent} apt={payload_type}"]
    return lines


def feedback_lines(payload_type: int, names: Iterable[str]) -> list[str]:
    return [f"a=rtcp-fb:{payload_type} {name}" for name in names]


def text(lines: Iterable[str]) -> str:
    return "\r\n".join(lines) + "\r\n"
