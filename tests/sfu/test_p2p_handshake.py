"""Two browsers find each other whatever the relay loses: it passes messages on at most once."""

import pytest

from tests.sfu.pages import enter, sees
from tests.sfu.stage import until

pytestmark = pytest.mark.media


def first(kind, *, peer="", times=1):
    """Loses so many messages of a kind (`offer` and `answer` are descriptions), of one person or of both."""
    left = [times]

    def loses(sender, message):
        name = message["description"]["type"] if message["type"] == "p2p.description" else message["type"]
        if name != kind or (peer and sender != peer) or not left[0]:
            return False
        left[0] -= 1
        return True

    return loses


LOSSES = {
    "nothing": first("", times=0),
    "hello": first("p2p.hello", times=2),
    "here": first("p2p.here"),
    "offer": first("offer"),
    "answer": first("answer"),
    "second-offer": first("offer", peer="tess"),
    "candidates": first("p2p.candidate", times=8),
    "tracks": first("p2p.tracks", times=4),
}


@pytest.mark.parametrize("lost", LOSSES)
async def test_two_see_each_other_though_the_relay_loses(page, stage, lost):
    stage.loses = LOSSES[lost]
    await enter(page, "cleo", engine="p2p", voice=False)
    await enter(page, "tess", engine="p2p", voice=False)
    await until(sees(page, "tess", "cleo camera"), 20)
    await until(sees(page, "cleo", "tess camera"), 20)
    assert await page.evaluate("[people.tess, people.cleo].flatMap(one => one.named('problem'))") == []


async def test_first_offer_is_never_taken_back(page, stage):
    """Both publish at once; only the impolite one's offer goes out first, so that nobody loses candidates by a rollback."""
    await enter(page, "cleo", engine="p2p")
    await enter(page, "tess", engine="p2p")
    await until(sees(page, "tess", "cleo camera"), 20)
    await until(sees(page, "cleo", "tess camera"), 20)
    senders = [peer for peer, kind in stage.log if kind == "p2p.description"]
    assert senders[:2] == ["cleo", "tess"], "an offer, then its answer"


async def test_polite_one_whose_page_began_anew_is_met_again(page, stage):
    await enter(page, "cleo", engine="p2p", voice=False)
    await enter(page, "tess", engine="p2p", voice=False)
    await until(sees(page, "cleo", "tess camera"), 20)
    await page.evaluate("people.tess.socket.close(); people.tess.call.engine.pc.close()")
    await enter(page, "tess", engine="p2p", voice=False)
    await until(sees(page, "tess", "cleo camera"), 20)
    await until(sees(page, "cleo", "tess camera"), 20)
