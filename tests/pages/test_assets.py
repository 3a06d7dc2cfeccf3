"""Our own static files."""

from __future__ import annotations

import re
from hashlib import sha256

from feedsvc.config.colours import OURS
from feedsvc.pages import STATIC, script_name, style_name
from feedsvc.pages.assets import hashed
from feedsvc.pages.looks import DERIVED, VARIABLES


def test_a_name_tells_the_bytes_behind_it() -> None:
    for name, (_, body) in STATIC.items():
        assert name.split(".")[-2] == sha256(body).hexdigest()[:10]


def test_other_bytes_have_another_name() -> None:
    assert hashed("site.css", b"a{}") != hashed("site.css", b"b{}")


def test_the_style_sheet_says_what_it_is() -> None:
    assert STATIC[style_name][0] == "text/css; charset=utf-8"
    assert re.fullmatch(r"site\.[0-9a-f]{10}\.css", style_name)


def test_the_script_is_a_small_one_of_ours() -> None:
    media_type, body = STATIC[script_name]
    assert media_type == "text/javascript; charset=utf-8"
    assert len(body) < 1_000
    assert b"http" not in body.replace(b"https, or", b"")


def test_the_style_sheet_is_light_and_needs_nothing_else() -> None:
    body = STATIC[style_name][1].decode()
    assert len(body) < 14_000
    assert "url(" not in body
    assert "@import" not in body


def test_the_style_sheet_knows_the_dark() -> None:
    assert b"@media (prefers-color-scheme: dark)" in STATIC[style_name][1]


def test_what_goes_with_our_colours_is_said_twice_and_the_same() -> None:
    sheet = STATIC[style_name][1].decode()
    light, dark = re.findall(r":root \{\n(.*?)\}", sheet, re.DOTALL)[:2]
    for said, of in ((light, ""), (dark, "_dark")):
        values = dict(re.findall(r"--([a-z]+): ([^;]+);", said))
        ours = {variable: OURS[f"{name}{of}"] for name, variable in VARIABLES.items()} | dict(DERIVED[of])
        assert {name: values[name] for name in ours} == ours
