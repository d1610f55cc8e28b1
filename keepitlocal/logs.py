"""What is kept out of the logs."""

import logging
import re

# The paths that carry a secret: resume and unsubscribe links, and those for a password.
TOKEN_IN_PATH = re.compile(r"(/(?:resume|reminders|login/password/[^/\s]+)/)[^/\s]+")


class WithoutTokens(logging.Formatter):
    """Blacks out the tokens of emailed links, in messages and in tracebacks."""

    def format(self, record):
        return TOKEN_IN_PATH.sub(r"\1…", super().format(record))
