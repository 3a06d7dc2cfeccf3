"""A theme while it serves: a real server, a folder that changes, and a replica that has only the database."""

from __future__ import annotations

import re
import shutil
import time
from typing import TYPE_CHECKING

from command import feedsvc
from serving import CONTENT, Command, ask, until

if TYPE_CHECKING:
    from pathlib import Path


def test_a_change_is_seen_soon_a_mistake_takes_nothing_down_and_a_replica_shows_the_same(tmp_path: Path) -> None:
    content, place = tmp_path / "content", str(tmp_path / "catalog.db")
    shutil.copytree(CONTENT, content, ignore=shutil.ignore_patterns(".feedsvc"))
    template = content / "theme" / "templates" / "list.html"
    template.parent.mkdir(parents=True)
    base = ("--base-url", "http://127.0.0.1/")
    with Command(content, "--database", place, *base) as served:
        served.ready()
        assert b'class="teaser' in ask(served.port, "/").body
        began = time.monotonic()
        template.write_text("Ahoy {{ view.heading }}", encoding="utf-8")
        until(lambda: ask(served.port, "/").body == b"Ahoy The Latchkey")
        assert time.monotonic() - began < 10  # a second, where nothing else runs
        with Command(None, "--database", place) as replica:
            replica.ready()
            assert ask(replica.port, "/").body == b"Ahoy The Latchkey"
        template.write_text("\n{% if %}", encoding="utf-8")
        until(lambda: b'class="teaser' in ask(served.port, "/").body)
        until(lambda: any("list.html:2:1: Expected an expression" in line for line in served.said))
        template.write_text("\n{{ view.nothing }}", encoding="utf-8")
        until(lambda: any("list.html:2:9: there is no nothing in it" in line for line in served.said))
        reply = ask(served.port, "/")
        assert (reply.status, reply.has("set-cookie")) == (200, False)
        (style,) = re.findall(rb'href="(/static/site[^"]+)"', reply.body)
        assert ask(served.port, style.decode())["cache-control"].startswith("max-age=31536000")


def test_check_tells_of_both_kinds_of_mistakes(tmp_path: Path) -> None:
    templates = tmp_path / "theme" / "templates"
    templates.mkdir(parents=True)
    (tmp_path / "a.md").write_text("---\ntitle: A\ndate: 2026-01-01\n---\n\nText.\n", encoding="utf-8")
    (templates / "list.html").write_text("{% if %}", encoding="utf-8")
    (templates / "article.html").write_text("{{ view.nothing }}", encoding="utf-8")
    done = feedsvc("check", tmp_path)
    assert done.returncode == 1
    assert "theme/templates/list.html:1:1: Expected an expression" in done.stdout
    assert "theme/templates/article.html:1:9: there is no nothing in it" in done.stdout
    assert done.stderr == ""


def test_check_tells_each_mistake_once(tmp_path: Path) -> None:
    (tmp_path / "theme" / "templates").mkdir(parents=True)
    (tmp_path / "a.md").write_text("---\ntitle: A\ndate: 2026-01-01\n---\n\nText.\n", encoding="utf-8")
    (tmp_path / "theme" / "templates" / "article.html").write_text("Ahoy {{ quokka }}", encoding="utf-8")
    done = feedsvc("check", tmp_path)
    assert done.stdout.count("article.html:1:9") == 1
    assert "1 error in 1 file" in done.stdout


def test_the_command_lists_and_copies_and_overwrites_nothing(tmp_path: Path) -> None:
    assert re.search(r"^list\.html +-$", feedsvc("theme", "--content", tmp_path).stdout, re.MULTILINE)
    path = tmp_path / "theme" / "templates" / "list.html"
    assert str(path) in feedsvc("theme", "list.html", "site.css", "--content", tmp_path).stdout
    assert path.is_file()
    assert (tmp_path / "theme" / "static" / "site.css").is_file()
    path.write_text("mine", encoding="utf-8")
    assert feedsvc("theme", "list.html", "--content", tmp_path).returncode == 3
    assert path.read_text("utf-8") == "mine"
    assert str(path) in feedsvc("theme", "--content", tmp_path).stdout
    assert feedsvc("theme", "list.html", "--force", "--content", tmp_path).returncode == 0
    assert path.read_text("utf-8") != "mine"
    assert feedsvc("theme", "headlines.html", "--content", tmp_path).returncode == 2
