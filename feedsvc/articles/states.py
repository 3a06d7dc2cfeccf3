"""Whether an article is for everybody: what a record says under the keys for that in; yes or no out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedsvc.articles.values import ANSWERS, LONGEST_NAME, line, shown

if TYPE_CHECKING:
    from feedsvc.articles.margin import Margin
    from feedsvc.readers import Value

# Keys whose value is a word for a state, and the words that other tools have for what is public and what is not.
_STATES = frozenset({"status", "visibility"})
# Keys that may say that an article is not published, or its page not made or listed, and how they say it.
_SHOWING = frozenset({"published", "publish", "is_published", "ispublished", "permalink", "render", "list"})
_NEVER = frozenset({"never", *(word for word, answer in ANSWERS.items() if not answer)})
_PUBLIC = frozenset({"public", "published", "visible", "true", "yes"})
_NOT_PUBLIC = frozenset(
    [
        "draft",
        "drafts",
        "hidden",
        "private",
        "unlisted",
        "unpublished",
        "pending",
        "trash",
        "deleted",
        "wip",
        "skip",
        "idea",
        "in-progress",
        "review",
        "sent",
    ]
)


def is_hidden(value: Value, margin: Margin) -> bool:
    """Whether it is not to be shown; also by Jekyll's `published: false` and by other tools' words for a state."""
    key = margin.key.rpartition(".")[2]
    if key == "password":
        return True
    if key in _SHOWING:  # else a date, a path, or what is shown elsewhere
        return is_no(value)
    found = line(value, LONGEST_NAME).lower()
    if key in _STATES:
        return found not in _PUBLIC if key == "visibility" else found in _NOT_PUBLIC
    if found not in ANSWERS:
        raise ValueError(f"{shown(found)} is neither yes nor no|write true or false")
    return ANSWERS[found]


def is_no(value: Value) -> bool:
    """Whether it is one of the words for no."""
    return str(value.value).strip().lower() in _NEVER
