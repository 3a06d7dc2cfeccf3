"""The command line as a person meets it: in processes of its own, on real folders."""

from __future__ import annotations

import json
import os
import re
import socket
import tempfile
from hashlib import sha256
from pathlib import Path

import pytest
from command import feedsvc, running, serving, until, write

from feedsvc import __version__
from feedsvc.catalog import Catalog


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    folder.mkdir()
    return folder


def is_listed(answer: str, *words: str) -> bool:
    return all(word in answer for word in words)


def test_without_arguments_it_shows_help_and_is_done() -> None:
    answer = feedsvc()
    assert (answer.returncode, answer.stderr) == (0, "")
    assert re.findall(r"^  ([a-z]+)  ", answer.stdout, flags=re.MULTILINE) == [
        "init",
        "new",
        "check",
        "serve",
        "sync",
        "config",
        "theme",
        "catalog",
        "token",
    ]
    assert not re.search(r"[a-z]\.\.\.$", answer.stdout, flags=re.MULTILINE)


def test_the_version_is_the_package_s() -> None:
    assert feedsvc("--version").stdout == f"feedsvc {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["bogus"], "No such command 'bogus'"),
        (["serve", "--bogus"], "No such option '--bogus'"),
        (["serve", "--port", "abc"], "'abc' is not a valid integer"),
        (["serve", "--port", "70000"], "--port: 70000 is not a whole number"),
        (["check", "nowhere"], "'nowhere' does not exist"),
        (["serve", "nowhere"], "'nowhere' does not exist"),
        (["check", __file__], "is a file"),
        (["init"], "Missing argument 'FOLDER'"),
        (["new", " "], "write a title, on one line"),
        (["new", "a\nb"], "write a title, on one line"),
    ],
)
def test_wrong_usage_is_told_and_exits_2(content: Path, arguments: list[str], said: str) -> None:
    answer = feedsvc(*arguments, cwd=content)
    assert answer.returncode == 2
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr
    assert list(content.iterdir()) == []


@pytest.mark.parametrize("command", ["check", "serve", "sync", "config"])
def test_wrong_settings_are_told_and_exit_2(content: Path, command: str) -> None:
    (content / "feedsvc.toml").write_text("port = 0\nentries = 0\ntitel = 1\n", encoding="utf-8")
    answer = feedsvc(command, "content", cwd=content.parent)
    assert answer.returncode == 2
    assert is_listed(answer.stderr, "content/feedsvc.toml:2:11: entries: ", "\ncontent/feedsvc.toml:3:1: titel ")
    assert "Traceback" not in answer.stderr


def test_debug_adds_a_traceback_and_changes_no_exit_code(content: Path) -> None:
    (content / "feedsvc.toml").write_text("entries = 0", encoding="utf-8")
    answer = feedsvc("--debug", "check", content)
    assert answer.returncode == 2
    assert is_listed(answer.stderr, "Traceback (most recent call last)", "entries: 0 is not a whole number")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["serve", ".", "--database", "none/x.db"], "none/x.db: the catalog cannot be used: unable to open"),
        (["serve", "--database", "none.db"], "none.db: there is no catalog (feedsvc sync CONTENT makes one)"),
        (["serve", "--database", "memory"], "memory: there is no catalog"),
        (["serve", ".", "--database", "pg://x"], "pg://x: not a database that feedsvc knows"),
        (["serve", ".", "--host", "no such host"], "cannot listen at no such host port 8000: "),
        (["sync", ".", "--database", "memory"], ".: its catalog would end with this command"),
        (["init", "/proc/site"], "/proc/site: cannot be written: "),
    ],
)
def test_what_cannot_start_says_why_and_exits_3(content: Path, arguments: list[str], said: str) -> None:
    answer = feedsvc(*arguments, cwd=content)
    assert answer.returncode == 3
    assert answer.stderr.startswith(f"feedsvc: {said}")
    assert answer.stderr.count("\n") == 1


def test_a_mistake_in_the_program_is_told_in_one_line(content: Path) -> None:
    where = content / "sitecustomize.py"
    where.write_text("import feedsvc.scaffold\nfeedsvc.scaffold.init = lambda *_: 1 / 0\n", encoding="utf-8")
    path = os.pathsep.join([str(content), str(Path(__file__).parent.parent)])
    answer = feedsvc("init", content / "site", PYTHONPATH=path)
    assert answer.returncode == 3
    assert answer.stderr.startswith("feedsvc: a mistake in the program: ZeroDivisionError")
    assert "Traceback" in feedsvc("--debug", "init", content / "site", PYTHONPATH=path).stderr


def test_a_port_in_use_is_told_and_exits_3(content: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = feedsvc("serve", content, "--port", port)
    assert answer.returncode == 3
    assert f"cannot listen at 127.0.0.1 port {port}: Address already in use (choose another" in answer.stderr


def test_init_twice_overwrites_nothing_and_its_site_passes_check_and_is_served(tmp_path: Path) -> None:
    first = feedsvc("init", "a site", cwd=tmp_path)
    assert is_listed(first.stdout, "wrote a site/feedsvc.toml\n", "\n  feedsvc serve 'a site'\n")
    before = {path: path.read_bytes() for path in (tmp_path / "a site").iterdir()}
    second = feedsvc("init", "a site", cwd=tmp_path)
    assert (first.returncode, second.returncode) == (0, 0)
    assert "they were left as they are" in second.stdout
    assert {path: path.read_bytes() for path in (tmp_path / "a site").iterdir()} == before
    checked = feedsvc("check", "a site", cwd=tmp_path)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "1 article, no errors\n", "")
    with serving(tmp_path / "a site") as site:
        until(lambda: "The first article" in site.get("atom.xml"))


def test_init_leaves_the_settings_of_a_folder_alone(content: Path) -> None:
    (content / "feedsvc.toml").write_text('title = "Mine"', encoding="utf-8")
    answer = feedsvc("init", content)
    assert answer.stdout.startswith(f"wrote {content / 'the-first-article.md'}\n\nNext:")
    assert (content / "feedsvc.toml").read_text(encoding="utf-8") == 'title = "Mine"'


def test_a_new_draft_has_an_id_and_is_no_article_until_its_line_is_removed(content: Path) -> None:
    (content / "feedsvc.toml").write_text('id_authority = "lantern.example"', encoding="utf-8")
    answer = feedsvc("new", 'Fish: "fresh" 🐟', cwd=content)
    assert (answer.returncode, answer.stderr) == (0, "")
    path = content / "fish-fresh-🐟.md"
    assert answer.stdout.startswith(f"wrote {path.name}; ")
    written = path.read_text(encoding="utf-8")
    assert is_listed(written, "id: tag:lantern.example,", 'title: "Fish: \\"fresh\\" 🐟"\n', "draft: true\n")
    assert feedsvc("check", content).stdout.endswith("\n0 articles, no errors; 1 file left out\n")
    path.write_text(written.replace("draft: true\n", ""), encoding="utf-8")
    assert feedsvc("check", content).stdout == "1 article, no errors\n"


def test_a_new_draft_does_not_replace_another(content: Path) -> None:
    write(content / "a-title.md", "Mine")
    before = (content / "a-title.md").read_bytes()
    answer = feedsvc("new", "A title", "--content", content)
    assert answer.returncode == 3
    assert "a-title.md: is there already (choose another title, or edit it)" in answer.stderr
    assert (content / "a-title.md").read_bytes() == before


def test_an_id_under_localhost_is_warned_of(content: Path) -> None:
    assert "set id_authority in feedsvc.toml" in feedsvc("new", "A title", "--content", content).stderr


HEAD = b"---\ntitle: A title\ndate: 2026-01-01\n---\n"
BOMB = b"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"
BAD = {
    "bomb.md": (HEAD[:-4] + BOMB + b"---\n", "bomb.md:4:4: "),
    "control.md": (HEAD + b"Words\x08\n", "control.md:5:6: "),
    "dateless.md": (b"---\ntitle: A title\n---\n", "dateless.md:1:1: date is missing"),
    "large.md": (HEAD + b"x" * 17_000_000, "large.md:1:1: is larger than 16 MiB"),
    "open.md": (b"---\ntitle: A title\ndate: 2026-01-01\n\nWords\n", "open.md:1:1: "),
    "surrogate.md": (b'---\ntitle: "a\\ud800"\ndate: 2026-01-01\n---\n', "surrogate.md:2:"),
    "twice-b.md": (HEAD[:-4] + b"id: tag:a.example,2026:a\n---\n", "twice-b.md"),
    "undecodable.md": (HEAD + b"Words \xff\n", "undecodable.md"),
}


def test_check_tells_all_that_is_wrong_at_once_with_place_and_cure(content: Path) -> None:
    for name, (body, _) in BAD.items():
        (content / name).write_bytes(body)
    (content / "twice-a.md").write_bytes(BAD["twice-b.md"][0])
    write(content / "good.md")
    answer = feedsvc("check", "content", cwd=content.parent)
    assert answer.returncode == 1
    *told, empty, counts = (line for line in answer.stdout.splitlines() if not line.startswith(" "))
    for _, start in BAD.values():
        assert any(line.startswith(f"content/{start}") for line in told), start
    assert all(re.search(r" \(\S.*\)$", line) for line in told)
    assert (empty, counts) == ("", f"3 articles, {len(told) - 1} errors and 1 warning in {len(BAD)} files")
    assert answer.stderr == ""


def test_check_counts_a_single_error_in_the_singular_and_writes_nothing(content: Path) -> None:
    write(content / "a.md", date="soon")
    answer = feedsvc("check", cwd=content)
    assert answer.stdout.startswith("a.md:3:7: date: 'soon' is not a date (")
    assert answer.stdout.endswith("\n\n0 articles, 1 error in 1 file\n")
    assert [path.name for path in content.iterdir()] == ["a.md"]


def test_check_says_what_it_left_out_and_why(content: Path) -> None:
    write(content / "good.md")
    write(content / "hidden.md", more="draft: yes\n")
    (content / "README.md").write_text("Read me.")
    (content / "_drafts").mkdir()
    for number in range(12):
        (content / "_drafts" / f"{number:02}.md").write_text("Text.")
    answer = feedsvc("check", cwd=content)
    assert answer.returncode == 0
    drafts = ", ".join(f"_drafts/{number:02}.md" for number in range(10))
    assert answer.stdout.splitlines() == [
        "left out, a README: README.md",
        f"left out, a draft: {drafts}, and 3 more",
        "",
        "1 article, no errors; 14 files left out",
    ]


def test_check_speaks_to_programs(content: Path) -> None:
    write(content / "good.md", more="link: x\n")
    write(content / "bad, really.md", date="soon")
    (content / "README.md").write_text("Read me.")
    answer = feedsvc("check", "--format", "json", cwd=content)
    found = json.loads(answer.stdout)
    assert answer.returncode == 1
    assert [(each["file"], each["line"], each["column"], each["severity"]) for each in found["findings"]] == [
        ("bad, really.md", 3, 7, "error"),
        ("good.md", 4, 7, "warning"),
    ]
    assert found["findings"][0]["cure"].startswith("write one such as 2020-05-20")
    assert found["findings"][0]["text"] == "date: soon"
    assert (found["left_out"], found["articles"]) == ([{"file": "README.md", "reason": "a README"}], 1)
    first, second, counts = feedsvc("check", "--format", "github", cwd=content).stdout.splitlines()
    assert first.startswith("::error file=bad%2C really.md,line=3,col=7::date: 'soon' is not a date (write one such")
    assert second.startswith("::warning file=good.md,line=4,col=7::link: 'x' is not an absolute http or https URL (")
    assert counts == "1 article, 1 error and 1 warning in 2 files; 1 file left out"


def test_warnings_alone_are_no_failure(content: Path) -> None:
    write(content / "good.md", more="link: x\n")
    assert feedsvc("check", cwd=content).returncode == 0
    assert feedsvc("sync", content).returncode == 0


def test_sync_once_tells_the_errors_every_time(content: Path) -> None:
    write(content / "good.md")
    write(content / "bad.md", date="soon")
    first, second = feedsvc("sync", content), feedsvc("sync", content)
    assert (first.returncode, second.returncode) == (1, 1)
    assert f"{content / 'bad.md'}:3:7: date: " in first.stderr
    assert "revision 1 at " in first.stderr
    assert f"{content / 'bad.md'}:3:7: date: " in second.stderr
    assert "nothing that is published has changed" in second.stderr


def test_what_a_sync_takes_back_is_named(content: Path) -> None:
    write(content / "a.md", "Old", more="slug: old\n")
    write(content / "b.md", "Other")
    assert "moved" not in feedsvc("sync", content).stderr
    write(content / "a.md", "New", more="slug: new\n")
    (content / "b.md").unlink()
    done = feedsvc("sync", content)
    assert re.search(r"revision \d+ at \S+ UTC; taken back or moved: b, new, old$", done.stderr, re.MULTILINE)


def test_what_one_command_syncs_another_serves(content: Path) -> None:
    write(content / "a.md", "From afar")
    place = content.parent / "catalog.db"
    assert feedsvc("sync", content, "--database", place, "--base-url", "https://lantern.example/").returncode == 0
    with running(content, "serve", "--port", 0, "--database", place) as site:
        until(lambda: "From afar" in site.get("atom.xml"))
        assert "https://lantern.example/articles/a" in site.get("atom.xml")
        assert "  open       https://lantern.example/\n" in site.out.read_text(encoding="utf-8")
        assert site.syncs() == set()


def test_a_catalog_that_nobody_has_filled_yet_is_waited_for(content: Path) -> None:
    place = content.parent / "catalog.db"
    Catalog(str(place)).close()
    write(content / "a.md", "At last")
    with running(content, "serve", "--port", 0, "--database", place) as site:
        until(lambda: site.get("readyz") == "503")
        feedsvc("sync", content, "--database", place)
        until(lambda: "At last" in site.get("atom.xml"))


def test_an_empty_folder_is_served_and_its_first_article_appears(content: Path) -> None:
    with serving(content) as site:
        assert until(lambda: "<entry>" not in site.get("atom.xml") and "</feed>" in site.get("atom.xml"))
        write(content / "a.md", "The first")
        until(lambda: "The first" in site.get("atom.xml"))


def test_serve_says_where_it_listens_what_to_open_and_where_the_catalog_is(content: Path) -> None:
    arguments = ("serve", content, "--port", 0, "--base-url", "https://lantern.example/news")
    with running(content, *arguments) as site:
        said = until(lambda: "Ctrl-C" in site.out.read_text() and site.out.read_text())
        until(lambda: site.get("healthz") != "503")
    assert re.search(r"^  listens at http://127\.0\.0\.1:\d+/$", said, flags=re.MULTILINE)
    assert is_listed(said, "https://lantern.example/news/\n", "https://lantern.example/news/feed.json\n")
    assert f"catalog    {content / '.feedsvc' / 'catalog.db'}\n" in said


def test_where_no_disk_can_be_written_it_serves_from_memory_and_edits_appear(content: Path) -> None:
    write(content / "a.md", "On a disk that only reads")
    (content / ".feedsvc").touch()
    digest = sha256(os.fsencode(content.resolve())).hexdigest()[:12]
    temporary = content.with_name("temporary")
    temporary.mkdir()
    (temporary / f"feedsvc-{os.getuid()}-{digest}").touch()
    with serving(content, "--workers", 2, TMPDIR=str(temporary)) as site:
        until(lambda: "On a disk that only reads" in site.get("atom.xml"))
        assert "catalog    in the memory of one process" in site.out.read_text(encoding="utf-8")
        write(content / "a.md", "Edited")
        until(lambda: "Edited" in site.get("atom.xml"))
        assert site.children() == {}
        assert site.end() == 0
    assert len(list(temporary.iterdir())) == 1


def test_a_temporary_folder_takes_the_catalog_where_the_content_cannot(content: Path) -> None:
    write(content / "a.md", "Kept elsewhere")
    (content / ".feedsvc").touch()
    with tempfile.TemporaryDirectory() as temporary, serving(content, TMPDIR=temporary) as site:
        until(lambda: "Kept elsewhere" in site.get("atom.xml"))
        assert f"catalog    {temporary}/feedsvc-" in site.out.read_text(encoding="utf-8")
        site.end()


def test_a_content_folder_of_any_name_can_be_served(tmp_path: Path) -> None:
    folder = tmp_path / "-a 'quoted' folder"
    write(folder / "a.md", "In there")
    with running(folder, "serve", "--port", 0, "--", folder) as site:
        until(lambda: "In there" in site.get("atom.xml"))


def test_python_files_among_the_content_are_not_run(content: Path) -> None:
    write(content / "a.md", "Harmless")
    (content / "yaml.py").write_text("raise SystemExit('taken over')", encoding="utf-8")
    script = content.with_name("feedsvc")
    script.write_text("from feedsvc.cli import main\nmain()\n", encoding="utf-8")
    with serving(content, cwd=content, script=script) as site:
        until(lambda: "Harmless" in site.get("atom.xml"))


def test_readyz_tells_of_settings_that_broke_meanwhile(content: Path) -> None:
    write(content / "a.md", "Still there")
    with serving(content) as site:
        until(lambda: "Still there" in site.get("atom.xml"))
        (content / "feedsvc.toml").write_text("entries = 0", encoding="utf-8")
        until(lambda: "entries: 0 is not a whole number" in site.get("readyz"))
        assert "Still there" in site.get("atom.xml")


def test_check_warns_of_what_stands_only_in_the_catalog(content: Path) -> None:
    write(content / "a.md")
    assert feedsvc("sync", content).returncode == 0
    (content / "a.md").rename(content / "b.md")
    assert feedsvc("sync", content).returncode == 0
    (content / "gone.md").touch()
    answer = feedsvc("check", cwd=content)
    assert "b.md:1:1: warning: id: tag:localhost,2026-01-01:a stands only in the catalog" in answer.stdout
    assert "into the record, or delete the catalog where nobody has subscribed yet)" in answer.stdout
    (content / "gone.md").unlink()
    (content / "b.md").unlink()
    assert feedsvc("sync", content).returncode == 0
    answer = feedsvc("check", cwd=content)
    assert ".feedsvc/catalog.db alone knows of 1 article taken back" in answer.stderr


def test_check_says_of_a_catalog_that_cannot_be_read_and_goes_on(content: Path, tmp_path: Path) -> None:
    write(content / "a.md")
    (tmp_path / "x.db").write_text("no database")
    answer = feedsvc("check", "--database", tmp_path / "x.db", cwd=content)
    assert (answer.returncode, answer.stdout) == (0, "1 article, no errors\n")
    assert "x.db: the catalog cannot be used" in answer.stderr
    answer = feedsvc("check", "--database", tmp_path / "none.db", cwd=content)
    assert answer.stderr.endswith("none.db: there is no catalog (feedsvc sync CONTENT makes one)\n")
    assert not (tmp_path / "none.db").exists()
