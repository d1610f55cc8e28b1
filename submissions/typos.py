"""Notices addresses that are probably mistyped. It never refuses one: people have odd ones."""

# Where most people's mail is, in the UK and at the large providers. Not the shortest names:
# too much else is one letter away from those.
DOMAINS = [
    "btinternet.com",
    "gmail.com",
    "googlemail.com",
    "hotmail.co.uk",
    "hotmail.com",
    "icloud.com",
    "live.co.uk",
    "live.com",
    "outlook.com",
    "protonmail.com",
    "talktalk.net",
    "virginmedia.com",
    "yahoo.co.uk",
    "yahoo.com",
]
# One letter away from the above, and real.
REAL = [
    "mail.com",
    "ymail.com",
    "gmx.com",
    "hotmail.ca",
    "hotmail.co",
    "live.ca",
    "live.co",
]
ENDINGS = {
    ".con": ".com",
    ".cmo": ".com",
    ".co.ik": ".co.uk",
    ".co.ul": ".co.uk",
    ".orgg": ".org",
    ".og.uk": ".org.uk",
    ".gov.ik": ".gov.uk",
}


def suggestion(address):
    """Return the address that was probably meant, or "" when this one looks right."""
    local, _at, domain = address.rpartition("@")
    domain = domain.lower()
    if domain in (*DOMAINS, *REAL):
        return ""
    for known in DOMAINS:
        if _is_one_slip(domain, known):
            return f"{local}@{known}"
    for wrong, right in ENDINGS.items():
        if domain.endswith(wrong):
            return f"{local}@{domain.removesuffix(wrong)}{right}"
    return ""


def _is_one_slip(typed, meant):
    """Whether one letter is missing, too many, wrong, or changed places with the next."""
    if abs(len(typed) - len(meant)) > 1:
        return False
    start = 0
    while start < min(len(typed), len(meant)) and typed[start] == meant[start]:
        start += 1
    rest, goal = typed[start:], meant[start:]
    return (
        rest[1:] == goal
        or rest == goal[1:]
        or rest[1:] == goal[1:]
        or (rest[:2] == goal[1::-1] and len(goal) > 1 and rest[2:] == goal[2:])
    )
