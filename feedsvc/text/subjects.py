"""What one can subscribe to, by name: a kind and what a person wrote in; the name of a channel out."""

from __future__ import annotations

from feedsvc.text.slugs import digest, slug

TAGS, CATEGORIES, AUTHORS, SECTIONS, LANGUAGES, CHANNELS = (
    "tags",
    "categories",
    "authors",
    "sections",
    "languages",
    "channels",
)

KINDS = (TAGS, CATEGORIES, AUTHORS, SECTIONS, LANGUAGES)
"""Of what an article says of itself, in the order in which they are told; each is the first segment of an address."""


def channel_name(kind: str, written: str) -> str:
    """The name of the channel of a subject, such as `tags/harbour` or `sections/news/local`.

    Empty where nothing of it can stand in an address and it is a folder's; of all else there is a digest then.
    """
    if kind == SECTIONS:
        segments = [slug(part) or digest(part) for part in written.split("/") if part]
        return "/".join([kind, *segments]) if segments else ""
    return f"{kind}/{slug(written) or digest(written)}"


def meant(written: str) -> str:
    """The name of the channel that a person means by `tags/Harbour`, or by `Harbour`, which is a tag.

    Empty where it is none.
    """
    kind, slash, rest = written.strip().strip("/").partition("/")
    if slash and kind.lower() in KINDS:
        return channel_name(kind.lower(), rest.strip("/")) if rest.strip("/ ") else ""
    return "" if slash or not kind else channel_name(TAGS, kind)
