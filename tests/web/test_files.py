"""Large files over real connections, and what becomes of those who leave."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from serving import Service

from feedsvc.web.files import send_part

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from house import House

BODY = bytes(range(256)) * 4 * 6000
PATH = "/media/a.mp3"


@pytest.fixture
def service(house: House) -> Iterator[Service]:
    (house.content / "a.mp3").write_bytes(BODY)
    (house.content / "small.mp3").write_bytes(BODY[:1000])
    house.sync()
    running = Service(house)
    yield running
    running.stop()


def test_a_large_file_is_served_from_the_folder(service: Service) -> None:
    reply = service.ask(PATH)
    assert (reply.status, reply.body == BODY) == (200, True)
    assert reply["content-length"] == str(len(BODY))
    assert (reply["content-type"], reply["accept-ranges"]) == ("audio/mpeg", "bytes")
    assert service.ask(PATH, {"If-None-Match": reply["etag"]}).status == 304


@pytest.mark.parametrize("path", [PATH, "/media/small.mp3"])
def test_a_player_gets_the_part_it_asks_for(service: Service, path: str) -> None:
    whole = service.ask(path)
    reply = service.ask(path, {"Range": "bytes=100-299", "If-Range": whole["etag"]})
    assert (reply.status, reply.body == BODY[100:300]) == (206, True)
    assert reply["content-range"] == f"bytes 100-299/{len(whole.body)}"
    assert reply["content-length"] == "200"


@pytest.mark.parametrize("path", [PATH, "/media/small.mp3"])
def test_past_the_end_there_is_nothing(service: Service, path: str) -> None:
    length = service.ask(path)["content-length"]
    reply = service.ask(path, {"Range": f"bytes={length}-"})
    assert (reply.status, reply["content-range"], reply.body) == (416, f"bytes */{length}", b"")


def test_the_head_of_a_large_file_is_that_of_the_whole(service: Service) -> None:
    reply = service.ask(PATH, {"Range": "bytes=0-1"}, method="HEAD")
    assert (reply.status, reply["content-length"], reply.body) == (200, str(len(BODY)), b"")


def test_a_file_that_is_being_replaced_is_not_there_until_it_was_read(service: Service) -> None:
    (service.house.content / "a.mp3").write_bytes(BODY[::-1])
    reply = service.ask(PATH)
    assert (reply.status, reply["cache-control"]) == (503, "no-store")
    service.sync()
    assert service.ask(PATH).body == BODY[::-1]


def test_a_touched_file_is_served_as_soon_as_that_was_seen(service: Service) -> None:
    assert service.ask(PATH).status == 200
    (service.house.content / "a.mp3").touch()
    service.house.sync_after()
    assert service.ask(PATH).status == 200


def test_a_file_that_ends_too_soon_breaks_the_answer_off(tmp_path: Path) -> None:
    assert sent(tmp_path, b"12345", range(10)) == [(b"12345", True)]


def test_who_leaves_is_sent_no_more(tmp_path: Path) -> None:
    assert sent(tmp_path, b"12345", range(5), "http.request", "http.disconnect") == []


def sent(folder: Path, body: bytes, part: range, *messages: str) -> list[tuple[bytes, bool]]:
    """What is sent of a file to a client that sends these messages at once, and then nothing more."""
    found: list[tuple[bytes, bool]] = []
    (folder / "file").write_bytes(body)

    async def exchange() -> None:
        coming = [{"type": message} for message in messages]

        async def receive() -> Any:
            return coming.pop(0) if coming else await asyncio.Event().wait()

        async def send(message: Any) -> None:
            found.append((message["body"], message["more_body"]))

        await send_part((folder / "file").open("rb"), part, receive, send)

    asyncio.run(exchange())
    return found
