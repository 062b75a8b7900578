"""The compiled receiver of the media benchmark."""

import ctypes
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_suffix(".c")


class Sink:
    """Counts RTP on sockets that it is given; `run` blocks without holding Python's lock."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        built = folder / "media_sink.so"
        subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", str(built), str(SOURCE)], check=True)
        self._lib = ctypes.CDLL(str(built))
        self._lib.sink_run.argtypes = [ctypes.c_double]
        self._lib.sink_open()

    def add(self, descriptor: int) -> None:
        self._lib.sink_add(descriptor)

    def run(self, seconds: float) -> None:
        self._lib.sink_run(seconds)

    def reset(self) -> None:
        self._lib.sink_reset()

    def stats(self) -> dict[str, float]:
        """Return packets, octets, and the loss in percent since `reset`."""
        out = (ctypes.c_double * 4)()
        self._lib.sink_stats(out)
        packets, octets, expected, received = out
        return {"packets": packets, "octets": octets, "loss": 100 * max(0.0, 1 - received / max(1.0, expected))}
