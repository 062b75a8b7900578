"""Names as the scripts of a session show them: initials of every script and of emoji, and namesakes who come and go. In a real Chromium."""

import pytest

pytestmark = pytest.mark.journey
INITIALS = (
    "async (names) => { const { initials } = await import('/static/js/initials.js'); return names.map(initials) }"
)
# Shows one list of people after another to somebody called "me"; returns who is said to have left after each.
LEFT = """async (lists) => {
  const { Presence } = await import('/static/js/live/presence.js')
  const said = []
  const presence = new Presence((name) => said.at(-1).push(name))
  for (const people of lists) {
    said.push([])
    presence.show(people.map(([peer, name]) => ({ peer, name })), 'me')
  }
  return said
}"""
ME = ("me", "Anna Meyer")
ONE, OTHER = ("p1", "Anna Meyer"), ("p2", "Anna Meyer")


@pytest.fixture(scope="module")
def page(browser, gallery_url):
    opened = browser.new_page()
    opened.goto(f"{gallery_url}?sample=index")
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Anna Meyer", "AM"),
        ("Anna Maria von Meyer", "AM"),
        ("Cher", "C"),
        ("王 小明", "王小"),
        ("👩‍👩‍👧 Anna Meyer", "AM"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
        ("🇩🇪 👍🏽", "🇩🇪"),
        ("émile Zola", "ÉZ"),
        ("e\u0301mile Zola", "E\u0301Z"),
        ("عمر خان", "عخ"),
        ("(Anna) Meyer", "M"),
        ("7 Dwarfs", "7D"),
        ("  ", ""),
    ],
)
def test_initials_are_whole_letters_as_readers_see_them(page, name, shown):
    assert page.evaluate(INITIALS, [name]) == [shown]


@pytest.mark.parametrize(
    ("lists", "said"),
    [
        ([[ME, ONE, OTHER], [ME, ONE], [ME]], [[], ["Anna Meyer"], ["Anna Meyer"]]),
        ([[ME, ONE, OTHER], [ME]], [[], ["Anna Meyer", "Anna Meyer"]]),
        ([[ME, ONE], [ME, OTHER], [ME]], [[], [], ["Anna Meyer"]]),  # let in anew, by another line
        ([[ME, ONE, OTHER], [ME, ("p3", "Anna Meyer")]], [[], ["Anna Meyer"]]),
        ([[ME, ONE], [ME, ONE, ("p4", "Ben")], [ME, ("p4", "Ben")]], [[], [], ["Anna Meyer"]]),
        ([[ME], []], [[], []]),  # nobody says of themselves that they have left
    ],
)
def test_namesake_who_leaves_is_said_to_have_left(page, lists, said):
    assert page.evaluate(LEFT, lists) == said
