"""Cleo's board, and pages of it."""

import pytest
from asgiref.sync import async_to_sync

from core.kernel import clock
from sessions_live.boards.actions.boards import create_board
from tests.boards.pages import BoardPage


@pytest.fixture
def board(cast):
    return create_board(client=cast.cleo, title="Board", client_access="draw", by=cast.tess, now=clock.now())


@pytest.fixture
def pages(monkeypatch, board):
    """`pages(play)` runs a coroutine function with `open_page(user)`; every page is closed afterwards. News goes out when it is promised."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda act, **options: act())
    monkeypatch.setattr("channels.db.close_old_connections", lambda: None)  # they would end the test's transaction

    def run(play):
        async def scene():
            opened = []

            async def open_page(user, of=board, **hello):
                page = BoardPage(of, user)
                opened.append(page)
                return await page.enter(**hello)

            try:
                await play(open_page)
            finally:
                for page in opened:
                    if page.line is not None:
                        page.line.stop(exceptions=False)

        async_to_sync(scene)()

    return run
