"""The mail catcher: real SMTP in, pages and JSON out."""

import json
import smtplib
import threading
from email.message import EmailMessage
from types import SimpleNamespace
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from deploy.local.mailcatcher.catcher import MailCatcher
from deploy.local.mailcatcher.mailbox import Mailbox
from tests.local.serving import get, serving

CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"


@pytest.fixture(scope="module")
def catcher(tmp_path_factory):
    made = MailCatcher(Mailbox(tmp_path_factory.mktemp("mail"), kept=20))
    with serving(lambda url: made.application()) as url:
        yield SimpleNamespace(url=url, port=made.smtp_port, mailbox=made.mailbox)


@pytest.fixture
def mail(catcher):
    catcher.mailbox.clear()
    return catcher


def letter(subject="Your lesson on Tuesday", to="Gus Oduya <gus@example.org>"):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Harbour Music <office@harbour.example>", to, subject
    message.set_content("See you: https://harbour.localhost/appointments/7/")
    message.add_alternative(
        '<p>See <a href="https://harbour.localhost/appointments/7/?a=1&amp;b=2">you</a>'
        '<img src="cid:logo"></p><script>parent.stolen = 1</script>',
        subtype="html",
    )
    html = message.get_payload()[1]
    html.add_related(b"\x89PNG", "image", "png", cid="<logo>", filename="logo.png")
    message.add_attachment(CALENDAR, "text", "calendar", filename="lesson.ics", params={"method": "REQUEST"})
    message.add_attachment(b"%PDF-1.7", "application", "pdf", filename="Rechnung Nº 7.pdf")
    return message


def send(mail, message, recipients=("gus@example.org",)):
    with smtplib.SMTP("127.0.0.1", mail.port) as smtp:
        smtp.send_message(message, "bounces@harbour.example", list(recipients))


def test_message_is_kept_raw_with_its_envelope(mail):
    send(mail, letter(), ["gus@example.org", "hidden@example.org"])
    (listed,) = get(f"{mail.url}/api/messages")["messages"]
    assert (listed["sent_by"], listed["sent_to"]) == (
        "bounces@harbour.example",
        ["gus@example.org", "hidden@example.org"],
    )
    assert (listed["subject"], listed["attachments"]) == ("Your lesson on Tuesday", ["lesson.ics", "Rechnung Nº 7.pdf"])
    raw = (mail.mailbox.directory / f"{listed['id']}.eml").read_bytes()
    with urlopen(f"{mail.url}/messages/{listed['id']}/raw") as answer:
        assert answer.read() == raw and b"Subject: Your lesson on Tuesday" in raw


def test_json_shows_text_html_links_and_attachments(mail):
    send(mail, letter())
    message = get(f"{mail.url}/api/messages/{get(f'{mail.url}/api/messages')['messages'][0]['id']}")
    assert message["text"].startswith("See you") and "<p>See" in message["html"]
    assert message["links"] == ["https://harbour.localhost/appointments/7/",
                                "https://harbour.localhost/appointments/7/?a=1&b=2"]  # fmt: skip
    assert [part["type"] for part in message["attachments"]] == ["image/png", "text/calendar", "application/pdf"]
    with urlopen(mail.url + message["attachments"][1]["url"]) as answer:
        assert b"METHOD:REQUEST" in answer.read()
        assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''lesson.ics")


def test_messages_are_found_by_recipient_subject_and_time(mail):
    for number, to in enumerate(("gus@example.org", "tess@example.org", "gus@example.org")):
        send(mail, letter(f"Lesson {number}", to), [to])
    url = f"{mail.url}/api/messages"
    found = get(f"{url}?to=gus@example.org")["messages"]
    assert [message["subject"] for message in found] == ["Lesson 2", "Lesson 0"]
    assert [m["subject"] for m in get(f"{url}?subject=lesson+1")["messages"]] == ["Lesson 1"]
    assert [m["subject"] for m in get(f"{url}?after={found[1]['id']}")["messages"]] == ["Lesson 2", "Lesson 1"]
    assert get(f"{url}?to=olga@example.org")["messages"] == []


def test_a_request_may_wait_for_mail(mail):
    threading.Timer(0.2, send, (mail, letter())).start()
    assert len(get(f"{mail.url}/api/messages?to=gus@example.org&wait=5")["messages"]) == 1
    with pytest.raises(HTTPError) as refused:
        get(f"{mail.url}/api/messages?wait=soon")
    assert refused.value.code == 400


def test_messages_can_be_removed(mail):
    send(mail, letter("One"))
    send(mail, letter("Two"))
    first = get(f"{mail.url}/api/messages?subject=One")["messages"][0]["id"]
    urlopen(Request(f"{mail.url}/api/messages/{first}", method="DELETE"))
    for method in ("DELETE", "GET"):
        with pytest.raises(HTTPError) as refused:
            urlopen(Request(f"{mail.url}/api/messages/{first}", method=method))
        assert refused.value.code == 404
    foreign = Request(f"{mail.url}/api/messages", method="DELETE", headers={"Origin": "http://evil.example"})
    with pytest.raises(HTTPError) as refused:
        urlopen(foreign)
    assert refused.value.code == 403
    with urlopen(Request(f"{mail.url}/api/messages", method="DELETE")) as answer:
        assert json.load(answer) == {"removed": 1}
    assert list(mail.mailbox.directory.iterdir()) == []


def test_pages_escape_what_a_message_says_and_disarm_its_html(mail):
    message = letter("<script>alert(1)</script>", '"<b>Gus</b>" <gus@example.org>')
    send(mail, message)
    identifier = mail.mailbox.find()[0].id
    for path in ("/", f"/messages/{identifier}"):
        with urlopen(mail.url + path) as answer:
            page = answer.read().decode()
        assert "&lt;script&gt;alert(1)" in page and "<script>" not in page and "<b>Gus" not in page
    with urlopen(f"{mail.url}/messages/{identifier}/html") as answer:
        policy, html = answer.headers["content-security-policy"], answer.read().decode()
    assert policy.startswith("sandbox allow-popups") and "allow-scripts" not in policy
    assert f"/messages/{identifier}/parts/0" in html and "cid:" not in html


def test_only_the_latest_messages_are_kept(mail):
    for number in range(23):
        mail.mailbox.keep(letter(f"Lesson {number}").as_bytes(), "", ["gus@example.org"])
    subjects = [message.subject for message in mail.mailbox.find()]
    assert (len(subjects), subjects[0], subjects[-1]) == (20, "Lesson 22", "Lesson 3")
    assert len(list(mail.mailbox.directory.iterdir())) == 40


def test_kept_messages_outlive_the_process(mail):
    send(mail, letter())
    (mail.mailbox.directory / "half.json").write_text("{")
    again = Mailbox(mail.mailbox.directory)
    assert again.find() == mail.mailbox.find() and len(again.find()) == 1
    (mail.mailbox.directory / "half.json").unlink()


@pytest.mark.parametrize(
    "raw",
    [b"", b"no header at all", b"Subject: =?broken?q?\xff\r\nContent-Type: text/plain; charset=nowhere\r\n\r\n\xfe"],
)
def test_damaged_messages_are_kept_and_shown(mail, raw):
    identifier = mail.mailbox.keep(raw, "", ["gus@example.org"]).id
    for path in ("/", f"/messages/{identifier}", f"/api/messages/{identifier}", f"/messages/{identifier}/raw"):
        with urlopen(mail.url + path) as answer:
            assert answer.status == 200
