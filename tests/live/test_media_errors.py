"""What goes wrong about media reaches people as a sentence in their language, made of its code."""

import pytest
from django.utils import translation

from branding.models import Brand
from sessions_live import media_errors
from sessions_live.media.engine import EngineError
from sessions_live.sfu.errors import ErrorCode
from sessions_live.sfu.messages import error_message

NEW_CODE = "melted"  # of a media server that is newer than the product


@pytest.mark.unit
@pytest.mark.parametrize("language", ["de", "es", "fr"])
@pytest.mark.parametrize("code", [*ErrorCode, NEW_CODE])
def test_every_code_has_a_sentence_in_every_language(code, language):
    with translation.override("en"):
        english = media_errors.sentence_for(code)
    with translation.override(language):
        assert media_errors.sentence_for(code) not in ("", english)
    assert (english == media_errors.GENERAL) is (code == NEW_CODE)


@pytest.mark.unit
def test_only_errors_get_a_sentence():
    for message in ({"type": "pong", "at": 1}, {"type": "media", "side": "one", "message": {"type": "joined"}}):
        assert media_errors.for_page(message) == message
    nested = media_errors.for_page({"type": "media", "side": "one", "message": error_message("room_full", "hello")})
    assert nested["message"] == {
        "type": "error",
        "code": "room_full",
        "for": "hello",
        "message": "The session is full.",
    }
    assert media_errors.for_page({"type": "away", "code": "unreachable"})["message"].startswith("The media server")


class BrokenEngine:
    """Fails as often as somebody joins: first by refusing, then by what a media server sends during a call."""

    def __init__(self):
        self.refuses = True

    async def attach(self, admission, *, to_client, to_others):
        if self.refuses:
            self.refuses = False
            raise EngineError(ErrorCode.UNREACHABLE, "no connection to 127.0.0.1:9")
        for code in (ErrorCode.TRANSPORT_FAILED, NEW_CODE):
            await to_client(error_message(code))
        return self

    async def close(self, *, leave=False):
        """Nothing is open."""


def test_german_reader_gets_german_errors(cast, room, scenes, monkeypatch):
    engine = BrokenEngine()
    monkeypatch.setattr("sessions_live.engines.p2p", lambda: engine)
    Brand.objects.update(languages=["en", "de"])
    cast.tess.language = "de"
    cast.tess.save()
    sentences = {}

    async def play(connect):
        tess = await connect(room.pk, cast.tess).open()
        await tess.send_message("nonsense")
        await tess.hear("error")
        for last in ("unreachable", NEW_CODE):
            await tess.send_message("hello")
            await tess.hear("error", code=last)
        sentences.update({one["code"]: one["message"] for one in tess.heard if one["type"] == "error"})

    scenes(play)
    assert sentences == {
        "unknown_type": "Diese Art von Nachricht ist hier nicht bekannt.",
        "unreachable": "Der Medienserver ist nicht erreichbar. Versuchen Sie es gleich noch einmal.",
        "transport_failed": "Für Bild und Ton kam keine Verbindung zustande. Vielleicht sperrt das Netz sie.",
        NEW_CODE: "Im Gespräch ist etwas schiefgegangen. Versuchen Sie es gleich noch einmal.",
    }
