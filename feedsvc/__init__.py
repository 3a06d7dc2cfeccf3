"""feedsvc publishes a folder of articles as date-ordered RSS, Atom and JSON feeds with summary excerpts."""

__version__ = "0.1.0"
