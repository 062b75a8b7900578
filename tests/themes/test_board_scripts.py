"""A board's scripts in a real Chromium: what they write is taken by the server's rules, and what was put off is sent again."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocketRoute

from sessions_live.boards.format.items import Writer
from sessions_live.boards.rules.board_updates import Document

pytestmark = pytest.mark.journey
Open = Callable[..., Page]
NUMBER, KEY = 7, "k"
# A document with as many strokes as `strokes`; PLAY does something with it. Answers with every update of the page, those of each act apart.
STORE = """async (strokes) => {
  const { BoardStore } = await import('/static/js/boards/store.js')
  const store = new BoardStore({ page: 7, key: 'k', now: Date.now() })
  const acts = []
  const all = []
  let updates = []
  store.addEventListener('update', ({ detail }) => {
    all.push(detail.bytes)
    updates.push(btoa(String.fromCharCode(...detail.bytes)))
  })
  const act = (name, does) => {
    updates = []
    const answer = does()
    acts.push({ name, updates, shown: [...store.keys()].length, answer })
    return answer
  }
  const points = Uint8Array.of(0, 0, 128, 2, 2, 128)
  const stroke = () => store.add({ kind: 'pen', page: '1', colour: 0, width: 3, points })
  act('draw', () => { for (let each = 0; each < strokes; each += 1) stroke() })
  PLAY
  return { acts, now: Date.now() }
}"""


def played(page: Page, play: str, *, strokes: int) -> list[dict[str, Any]]:
    """What the acts wrote and left on the board, each update taken by the server's rules."""
    told = page.evaluate(STORE.replace("PLAY", play), strokes)
    document, writer = Document(), Writer(NUMBER, KEY, told["now"])
    for act in told["acts"]:
        for update in act["updates"]:
            document.take(document.check(base64.b64decode(update), writer))
    return list(told["acts"])


def test_large_page_that_was_cleared_comes_back_by_one_undo_in_updates_that_each_are_taken(open_gallery: Open) -> None:
    acts = played(
        open_gallery(),
        """
        act('clear', () => store.remove([...store.keys()]))
        act('undo', () => store.undo())
        act('redo', () => store.redo())
        act('undo', () => store.undo())
        """,
        strokes=6000,
    )
    assert [(act["name"], act["shown"], len(act["updates"])) for act in acts[1:]] == [
        ("clear", 0, 24), ("undo", 6000, 24), ("redo", 0, 24), ("undo", 6000, 24),
    ]  # fmt: skip


def test_undo_takes_back_one_step_whatever_it_was_made_of(open_gallery: Open) -> None:
    acts = played(
        open_gallery(),
        """
        const keys = [...store.keys()]
        act('erase', () => { store.step(); for (const key of keys.slice(0, 300)) store.remove([key], { goesOn: true }) })
        act('another', () => stroke())
        act('undo', () => store.undo())
        act('undo', () => store.undo())
        act('undo', () => store.undo())
        act('redo', () => store.redo())
        act('redo', () => store.redo())
        act('redo', () => store.redo())
        act('nothing', () => store.redo())
        """,
        strokes=310,
    )
    shown = [act["shown"] for act in acts]
    assert shown == [310, 10, 11, 10, 310, 309, 310, 10, 11, 11]


def test_step_with_which_nothing_changes_any_more_is_passed_over(open_gallery: Open) -> None:
    acts = played(
        open_gallery(),
        """
        const place = { x: 5, y: 5, sx: 1, sy: 1, z: 1 }
        const [key] = store.keys()
        act('move', () => store.put([[key, place]]))
        const other = new BoardStore({ page: 8, key: 'o', now: Date.now() })
        for (const update of all) other.receive(update)
        other.addEventListener('update', ({ detail }) => store.receive(detail.bytes))
        other.put([[key, { ...place, x: 9 }]])
        act('undo', () => store.undo())
        act('see', () => store.thing(key).place.x)
        """,
        strokes=3,
    )
    assert [act["shown"] for act in acts] == [3, 3, 2, 2]  # the stroke before was taken back
    assert acts[-1]["answer"] == 9  # and the other's move was not


LINK = """async (address) => {
  const { BoardLink } = await import('/static/js/boards/link.js')
  window.link = new BoardLink(address)
  window.told = []
  link.addEventListener('saving', ({ detail }) => told.push(detail))
  await new Promise((done) => link.addEventListener('ready', done))
}"""


class Board:
    """The server's side of a board's line: takes what comes, and answers as a test says."""

    def __init__(self, page: Page) -> None:
        self.numbers: list[int] = []
        self.line: WebSocketRoute | None = None
        page.route_web_socket("**/ws/boards/x/", self._opened)

    def _opened(self, line: WebSocketRoute) -> None:
        self.line = line
        line.on_message(self._hear)

    def _hear(self, message: str | bytes) -> None:
        if isinstance(message, bytes):
            self.numbers.append(int.from_bytes(message[1:5]))
        elif json.loads(message)["type"] == "hello":
            self.say(type="welcome", seat="s", page=NUMBER)
            self.say(type="ready", through=0)

    def say(self, **message: Any) -> None:
        assert self.line is not None
        self.line.send(json.dumps(message))

    def wait(self, page: Page, numbers: list[int]) -> None:
        """Until exactly these updates have come."""
        for _ in range(400):
            if len(self.numbers) >= len(numbers):
                break
            page.wait_for_timeout(50)
        assert self.numbers == numbers


@pytest.fixture
def line(open_gallery: Open) -> tuple[Page, Board]:
    """A page with a line to a board that is ready."""
    page = open_gallery()
    board = Board(page)
    page.evaluate(LINK, page.url.replace("http", "ws").partition("/design/")[0] + "/ws/boards/x/")
    return page, board


def test_update_that_is_put_off_and_all_that_follow_are_sent_again_in_order(line: tuple[Page, Board]) -> None:
    page, board = line
    page.evaluate("() => { for (let each = 0; each < 3; each += 1) link.store(Uint8Array.of(each)) }")
    board.wait(page, [1, 2, 3])
    board.say(type="saved", number=1, sequence=1)
    board.say(type="later", number=2, after_ms=300, code="not_kept", message="Later.")
    page.wait_for_function("told.at(-1).waits")
    page.evaluate("() => link.store(Uint8Array.of(9))")  # waits with the others
    board.wait(page, [1, 2, 3, 2, 3, 4])
    for number in (2, 3, 4):
        board.say(type="saved", number=number, sequence=number)
    page.wait_for_function("told.at(-1).left === 0")
    assert page.evaluate("told.at(-1)") == {"left": 0, "waits": False}


def test_page_that_comes_back_with_much_sends_no_more_than_the_server_hears(line: tuple[Page, Board]) -> None:
    page, board = line
    page.evaluate("() => { for (let each = 0; each < 100; each += 1) link.store(Uint8Array.of(each)) }")
    board.wait(page, [*range(1, 41)])
    page.wait_for_timeout(200)
    assert len(board.numbers) == 40
    board.say(type="saved", number=1, sequence=1)
    board.say(type="saved", number=2, sequence=2)
    board.wait(page, [*range(1, 43)])
    for number in range(3, 101):
        board.say(type="saved", number=number, sequence=number)
    board.wait(page, [*range(1, 101)])


def test_what_is_drawn_without_a_line_is_said_to_be_unsaved_and_is_sent_when_it_is_back(
    line: tuple[Page, Board],
) -> None:
    page, board = line
    assert board.line is not None
    board.line.close(code=1012)
    page.evaluate("() => link.store(Uint8Array.of(1))")
    assert page.evaluate("told.at(-1)") == {"left": 1, "waits": True} or board.numbers == [1]
    board.wait(page, [1])
    board.say(type="saved", number=1, sequence=1)
    page.wait_for_function("told.at(-1).left === 0")
