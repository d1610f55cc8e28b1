"""What is kept out of the logs."""

import logging
import re

# The paths that carry a secret: resume and unsubscribe links.
TOKEN_IN_PATH = re.compile(r"(/(?:resume|reminders)/)[^/\s]+")


class WithoutTokens(logging.Filter):
    """Blacks out the tokens of emailed links, in whatever part of a record they stand."""

    def filter(self, record):
        message = record.getMessage()
        hidden = TOKEN_IN_PATH.sub(r"\1…", message)
        if hidden != message:
            record.msg, record.args = hidden, None
        return True
