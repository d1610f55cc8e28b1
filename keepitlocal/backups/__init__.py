"""Backups: all that the portal holds, in one folder, and back from it again."""


class Refused(Exception):
    """Says to a person why something was not done, and what to do."""
