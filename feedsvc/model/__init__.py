"""The nouns: what flows from a source to a reader, as frozen values.

RFC 4287's word wins where two formats disagree. Datetimes are aware, in UTC and whole seconds; sequences are tuples.
"""

from feedsvc.model.articles import Article, Category, Enclosure, Image, Markup, MediaFile, Person, Record
from feedsvc.model.documents import Document, Lifetime, Representation
from feedsvc.model.feeds import Channel, Entry, Feed, History, Revision, Selection, Source, Tombstone

__all__ = [
    "Article",
    "Category",
    "Channel",
    "Document",
    "Enclosure",
    "Entry",
    "Feed",
    "History",
    "Image",
    "Lifetime",
    "Markup",
    "MediaFile",
    "Person",
    "Record",
    "Representation",
    "Revision",
    "Selection",
    "Source",
    "Tombstone",
]
