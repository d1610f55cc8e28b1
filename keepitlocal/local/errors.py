"""What can come between a command and a running portal."""


class CannotStart(Exception):
    """Says to a person, in a line or two, what is in the way and what to do about it."""


class StopAsked(Exception):
    """Someone asked the portal to stop while it was still starting."""
