"""Room for deep calls, so that none of them has to fetch memory from the system.

Python keeps the frames of calls in chunks of 16 KB and, before 3.13.13 and 3.14.4, gives a
chunk back as soon as the call returns that wanted it. A loop at the end of one fetches a
chunk for each of its calls: on a section page 190 times, for a third of its CPU. Which page
that hits is chance. See https://github.com/python/cpython/issues/142183.
"""

from functools import wraps

# Words in a frame. The chunk that holds it has 2**15, so that nearly half is left for what
# is called: some 500 calls deep.
FRAME = 17_000


def with_room(function):
    """Return a function that calls this one with a large chunk for all that it calls."""

    @wraps(function)
    def roomy(*args, **kwargs):
        return function(*args, **kwargs)

    roomy.__code__ = roomy.__code__.replace(co_stacksize=FRAME)
    return roomy
