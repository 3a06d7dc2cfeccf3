from __future__ import annotations

from hashlib import sha256
from math import inf

import pytest

from feedsvc.model import Document, Lifetime
from feedsvc.publication.documents import document
from feedsvc.web.answers import Answer, Moment, answer
from feedsvc.web.validators import http_date

NOW = 1_768_046_400
MODIFIED = NOW - 100
BODY = b"<feed>" + b"text " * 200 + b"</feed>"


def made(*, kept_until: float = inf, last_modified: int | None = MODIFIED) -> Document:
    lifetime = Lifetime(last_modified=last_modified, kept_until=kept_until, max_age=300, stale=600)
    return document("application/atom+xml; charset=utf-8", BODY, lifetime=lifetime, headers=(("Link", "<x>"),))


def ask(found: Document | None = None, **request: str) -> Answer:
    return answer(found or made(), {name.replace("_", "-"): value for name, value in request.items()}, Moment(NOW))


def fields(given: Answer) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in given.fields if name != b"date"}


def etag(coding: str = "identity") -> str:
    return made().representations[coding].etag


def test_a_plain_request_gets_the_bytes_and_all_that_describes_them() -> None:
    given = ask()
    assert (given.status, given.body) == (200, BODY)
    assert fields(given) == {
        "content-type": "application/atom+xml; charset=utf-8",
        "content-length": str(len(BODY)),
        "etag": etag(),
        "cache-control": "max-age=300, stale-while-revalidate=600, stale-if-error=600",
        "vary": "Accept-Encoding",
        "last-modified": http_date(MODIFIED),
        "link": "<x>",
    }


def test_a_coding_has_its_own_length_and_entity_tag() -> None:
    given = ask(accept_encoding="gzip")
    assert fields(given)["content-encoding"] == "gzip"
    assert fields(given)["content-length"] == str(len(given.body))
    assert len({etag("identity"), etag("gzip"), etag("br")}) == 3


def test_a_matching_entity_tag_is_a_304_that_repeats_the_validators() -> None:
    given = ask(if_none_match=etag())
    assert (given.status, given.body) == (304, b"")
    assert list(fields(given)) == ["etag", "cache-control", "vary", "last-modified"]


def test_the_entity_tag_of_another_coding_does_not_match() -> None:
    assert ask(if_none_match=etag("gzip")).status == 200
    assert ask(if_none_match=etag("gzip"), accept_encoding="gzip").status == 304


@pytest.mark.parametrize(("since", "status"), [(MODIFIED, 304), (MODIFIED + 5, 304), (MODIFIED - 1, 200)])
def test_a_date_that_is_not_earlier_is_a_304(since: int, status: int) -> None:
    assert ask(if_modified_since=http_date(since)).status == status


def test_an_entity_tag_wins_over_a_date_even_where_it_does_not_match() -> None:
    assert ask(if_none_match='"other"', if_modified_since=http_date(MODIFIED)).status == 200
    assert ask(if_none_match=etag(), if_modified_since=http_date(0)).status == 304


def test_a_200_never_repeats_a_date_that_the_client_has_already() -> None:
    given = ask(if_none_match='"other"', if_modified_since=http_date(MODIFIED))
    assert "last-modified" not in fields(given)
    earlier = ask(if_none_match='"other"', if_modified_since=http_date(MODIFIED - 1))
    assert fields(earlier)["last-modified"] == http_date(MODIFIED)


def test_a_bad_date_is_ignored() -> None:
    assert ask(if_modified_since="a while ago").status == 200


def test_a_date_later_than_the_answer_s_own_is_left_out_and_matches_nothing() -> None:
    found = made(last_modified=NOW + 1)
    given = ask(found, if_modified_since=http_date(NOW + 10))
    assert given.status == 200
    assert "last-modified" not in fields(given)


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (10, "max-age=10, stale-while-revalidate=0, stale-if-error=0"),
        (400, "max-age=300, stale-while-revalidate=100, stale-if-error=100"),
        (-5, "max-age=0, stale-while-revalidate=0, stale-if-error=0"),
    ],
)
def test_no_cache_keeps_what_expires(left: int, expected: str) -> None:
    assert fields(ask(made(kept_until=NOW + left)))["cache-control"] == expected


def test_a_file_with_a_hash_in_its_name_is_kept_for_a_year() -> None:
    found = document("text/css", b"a{}", lifetime=Lifetime(max_age=31_536_000))
    given = ask(found)
    assert fields(given)["cache-control"] == "max-age=31536000, immutable"
    assert "last-modified" not in fields(given)


def test_small_answers_and_pictures_are_not_compressed() -> None:
    assert set(document("text/css", b"a{}", lifetime=Lifetime()).representations) == {"identity"}
    assert set(document("image/png", bytes(1000), lifetime=Lifetime()).representations) == {"identity"}


def test_a_coding_that_saves_nothing_is_left_out() -> None:
    noise = b"".join(sha256(bytes([number])).digest() for number in range(10))
    assert set(document("text/plain", noise, lifetime=Lifetime()).representations) == {"identity"}
