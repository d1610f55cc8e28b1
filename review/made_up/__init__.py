"""Made-up submissions, to try the staff site on and to measure it with: never evidence."""

from .rows import make_submissions

__all__ = ["make_submissions"]
