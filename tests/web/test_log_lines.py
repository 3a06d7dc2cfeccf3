from __future__ import annotations

import json
import re
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.web.log_lines import Hit, as_json, combined

HIT = Hit(
    client="192.0.2.1",
    method="GET",
    target=b"/rss.xml?a=b",
    version="1.1",
    status=200,
    length=1234,
    referrer=b"https://example.org/",
    user_agent=b"newsboat/2.32",
    at=1_779_287_400.25,
    seconds=0.00123456,
)
BARE = Hit("", "", b"", "1.1", 400, 0, b"", b"", HIT.at, 0.0)

# What Apache's documentation of the form says, with its escapes.
FIELD = r'"((?:[^"\\]|\\.)*)"'
COMBINED = re.compile(rf"(\S+) - - \[([^\]]+)\] {FIELD} (\d{{3}}) (\d+) {FIELD} {FIELD}\n")

anything = st.one_of(st.binary(max_size=60), st.text(max_size=60).map(lambda text: text.encode(errors="replace")))
long = st.tuples(anything, st.integers(1, 300)).map(lambda both: both[0] * both[1])
hits = st.builds(
    Hit,
    client=st.ip_addresses().map(str),
    method=st.sampled_from(["GET", "HEAD", "M-SEARCH", ""]),
    target=st.one_of(anything, long),
    version=st.sampled_from(["1.0", "1.1"]),
    status=st.integers(100, 599),
    length=st.integers(0, 10**12),
    referrer=st.one_of(anything, long),
    user_agent=st.one_of(anything, long),
    at=st.floats(0, 4e9),
    seconds=st.floats(0, 1e5),
)


def test_a_line_is_as_apache_and_nginx_write_it() -> None:
    assert combined(HIT).decode() == (
        '192.0.2.1 - - [20/May/2026:14:30:00 +0000] "GET /rss.xml?a=b HTTP/1.1" 200 1234 '
        '"https://example.org/" "newsboat/2.32"\n'
    )


def test_a_line_may_be_an_object_of_json() -> None:
    assert json.loads(as_json(HIT)) == {
        "time": "2026-05-20T14:30:00.250Z",
        "client": "192.0.2.1",
        "method": "GET",
        "target": "/rss.xml?a=b",
        "protocol": "HTTP/1.1",
        "status": 200,
        "bytes": 1234,
        "referrer": "https://example.org/",
        "user_agent": "newsboat/2.32",
        "seconds": 0.001235,
    }


def test_what_was_not_sent_is_shown_as_such() -> None:
    assert combined(BARE) == b'- - - [20/May/2026:14:30:00 +0000] "-" 400 0 "-" "-"\n'
    found = json.loads(as_json(BARE))
    assert [found[name] for name in ("client", "method", "target", "protocol", "referrer", "user_agent")] == [None] * 6


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (b'a "quoted" one', r"a \"quoted\" one"),
        (b"back\\slash", r"back\\slash"),
        (b"\r\nGET / HTTP/1.1", r"\r\nGET / HTTP/1.1"),
        (b"\x00\x08\t\x0b\x0c\x1b[31m\x7f", r"\x00\b\t\v\x0c\x1b[31m\x7f"),
        ("é".encode(), r"\xc3\xa9"),
    ],
)
def test_what_could_end_a_field_is_escaped_as_apache_does(sent: bytes, shown: str) -> None:
    assert f'"{shown}"' in combined(HIT._replace(user_agent=sent)).decode()


@given(hits)
def test_whatever_is_sent_is_one_line_of_eight_fields_that_a_pipe_takes_in_one_piece(hit: Hit) -> None:
    line = combined(hit)
    assert len(line) <= 4096
    assert line.count(b"\n") == 1
    assert not set(line[:-1]) & {*range(0x20), 0x7F}
    match = COMBINED.fullmatch(line.decode())
    assert match
    assert (match[1], int(match[4]), int(match[5])) == (hit.client, hit.status, hit.length)
    assert re.sub("…|[*]", "", match[3]).isascii()


@given(hits)
def test_whatever_is_sent_is_one_object_of_json_in_ascii(hit: Hit) -> None:
    line = as_json(hit)
    assert len(line) <= 4096
    assert line.isascii()
    assert line.count(b"\n") == 1
    found = json.loads(line)
    assert (found["client"], found["status"], found["bytes"]) == (hit.client, hit.status, hit.length)


TOKEN = "8Zk3-secret"  # noqa: S105 - it opens nothing


def encodings(word: str) -> st.SearchStrategy[str]:
    """A word with any of its characters percent-encoded."""
    return st.tuples(*(st.sampled_from([char, f"%{ord(char):02x}", f"%{ord(char):02X}"]) for char in word)).map("".join)


@given(
    st.sampled_from(["", "/blog", "/tags", "https://example.org", "https://example.org/my%20blog", "//"]),
    encodings("private"),
    st.sampled_from(["/", "%2F", "%2f"]),
    st.sampled_from(["/rss.xml", "", "/?a=b", "?a=/private/"]),
)
def test_no_token_is_shown(before: str, name: str, slash: str, behind: str) -> None:
    secret = f"{before}{slash if before else '/'}{name}{slash}{TOKEN}{behind}".encode()
    hit = HIT._replace(target=secret, referrer=secret)
    for line in (combined(hit).decode(), json.loads(as_json(hit))["target"], json.loads(as_json(hit))["referrer"]):
        assert TOKEN not in line
        assert f"{before}/private/…" in line


def test_what_only_looks_like_a_private_address_is_shown() -> None:
    for target in ("/articles/private", "/privately/a", f"/{quote('privaté')}/a", "/%2570rivate/a"):
        assert target in combined(HIT._replace(target=target.encode())).decode()


def test_no_password_in_a_url_is_shown() -> None:
    line = combined(HIT._replace(referrer=b"https://ada:secret@example.org/a?mail=me@example.org"))
    assert b'"https://***@example.org/a?mail=me@example.org"' in line


def test_what_is_too_long_is_cut() -> None:
    assert b'"' + b"a" * 900 + b'"' in combined(HIT._replace(user_agent=b"a" * 900))
    assert b'"' + b"a" * 150 + "…".encode() + b'"' in combined(HIT._replace(user_agent=b"a" * 901))
