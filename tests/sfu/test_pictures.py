"""How pictures are laid out, and that a late one is shown all the same: in a real Chromium, without a server."""

import pytest

pytestmark = pytest.mark.media


@pytest.mark.parametrize(
    ("count", "size", "columns"),
    [
        (1, (1240, 650), 1),
        (3, (1240, 650), 2),
        (4, (1240, 650), 2),
        (5, (1240, 650), 3),
        (9, (1240, 650), 3),
        (12, (1240, 650), 4),
        (25, (1240, 650), 7),
        (3, (380, 700), 1),
        (5, (380, 700), 2),
        (12, (380, 700), 2),
        (12, (620, 260), 4),
        (0, (100, 100), 1),
    ],
)
async def test_columns_make_pictures_largest(page, count, size, columns):
    found = await page.evaluate(
        "async ([count, width, height]) => (await import('/tile-columns.js')).columns(count, width, height)",
        [count, *size],
    )
    assert found == columns


LATE = """async (late) => {
  const { LiveCall } = await import('/protocol.js')
  const call = new LiveCall({ send() {} })
  const [old, fresh] = [{ close() {} }, { close() {} }]
  const drawn = document.createElement('canvas').captureStream().getVideoTracks()[0]
  const coming = new RTCPeerConnection().addTransceiver('video').receiver.track // muted until its first frame
  const told = []
  call.addEventListener('media', ({ detail }) => told.push(detail.present))
  call.engine = old
  call.incoming(old, 'ava', 'camera', drawn)
  Object.assign(call, { previous: old, engine: fresh })
  if (late) call.incoming(fresh, 'ava', 'camera', coming)
  call.retire(old)
  const entry = call.remote.get('ava camera')
  return { present: told.at(-1), isNew: entry?.track === coming, inStream: Boolean(entry?.stream.getTracks().includes(coming)) }
}"""


async def test_picture_that_is_late_at_a_hand_over_is_kept(page):
    assert await page.evaluate(LATE, True) == {"present": True, "isNew": True, "inStream": True}


async def test_picture_that_never_comes_at_a_hand_over_goes(page):
    assert await page.evaluate(LATE, False) == {"present": False, "isNew": False, "inStream": False}
