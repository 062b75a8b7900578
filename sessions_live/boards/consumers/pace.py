"""How fast one page may draw, and what it was told to send again."""

from sessions_live.sfu.limits import Bucket

# Eighty a second for as long as anybody likes, and ten seconds' worth at once: an eraser makes one with each frame of the screen.
RATE, BURST = 80, 800
WEIGHT = 2000  # bytes of an update that count as another one, because large ones take longer to check
SOON_MS, LATER_MS = 1000, 3000  # after which a page sends again what came too fast, and what could not be stored
MOST_UNHEARD = 500  # updates that follow one which was put off; a page of ours has some forty on the way


class Pace:
    """Of one page."""

    def __init__(self) -> None:
        self._bucket = Bucket(rate=RATE, burst=BURST)
        self._put_off_from: int | None = (
            None  # the number of an update that the page sends again, before those that follow it
        )
        self._unheard = 0

    @property
    def is_flooded(self) -> bool:
        """Whether so much came that cannot be heard that the socket should close."""
        return self._unheard > MOST_UNHEARD

    def hears(self, number: int) -> bool:
        """Whether this update can be heard: what follows one that was put off leads to nothing before that one has come again."""
        if self._put_off_from is None or number == self._put_off_from:
            self._put_off_from, self._unheard = None, 0
            return True
        self._unheard += 1
        return False

    def put_off(self, number: int) -> None:
        """The page sends this one again, and those that follow it."""
        self._put_off_from = number

    def takes(self, length: int, now: float) -> bool:
        """Whether an update of so many bytes may come now, by a monotonic clock in seconds."""
        return self._bucket.take(now, 1 + length / WEIGHT)
