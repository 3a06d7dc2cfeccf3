from __future__ import annotations

import os
import signal
import socket
from typing import TYPE_CHECKING

import pytest
from serving import Command, is_running, until

from feedsvc.web import server

if TYPE_CHECKING:
    from pathlib import Path

has_ipv6 = pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")


def furnish(content: Path) -> Path:
    content.mkdir()
    (content / "a.md").write_text("---\ntitle: A title\ndate: 2026-01-01\n---\nA text.\n", encoding="utf-8")
    return content


def test_port_0_is_any_free_one() -> None:
    with server.listen("127.0.0.1", 0) as first, server.listen("127.0.0.1", 0) as second:
        assert first.getsockname()[1] != second.getsockname()[1]
        assert server.address(first) == f"http://127.0.0.1:{first.getsockname()[1]}/"


def test_a_listening_socket_is_handed_to_workers() -> None:
    with server.listen("127.0.0.1", 0) as listening:
        assert listening.get_inheritable()


def test_a_taken_port_is_told_in_words() -> None:
    with server.listen("127.0.0.1", 0) as taken, pytest.raises(server.ListenError) as caught:
        server.listen("127.0.0.1", taken.getsockname()[1])
    assert "Address already in use (choose another --host or --port)" in str(caught.value)


@pytest.mark.parametrize("host", ["no.such.host.invalid", "192.0.2.1", "a" * 300])
def test_a_host_that_is_not_ours_is_told_in_words(host: str) -> None:
    with pytest.raises(server.ListenError, match="cannot listen at"):
        server.listen(host, 0)


def test_every_address_is_opened_at_this_machine_s_own() -> None:
    with server.listen("0.0.0.0", 0) as listening:
        assert server.address(listening) == f"http://localhost:{listening.getsockname()[1]}/"


@has_ipv6
def test_an_ipv6_address_stands_in_brackets() -> None:
    with server.listen("::1", 0) as listening:
        assert server.address(listening) == f"http://[::1]:{listening.getsockname()[1]}/"


@pytest.mark.parametrize(("workers", "number"), [("1", signal.SIGTERM), ("1", signal.SIGINT), ("2", signal.SIGTERM)])
def test_a_signal_ends_it_in_good_order(tmp_path: Path, workers: str, number: signal.Signals) -> None:
    with Command(furnish(tmp_path / "content"), "--workers", workers).ready() as command:
        children = command.children()
        command.process.send_signal(number)
        assert command.ended() == 0
        until(lambda: not any(map(is_running, children)))
    assert "Traceback" not in command.output


def test_it_prints_the_addresses_at_which_it_really_listens(tmp_path: Path) -> None:
    with Command(furnish(tmp_path / "content"), port=0).ready() as command:
        address = f"http://127.0.0.1:{command.port}/"
        for name in ("", "rss.xml", "atom.xml", "feed.json"):
            assert f"  {address}{name}\n" in command.output
            assert command.ask(f"/{name}").status == 200


def test_it_does_not_start_at_a_taken_port(tmp_path: Path) -> None:
    with server.listen("127.0.0.1", 0) as taken:
        command = Command(furnish(tmp_path / "content"), port=taken.getsockname()[1])
        assert command.ended() == 3
    assert "feedsvc: cannot listen at 127.0.0.1" in command.output
    assert "Traceback" not in command.output


def test_a_worker_that_dies_is_replaced(tmp_path: Path) -> None:
    with Command(furnish(tmp_path / "content"), "--workers", "2").ready() as command:
        etag = command.ask("/rss.xml")["etag"]
        before = set(command.workers())
        for worker in before:
            os.kill(worker, signal.SIGKILL)
        until(lambda: len(set(command.workers()) - before) == 2)
        until(lambda: all(command.answers("/rss.xml") == etag for _ in range(8)))


def test_without_content_it_serves_what_another_process_syncs(tmp_path: Path) -> None:
    content, database = furnish(tmp_path / "content"), str(tmp_path / "catalog.db")
    fixed = ("--database", database, "--base-url", "https://lantern.example/")
    with Command(content, *fixed).ready() as first, Command(None, *fixed).ready() as second:
        assert second.children() == []
        assert first.ask("/rss.xml")["etag"] == second.ask("/rss.xml")["etag"]
        (content / "b.md").write_text("---\ntitle: B\ndate: 2026-01-02\n---\nB.\n", encoding="utf-8")
        until(lambda: b"<title>B</title>" in second.ask("/rss.xml").body)


# As on Windows, where there are no wheels of either.
WITHOUT = "import sys\nsys.modules['httptools'] = sys.modules['uvloop'] = None\n"


@pytest.mark.parametrize("workers", ["2"])
def test_without_the_faster_parser_and_loop_all_answers_are_the_same(tmp_path: Path, workers: str) -> None:
    content, places = furnish(tmp_path / "content"), tmp_path / "places"
    places.mkdir()
    (places / "sitecustomize.py").write_text(WITHOUT, encoding="utf-8")
    paths = ("/rss.xml", "/atom.xml", "/feed.json", "/", "/nothing")
    options = ("--database", str(tmp_path / "catalog.db"), "--base-url", "https://example.org/", "--workers", workers)
    found = []
    for search in (os.defpath, str(places)):
        with Command(content, *options, env={"PYTHONPATH": search}) as command:
            command.ready()
            replies = [command.ask(path) for path in paths]
            replies += [
                command.ask(path, {"If-None-Match": reply["etag"]})
                for path, reply in zip(paths, replies, strict=True)
                if reply.status == 200
            ]
            found.append([(reply.status, reply.lasting, reply.body) for reply in replies])
            assert not command.output.count("Traceback")
    assert found[0] == found[1]
    assert [status for status, *_ in found[0]] == [200, 200, 200, 200, 404, 304, 304, 304, 304]
