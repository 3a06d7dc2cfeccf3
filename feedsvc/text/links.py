"""Addresses on this site: a decoded path in; a path fit for a URL, or the files it may mean, out."""

from __future__ import annotations

import re
from posixpath import dirname, join, normpath, splitext
from urllib.parse import quote, unquote, urlsplit

# What a URL is written with, in which all else is still to be percent-encoded.
URL_SAFE = "%/?#[]!$&'()*+,;=:@~"

# Where site generators keep the files that stand at the top of the site.
_TOPS = ("", "static/", "assets/", "public/", "source/")

# Hexadecimal characters of a digest in an address: two versions of one file will not share them.
DIGEST = 10

# How other tools write a path from the top of the folder, or one beside the article: Pelican, Docusaurus, Zola, Astro.
_OF_TOOLS = re.compile(
    r"\{(?:static|attach|filename|photo)\}|\|(?:static|attach|filename)\||@site(?:/static)?(?=/)|[@~](?=/)"
)
_MARKS = frozenset("{|@~")

# Files that hold articles, and that articles link to as such; all other endings may be those of pages.
_ARTICLES = (".md", ".markdown", ".mdx")

_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_DIGESTED = re.compile(rf"(?s)(.*)\.([0-9a-f]{{{DIGEST}}})(\.[^./]+)")


def quoted(path: str) -> str:
    """Percent-encodes a path's segments (RFC 3986 §3.3); the slashes between them stay."""
    return quote(path, safe="/!$&'()*+,;=:@~")


def local_path(url: str) -> str:
    """The decoded path of a URL on this site; empty for one of another site, or without a path, or for what is none."""
    if _ELSEWHERE.match(url):
        return ""
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:
        return ""
    return _OF_TOOLS.sub("", path, count=1) if path[:1] in _MARKS and _OF_TOOLS.match(path) else path


def is_article(path: str) -> bool:
    """Whether a path is that of a file that holds an article."""
    return path.endswith(_ARTICLES)


def from_top(url: str) -> str:
    """The address of the file that a path from the top of the content folder names; empty for another site's URL."""
    return normpath(f"/{local_path(url).lstrip('/')}")[1:]


def candidates(record: str, path: str) -> tuple[str, ...]:
    """The addresses of files that a record may mean by a path, the likeliest first; none that leads out of the source.

    A relative path is beside the record; one that starts with a slash is at the top of the content folder, or of a
    folder there in which a generator keeps such files.

    Args:
        record: its address; of one article among several, `FILE#NAME`.
        path: decoded.
    """
    if path.startswith("/"):
        inside = normpath(f"/{path.lstrip('/')}")[1:]
        found = [top + inside for top in _TOPS if inside]
    else:
        found = [normpath(join(dirname(record.partition("#")[0]), path))]
    return tuple(address for address in found if address != "." and not address.startswith(("../", "/")))


def media_path(address: str, digest: str) -> str:
    """Where a file is served for good: another one when its bytes are others."""
    stem, suffix = splitext(address)
    return f"media/{quoted(f'{stem}.{digest[:DIGEST]}{suffix}')}"


def without_digest(address: str) -> tuple[str, str] | None:
    """A file's address and the digest in a path that `media_path` made, decoded; None for another path."""
    match = _DIGESTED.fullmatch(address)
    return (match[1] + match[3], match[2]) if match else None
