from __future__ import annotations

from feedsvc.text.headings import below


def test_a_heading_that_repeats_the_title_is_left_out() -> None:
    assert below('<h1 id="x">On <em>Fog</em> &amp; Rain</h1>\n<p>Text.</p>', "on fog & rain") == "<p>Text.</p>"


def test_another_first_heading_stays_one_level_down() -> None:
    assert below("<h1>Part one</h1><p>Text.</p>", "Fog") == "<h2>Part one</h2><p>Text.</p>"


def test_all_headings_go_down_together_and_the_sixth_level_stays() -> None:
    html = '<h1>A</h1><h2 id="b">B</h2><h6>F</h6><hr><header>H</header>'
    assert below(html, "Fog") == '<h2>A</h2><h3 id="b">B</h3><h6>F</h6><hr><header>H</header>'


def test_headings_that_are_below_already_stay() -> None:
    assert below("<h2>A</h2><h3>B</h3>", "Fog") == "<h2>A</h2><h3>B</h3>"


def test_a_repeated_title_further_down_is_the_author_s_own() -> None:
    assert below("<p>Text.</p><h1>Fog</h1>", "Fog") == "<p>Text.</p><h2>Fog</h2>"
