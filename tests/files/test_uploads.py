"""Uploads over HTTP by the tus protocol: begun, broken off, gone on with, taken back; by whom they are, on the organization's host."""

from base64 import b64encode

import pytest

from core.files import contents
from core.files.models import StoredFile, Upload
from tests.factories.files import jpeg, use_purpose
from tests.factories.web import browser_of

TUS = {"Tus-Resumable": "1.0.0"}
EMPTY = {"Content-Length": "0", "Content-Type": "application/offset+octet-stream"}  # which the test client leaves out


@pytest.fixture(autouse=True)
def _purpose(monkeypatch):
    use_purpose(monkeypatch)


def metadata(**facts):
    return ",".join(f"{name} {b64encode(value.encode()).decode()}" for name, value in facts.items())


def begin(browser, size, name="Plan “李明”.txt", purpose="tested"):
    headers = {**TUS, "Upload-Length": str(size), "Upload-Metadata": metadata(filename=name, purpose=purpose)}
    return browser.post("/files/uploads/", headers=headers)


def part(browser, url, content, start, **more):
    headers = {**TUS, "Upload-Offset": str(start), **more}
    return browser.patch(url, content, content_type="application/offset+octet-stream", headers=headers)


def test_upload_that_breaks_off_goes_on_where_it_was(cast):
    browser, content = browser_of(cast.tess), bytes(range(256)) * 40
    begun = begin(browser, len(content), "Plan “李明”.bin")
    assert begun.status_code == 201
    url = begun["Location"]
    assert part(browser, url, content[:4000], 0)["Upload-Offset"] == "4000"

    again = part(browser, url, content[:4000], 0)  # a browser that has not heard the answer
    here = browser.head(url, headers=TUS)
    done = part(browser, url, content[4000:], int(here["Upload-Offset"]))

    assert again.status_code == 409
    assert (here["Upload-Offset"], here["Upload-Length"], here["Cache-Control"]) == ("4000", "10240", "no-store")
    assert (done.status_code, done["Upload-Offset"]) == (204, "10240")
    file = StoredFile.objects.get()
    assert contents.opened(file).read() == content and file.name == "Plan “李明”.bin"


def test_server_says_what_it_can(cast):
    answer = browser_of(cast.tess).options("/files/uploads/")

    assert (answer["Tus-Version"], answer["Tus-Extension"]) == ("1.0.0", "creation,termination")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 412),
        (TUS, 400),
        ({**TUS, "Upload-Length": "-5", "Upload-Metadata": "filename YQ=="}, 400),
        ({**TUS, "Upload-Length": "5", "Upload-Metadata": "filename ***"}, 400),
        ({**TUS, "Upload-Defer-Length": "1", "Upload-Metadata": "filename YQ=="}, 400),
        ({**TUS, "Upload-Length": "5", "Upload-Metadata": metadata(filename="a.txt", purpose="other")}, 404),
        ({**TUS, "Upload-Length": "0", "Upload-Metadata": metadata(filename="a.txt", purpose="tested")}, 422),
        ({**TUS, "Upload-Length": "9" * 14, "Upload-Metadata": metadata(filename="a.txt", purpose="tested")}, 422),
    ],
)
def test_what_is_no_upload_is_refused(cast, headers, status):
    assert browser_of(cast.tess).post("/files/uploads/", headers=headers).status_code == status
    assert not Upload.objects.exists()


def test_refusal_says_why_in_the_readers_language(cast):
    cast.tess.language = "de"
    cast.tess.save(update_fields=["language"])
    from branding.actions import change_brand  # noqa: PLC0415 because only here
    from branding.queries import current_brand  # noqa: PLC0415 because only here

    change_brand(current_brand(), by=cast.nora, languages=["en", "de"])

    answer = begin(browser_of(cast.tess), 10**12, "Film.mp4")

    assert answer.status_code == 422
    assert answer.json()["code"] == "file_too_large" and "größer als 500 MB" in answer.json()["message"]


def test_wrong_kind_is_refused_with_its_first_part(cast):
    browser = browser_of(cast.tess)
    url = begin(browser, 5000, "a.png")["Location"]

    answer = part(browser, url, b"<html>" * 833 + b"xx", 0)

    assert answer.status_code == 422 and "not what its name says" in answer.json()["message"]
    assert browser.head(url, headers=TUS).status_code == 404


def test_upload_is_taken_back(cast):
    browser = browser_of(cast.tess)
    url = begin(browser, len(jpeg()), "a.jpg")["Location"]
    part(browser, url, jpeg(), 0)

    assert browser.delete(url, headers=TUS).status_code == 204

    assert not Upload.objects.exists() and not StoredFile.objects.exists()
    assert browser.delete(url, headers=TUS).status_code == 404


def test_nobody_else_meets_an_upload(cast):
    url = begin(browser_of(cast.tess), 10, "a.txt")["Location"]

    for user in (cast.nora, cast.gus):
        browser = browser_of(user)
        assert browser.head(url, headers=TUS).status_code == 404
        assert part(browser, url, b"0123456789", 0).status_code == 404
        assert browser.delete(url, headers=TUS).status_code == 404
    assert begin(browser_of(cast.gus), 10, "a.txt").status_code == 403
    assert begin(browser_of(), 10, "a.txt").status_code in (302, 401)
    assert Upload.objects.get().received == 0


def test_empty_part_at_the_right_place_changes_nothing(cast):
    browser = browser_of(cast.tess)
    url = begin(browser, 4, "a.txt")["Location"]

    for start, status in ((0, 204), (1, 409)):
        assert part(browser, url, b"", start, **EMPTY).status_code == status
    assert part(browser, url, b"ab", 0)["Upload-Offset"] == "2"
    assert part(browser, url, b"", 2, **EMPTY)["Upload-Offset"] == "2"
    assert part(browser, url, b"cd", 2)["Upload-Offset"] == "4"
    assert part(browser, url, b"", 4, **EMPTY)["Upload-Offset"] == "4"

    assert contents.opened(StoredFile.objects.select_related("key").get()).read() == b"abcd"


@pytest.mark.parametrize(
    ("start", "content", "status"), [(0, b"ab", 409), (3, b"d", 409), (9, b"x", 409), (2, b"cdX", 413)]
)
def test_part_that_does_not_fit_is_refused_and_nothing_is_lost(cast, start, content, status):
    browser = browser_of(cast.tess)
    url = begin(browser, 4, "a.txt")["Location"]
    part(browser, url, b"ab", 0)

    refused = part(browser, url, content, start)

    assert refused.status_code == status and refused.json()["message"]
    assert browser.head(url, headers=TUS)["Upload-Offset"] == "2"
    assert part(browser, url, b"cd", 2).status_code == 204
    assert contents.opened(StoredFile.objects.select_related("key").get()).read() == b"abcd"


@pytest.mark.parametrize("more", [{"Upload-Offset": "-1"}, {"Upload-Offset": "x"}, {"Upload-Offset": ""}])
def test_part_that_does_not_say_where_it_belongs_is_refused(cast, more):
    browser = browser_of(cast.tess)
    url = begin(browser, 4, "a.txt")["Location"]

    assert part(browser, url, b"ab", 0, **more).status_code == 400
    assert Upload.objects.get().received == 0
