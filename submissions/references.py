"""References for receipts: easy to read out, and never a word."""

import secrets

# No I, O, Q, Z, 0 or 1: they are mistaken for one another.
LETTERS = "ABCDEFGHJKLMNPRSTUVWXY"
DIGITS = "23456789"


def new_reference(prefix):
    """Return a reference such as KIL-HP4RC7WD; one of about 7,000 million."""
    characters = (
        secrets.choice(DIGITS if place % 3 == 0 else LETTERS) for place in range(1, 9)
    )
    return f"{prefix}-{''.join(characters)}"
