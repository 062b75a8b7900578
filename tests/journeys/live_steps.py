"""The meeting: a guardian tests camera and microphone and knocks; a practitioner hears it, admits; both see and hear each other."""

import re

from playwright.sync_api import Page, expect

from .story import Story

# Frames decoded and sound received, from the browser's own statistics.
RECEIVED = """async () => {
  const stats = await document.getElementById('live-room').call.stats()
  const inbound = stats.filter((one) => one.type === 'inbound-rtp')
  const sum = (kind, field) => inbound.filter((one) => one.kind === kind).reduce((all, one) => all + (one[field] ?? 0), 0)
  return { frames: sum('video', 'framesDecoded'), samples: sum('audio', 'totalSamplesReceived'), energy: sum('audio', 'totalAudioEnergy') }
}"""


def received_more(page: Page) -> None:
    """Frames are decoded and sound with energy arrives: now, not only once."""
    before = page.evaluate(RECEIVED)
    page.wait_for_function(
        f"async (before) => {{ const now = await ({RECEIVED})(); return now.frames > before.frames + 5 "
        "&& now.samples > before.samples && now.energy > before.energy }",
        arg=before,
        polling=500,
        timeout=60_000,
    )


def meet(story: Story) -> None:
    """From the knock to the end of the session."""
    room = f"{story.home}/live/{story.facts['appointment']}/"
    tess, gus = story.pages["tess"], story.pages["gus"]
    tess.goto(story.home + "/dashboard/")
    gus.goto(room)
    expect(gus.locator('[data-live="preview"]')).to_have_attribute("data-state", "on")
    expect(gus.locator('[data-live="meter"]')).to_have_attribute("data-moved", "")
    gus.click('.lobby [data-action="join"]')
    card = tess.locator(".doorbell__card")
    expect(card).to_contain_text("Gus Marten is waiting", timeout=30_000)
    expect(tess.locator("#doorbell")).to_have_attribute("data-heard", "true")
    card.get_by_role("button", name="Admit").click()
    tess.wait_for_url(f"{room}#now")
    for page in (tess, gus):
        expect(page.locator("#live-room")).to_have_attribute("data-call", "connected", timeout=60_000)
        expect(page.locator(".tile")).to_have_count(2)
        received_more(page)
    gus.click('[data-action="toggle-chat"]')
    gus.fill("#chat-text", "Can you see us?")
    gus.press("#chat-text", "Enter")
    expect(tess.locator('[data-live="session-chat"] .bubble').last).to_contain_text("Can you see us?")
    tess.get_by_role("button", name="End", exact=True).click()
    tess.get_by_role("button", name="End for everybody").click()
    for page in (tess, gus):
        expect(page.get_by_role("heading", name=re.compile(r"^The (session|lesson) has ended$"))).to_be_visible(
            timeout=30_000
        )
