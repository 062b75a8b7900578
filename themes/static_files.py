"""Static files, whose addresses are put together once."""

from django.contrib.staticfiles.storage import StaticFilesStorage


class AddressedOnce(StaticFilesStorage):
    """A page names seventy files, most of them again and again (the sprite of icons), and none of them moves while a process runs."""

    def __init__(self) -> None:
        super().__init__()
        self._urls: dict[str | None, str] = {}

    def url(self, name: str | None) -> str:
        if name not in self._urls:
            self._urls[name] = super().url(name)
        return self._urls[name]
