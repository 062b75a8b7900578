"""Recording without decoding: packets to WebM files, written by a thread of its own."""

from pathlib import Path

from ..producer import Producer


class Recorder:
    """Records into `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._producers: dict[str, Producer] = {}

    def __contains__(self, producer: Producer) -> bool:
        return producer.id in self._producers

    def take_up(self, producer: Producer, *, allowed: bool) -> None: ...
    def drop(self, producer: Producer) -> None: ...
    async def close(self) -> list[str]:
        return []
