"""Which files are media, by their suffix: a path in; a media type (RFC 6838) out."""

from __future__ import annotations

MEDIA_TYPES = {
    ".avif": "image/avif",
    ".flac": "audio/flac",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".m4a": "audio/x-m4a",  # as podcast directories want it
    ".m4v": "video/x-m4v",
    ".mov": "video/quicktime",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".wav": "audio/wav",
    ".webm": "video/webm",
    ".webp": "image/webp",
}

UNKNOWN = "application/octet-stream"
"""What is said of a file of which nothing is known, where something has to be said (RFC 2046 §4.5.1)."""


def is_recording(type_: str | None) -> bool:
    """Whether files of a type are played or leafed through in parts, and may be large: sound, video, books."""
    return (type_ or "").startswith(("audio/", "video/", "application/pdf"))


def media_type(path: str) -> str | None:
    """The media type of a path's suffix; None where it is not one of media."""
    stem, _, suffix = path.rpartition("/")[2].rpartition(".")
    return MEDIA_TYPES.get(f".{suffix.lower()}") if stem else None
