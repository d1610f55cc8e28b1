"""What a file is inside: a module for each way of being made. Only the child runs them.

Each has `check(path, extension, cleaned)`, which returns whether the file can run or load
something when somebody opens it. Nothing that a file points at is ever fetched.
"""


class Refused(Exception):
    """The file is not acceptable; the code is one of refusals.WORDS."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code
