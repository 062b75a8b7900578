"""Files of each kind, small; a purpose for them that belongs to no app; and a virus scanner that knows one virus."""

import asyncio
import io
import socketserver
import struct
import threading
import zipfile
from contextlib import contextmanager

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfWriter

from core.files import purposes
from core.files.actions import begin_upload, receive_part
from core.files.purposes import Purpose
from core.kernel import clock
from core.people.permissions import is_active_staff

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
TESTED = Purpose("tested", may=is_active_staff)


def downloaded(answer) -> bytes:
    """All that an answer streams."""

    async def read():
        return b"".join([piece async for piece in answer])

    return asyncio.run(read())


def use_purpose(monkeypatch, purpose=TESTED):
    """Let files be brought for it, in this test."""
    monkeypatch.setitem(purposes._purposes, purpose.code, purpose)


def jpeg(side=900, *, exif=True):
    """A picture with a place and a camera."""
    picture, written = Image.new("RGB", (side, side // 2), "teal"), io.BytesIO()
    facts = Image.Exif()
    if exif:
        facts[0x010F] = "CanaryCamera"
        facts[0x8825] = {1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)}
        facts[0x0112] = 6  # lying on its side
    picture.save(written, "JPEG", exif=facts)
    return written.getvalue()


def pdf(pages=3):
    """So many empty pages."""
    writer, written = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(400, 600)
    writer.write(written)
    return written.getvalue()


def docx():
    """As much of a document as its type shows."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", "<document/>")
    return written.getvalue()


def given(content, name):
    """As it comes with a form."""
    return SimpleUploadedFile(name, content)


def send(content, name, *, by, purpose="tested", part=1000):
    """Bring it in parts; the complete upload."""
    upload = begin_upload(purpose=purpose, name=name, size=len(content), by=by, now=clock.now())
    for start in range(0, len(content), part):
        piece = content[start : start + part]
        upload = receive_part(
            upload=upload, start=start, size=len(piece), content=io.BytesIO(piece), by=by, now=clock.now()
        )
    return upload


class _Clamd(socketserver.BaseRequestHandler):
    """INSTREAM as clamd speaks it."""

    def handle(self):
        assert self.request.recv(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!L", self._exactly(4))[0]:
            content += self._exactly(size)
            if len(content) > self.server.most:
                self.request.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.request.sendall(b"stream: Eicar-Signature FOUND\0" if EICAR in content else b"stream: OK\0")

    def _exactly(self, size):
        found = b""
        while len(found) < size:
            found += self.request.recv(size - len(found))
        return found


@contextmanager
def clamd(settings, *, most=10_000_000):
    """A scanner is configured, and answers."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Clamd) as server:
        server.daemon_threads, server.most = True, most
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.CLAMD_ADDRESS = f"127.0.0.1:{server.server_address[1]}"
        yield server
        settings.CLAMD_ADDRESS = ""
        server.shutdown()
