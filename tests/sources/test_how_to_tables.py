"""The queries of docs/how-to.md, asked of tables as those programs have them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from house import SITE

from feedsvc.articles import check

if TYPE_CHECKING:
    from cms import Cms

    from feedsvc.articles import Checked
    from feedsvc.model import Article

HOW_TO = Path(__file__).parents[2].joinpath("docs", "how-to.md").read_text("utf-8")
SECTION = HOW_TO.split("\n## Publish what is in a database already\n")[1].split("\n## ")[0]
OWN, WORDPRESS, GHOST = (
    tomllib.loads(text) for text in re.findall(r"^```toml\n(.*?)^```$", SECTION, re.DOTALL | re.MULTILINE)
)


def asked(cms: Cms, query: str) -> dict[str, Checked]:
    source = cms.table(query)
    records = [source.read(address) for address in dict(source.scan())]
    return {each.address: each for record in records if record for each in check(record, site=SITE)}


def article(found: dict[str, Checked], address: str) -> Article:
    assert not found[address].faults
    article = found[address].article
    assert article is not None
    return article


def test_the_table_of_a_cms_of_one_s_own(postgresql_cms: Cms) -> None:
    postgresql_cms.run(
        "CREATE TABLE people (id int PRIMARY KEY, name text)",
        """
        CREATE TABLE articles (id int PRIMARY KEY, headline text, published_at timestamptz, changed_at timestamptz,
          slug text, teaser text, body text, tags text[], author_id int, photo text, withdrawn_at timestamptz)
        """,
        "INSERT INTO people VALUES (1, 'Ada Example')",
        """
        INSERT INTO articles VALUES
          (17, 'The ferry', '2026-05-20 14:30+02', '2026-05-21 09:00+02', 'ferry', 'It left.', '<b>It</b> left.',
           ARRAY['Harbour'], 1, 'ferry.jpg', NULL),
          (18, 'Not yet', NULL, now(), 'not-yet', NULL, NULL, NULL, NULL, NULL, NULL)
        """,
    )
    found = asked(postgresql_cms, OWN["query"])
    assert list(found) == ["articles?id=17"]
    ferry = article(found, "articles?id=17")
    assert (ferry.title, ferry.slug, ferry.summary, ferry.markup) == ("The ferry", "ferry", "It left.", "html")
    assert (ferry.published.isoformat(), ferry.image) == ("2026-05-20T12:30:00+00:00", "ferry.jpg")
    assert ([each.name for each in ferry.authors], [each.term for each in ferry.categories]) == (
        ["Ada Example"],
        ["Harbour"],
    )


def test_the_tables_of_wordpress(sqlite_cms: Cms) -> None:
    sqlite_cms.run(
        """
        CREATE TABLE wp_posts (ID integer PRIMARY KEY, post_author integer, post_date_gmt text, post_modified_gmt text,
          post_title text, post_name text, post_excerpt text, post_content text, post_status text, post_type text,
          post_password text)
        """,
        "CREATE TABLE wp_users (ID integer PRIMARY KEY, display_name text)",
        "CREATE TABLE wp_terms (term_id integer PRIMARY KEY, name text)",
        "CREATE TABLE wp_term_taxonomy (term_taxonomy_id integer PRIMARY KEY, term_id integer, taxonomy text)",
        "CREATE TABLE wp_term_relationships (object_id integer, term_taxonomy_id integer)",
        "INSERT INTO wp_users VALUES (1, 'Ada Example')",
        "INSERT INTO wp_terms VALUES (1, 'Ferries, old'), (2, 'Harbour'), (3, 'post-format-aside')",
        "INSERT INTO wp_term_taxonomy VALUES (1, 1, 'post_tag'), (2, 2, 'category'), (3, 3, 'post_format')",
        "INSERT INTO wp_term_relationships VALUES (7, 1), (7, 2), (7, 3)",
        """
        INSERT INTO wp_posts VALUES
          (7, 1, '2026-05-20 12:30:00', '2026-05-21 07:00:00', 'The ferry &amp; the quay', 'ferry', '',
           '<!-- wp:paragraph --><p>It left.</p><!-- /wp:paragraph -->', 'publish', 'post', ''),
          (8, 1, '0000-00-00 00:00:00', '2026-05-21 07:00:00', 'A draft', '', '', 'x', 'draft', 'post', ''),
          (9, 1, '2026-05-20 12:30:00', '2026-05-21 07:00:00', 'Secret', 'secret', '', 'x', 'publish', 'post', 'pw'),
          (10, 1, '2026-05-20 12:30:00', '2026-05-21 07:00:00', 'About', 'about', '', 'x', 'publish', 'page', '')
        """,
    )
    found = asked(sqlite_cms, WORDPRESS["query"])
    assert list(found) == ["wp_posts?id=7"]
    ferry = article(found, "wp_posts?id=7")
    assert (ferry.title, ferry.slug, ferry.summary, ferry.markup) == ("The ferry & the quay", "ferry", None, "html")
    assert [each.term for each in ferry.categories] == ["Ferries, old", "Harbour"]
    assert ferry.updated.isoformat() == "2026-05-21T07:00:00+00:00"


def test_the_tables_of_ghost(sqlite_cms: Cms) -> None:
    sqlite_cms.run(
        """
        CREATE TABLE posts (id text PRIMARY KEY, title text, slug text, html text, custom_excerpt text,
          feature_image text, published_at text, updated_at text, status text, visibility text, type text)
        """,
        "CREATE TABLE tags (id text, name text, visibility text)",
        "CREATE TABLE users (id text, name text)",
        "CREATE TABLE posts_tags (post_id text, tag_id text)",
        "CREATE TABLE posts_authors (post_id text, author_id text)",
        "INSERT INTO tags VALUES ('t1', 'Harbour', 'public'), ('t2', '#internal', 'internal')",
        "INSERT INTO users VALUES ('u1', 'Ada Example'), ('u2', 'Ben Example')",
        "INSERT INTO posts_tags VALUES ('a1', 't1'), ('a1', 't2')",
        "INSERT INTO posts_authors VALUES ('a1', 'u1'), ('a1', 'u2')",
        """
        INSERT INTO posts VALUES
          ('a1', 'The ferry', 'ferry', '<p><a href="__GHOST_URL__/quay/">It</a> left.</p>', 'It left.',
           '__GHOST_URL__/content/images/ferry.jpg', '2026-05-20 12:30:00', '2026-05-21 07:00:00',
           'published', 'public', 'post'),
          ('a2', 'Members', 'members', '<p>x</p>', NULL, NULL, '2026-05-20 12:30:00', '2026-05-21 07:00:00',
           'published', 'members', 'post'),
          ('a3', 'Draft', 'draft', '<p>x</p>', NULL, NULL, NULL, '2026-05-21 07:00:00', 'draft', 'public', 'post')
        """,
    )
    found = asked(sqlite_cms, GHOST["query"])
    assert {address: each.aside for address, each in found.items()} == {"posts?id=a1": "", "posts?id=a2": "a draft"}
    ferry = article(found, "posts?id=a1")
    assert [each.name for each in ferry.authors] == ["Ada Example", "Ben Example"]
    assert [each.term for each in ferry.categories] == ["Harbour"]
    assert ferry.image == "https://ghost.example/content/images/ferry.jpg"
    assert "https://ghost.example/quay/" in ferry.source
