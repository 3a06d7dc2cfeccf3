from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from command import feedsvc, write
from serving import Service, exchange, until
from test_log_lines import BARE, COMBINED, HIT, TOKEN

from feedsvc.config import Server
from feedsvc.errors import FeedsvcError
from feedsvc.web import access_log
from feedsvc.web.access_log import AccessLog, check
from feedsvc.web.conduct import Conduct

if TYPE_CHECKING:
    from collections.abc import Iterator

    from house import House

full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")


@pytest.fixture
def service(house: House, tmp_path: Path) -> Iterator[Service]:
    house.write("a.md", text="Words. " * 100)
    house.sync()
    made = Service(house, Server(access_log=str(tmp_path / "log"), access_log_format="json"))
    yield made
    made.stop()


def lines(path: Path, count: int) -> list[dict[str, Any]]:
    """The objects of a log, once there are so many."""
    found = until(lambda: path.exists() and len(read := path.read_text().splitlines()) >= count and read)
    assert len(found) == count
    return [json.loads(line) for line in found]


# Over HTTP


def test_every_answer_is_noted_with_what_was_sent(service: Service, tmp_path: Path) -> None:
    asked = [("GET", "/rss.xml?a=b"), ("HEAD", "/rss.xml"), ("GET", "/nothing"), ("POST", "/rss.xml"), ("OPTIONS", "/")]
    agent = {"User-Agent": "test/1", "Referer": "https://example.org/"}
    replies = [service.ask(path, agent, method=method) for method, path in asked]
    exchange(service.port, b"GET /rss.xml HTTP/1.1\r\nConnection: close\r\n\r\n")
    *found, bare = lines(tmp_path / "log", 6)
    assert [(each["method"], each["target"]) for each in found] == asked
    assert [(each["status"], each["bytes"]) for each in found] == [(each.status, len(each.body)) for each in replies]
    assert {each["client"] for each in found} == {"127.0.0.1"}
    assert {(each["user_agent"], each["referrer"]) for each in found} == {("test/1", "https://example.org/")}
    assert (bare["status"], bare["user_agent"]) == (400, None)


def test_behind_a_proxy_the_client_is_noted(service: Service, tmp_path: Path) -> None:
    service.ask("/rss.xml", {"X-Forwarded-For": "198.51.100.1, 192.0.2.1"})
    assert [each["client"] for each in lines(tmp_path / "log", 1)] == ["192.0.2.1"]


def test_no_secret_is_noted(service: Service, tmp_path: Path) -> None:
    secrets = {
        "Authorization": f"Bearer {TOKEN}",
        "Cookie": TOKEN,
        "Referer": f"https://lantern.example/private/{TOKEN}/",
    }
    service.ask(f"/private/{TOKEN}/rss.xml", secrets)
    (found,) = lines(tmp_path / "log", 1)
    assert (found["target"], found["referrer"]) == ("/private/…", "https://lantern.example/private/…")
    assert TOKEN not in (tmp_path / "log").read_text()


def test_a_mistake_of_ours_is_noted_as_one(service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_self: object, _path: str) -> str:
        raise RuntimeError

    monkeypatch.setattr("feedsvc.web.service.Service._path", fail)
    assert service.ask("/rss.xml").status == 500
    assert [each["status"] for each in lines(tmp_path / "log", 1)] == [500]


# Files


def test_a_log_is_whole_when_it_is_closed(tmp_path: Path) -> None:
    log = AccessLog(str(tmp_path / "log"), "combined")
    for _ in range(1000):
        log.note(HIT)
    log.close()
    assert [bool(COMBINED.fullmatch(line)) for line in (tmp_path / "log").read_text().splitlines(True)] == [True] * 1000
    assert log.troubles == ()


def test_nothing_is_made_where_nothing_was_asked(tmp_path: Path) -> None:
    AccessLog(str(tmp_path / "log"), "combined").close()
    assert not (tmp_path / "log").exists()


def test_a_log_that_is_renamed_is_opened_anew_when_it_is_told_to(tmp_path: Path) -> None:
    path, old = tmp_path / "log", tmp_path / "log.1"
    log = AccessLog(str(path), "combined")
    log.note(HIT)
    until(path.exists)
    path.rename(old)
    log.note(BARE)
    log.reopen()
    until(lambda: old.read_text().count("\n") == 2)
    log.note(HIT)
    log.close()
    assert path.read_text().count("\n") == 1
    assert old.read_text().count("\n") == 2


def test_a_log_that_is_copied_and_emptied_goes_on_at_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "log"
    log = AccessLog(str(path), "combined")
    log.note(HIT)
    until(lambda: path.exists() and path.stat().st_size)
    shutil.copy(path, tmp_path / "log.1")
    os.truncate(path, 0)
    log.note(BARE)
    log.close()
    assert path.read_bytes().startswith(b"- - - [")


def test_what_cannot_be_written_is_lost_and_told_once_and_what_comes_later_is_not(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "folder"
    log = AccessLog(str(folder / "log"), "combined")
    for _ in range(3):
        log.note(HIT)
        until(lambda: not log._lines)
    assert [trouble.what for trouble in log.troubles] == [
        f"the access log {folder}/log cannot be written: No such file or directory"
    ]
    folder.mkdir()
    log.note(HIT)
    log.close()
    assert log.troubles == ()
    assert (folder / "log").read_text().count("\n") == 1
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 2
    assert said[0].endswith("cannot be written: No such file or directory; requests are answered all the same")
    assert said[1].endswith("can be written again; it lacks 3 requests")


@full
def test_a_full_disk_costs_no_request(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.write("a.md")
    house.sync()
    service = Service(house, Server(access_log="/dev/full"))
    until(lambda: service.ask("/rss.xml").status == 200 and b"No space left on device" in service.ask("/readyz").body)
    assert service.ask("/readyz").status == 200
    service.stop()
    assert len([record for record in caplog.records if "No space left" in record.getMessage()]) == 1


def test_where_a_line_was_torn_the_next_one_stands_alone(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text("half a li")
    log = AccessLog(str(path), "combined")
    log._is_torn = True
    log.note(HIT)
    log.close()
    assert path.read_text().startswith("half a li\n192.0.2.1 ")


def test_a_pipe_that_nobody_reads_holds_up_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access_log, "MOST", 200_000)
    os.mkfifo(tmp_path / "pipe")
    log = AccessLog(str(tmp_path / "pipe"), "combined")
    for _ in range(5000):
        log.note(HIT)
    assert ["lines come faster than they are taken" in trouble.what for trouble in log.troubles] == [True]
    with (tmp_path / "pipe").open() as reader:
        reader.readline()
        threading.Timer(0.1, log.close).start()
        read = 1 + len(reader.readlines())
    assert read + log._lost <= 5000
    assert log.troubles == ()


WRITER = """
import sys
from feedsvc.web import access_log
sys.path.insert(0, sys.argv[2])
from test_log_lines import HIT
access_log.MANY = 10_000
log = access_log.AccessLog(sys.argv[1], "combined")
for number in range(3000):
    log.note(HIT._replace(user_agent=b"a" * (number % 900)))
log.close(patience=60)
"""


@pytest.mark.parametrize("is_pipe", [False, True])
def test_several_processes_tear_no_line(tmp_path: Path, is_pipe: bool) -> None:  # noqa: FBT001 - a case of two
    path = tmp_path / "log"
    command = [sys.executable, "-c", WRITER, "-" if is_pipe else str(path), str(Path(__file__).parent)]
    with path.open("wb") as out:
        # `cat` stands between, so that standard output is a pipe.
        reader = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=out) if is_pipe else None
        stdout = reader.stdin if reader else None
        writers = [subprocess.Popen(command, stdout=stdout) for _ in range(3)]
        assert [writer.wait() for writer in writers] == [0, 0, 0]
        if reader and reader.stdin:
            reader.stdin.close()
            reader.wait()
    found = path.read_text().splitlines(keepends=True)
    assert len(found) == 9000
    assert all(map(COMBINED.fullmatch, found))


def test_a_log_that_can_never_be_written_is_told_at_the_start(tmp_path: Path) -> None:
    write(tmp_path / "content" / "a.md")
    place = str(tmp_path / "nowhere" / "log")
    answer = feedsvc("serve", tmp_path / "content", "--port", 0, FEEDSVC_ACCESS_LOG=place)
    assert answer.returncode == 3
    assert f"feedsvc: the access log {place} cannot be written: No such file or directory" in answer.stderr


def test_what_is_tried_at_the_start_is_whether_a_file_can_be_written(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    check("-")
    check(str(tmp_path / "pipe"))
    check(str(tmp_path / "log"))
    assert (tmp_path / "log").read_bytes() == b""
    with pytest.raises(FeedsvcError, match="Is a directory"):
        check(str(tmp_path))


def test_without_a_log_there_is_none_to_open_anew() -> None:
    conduct = Conduct(Server())
    conduct.reopen()
    conduct.close()
    assert conduct.log is None
    assert conduct.troubles == ()
