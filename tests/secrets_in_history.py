"""Look for keys and passwords in every line that was ever committed.

`make audit` runs this. What is found and is none stands in KNOWN, with its reason.
"""

import re
import subprocess
import sys

from detect_secrets.core.scan import scan_line
from detect_secrets.settings import transient_settings

# Without the detectors of "random looking" texts: hashes of lock files are all they find.
DETECTORS = [
    "AWSKeyDetector",
    "ArtifactoryDetector",
    "AzureStorageKeyDetector",
    "BasicAuthDetector",
    "CloudantDetector",
    "DiscordBotTokenDetector",
    "GitHubTokenDetector",
    "GitLabTokenDetector",
    "JwtTokenDetector",
    "KeywordDetector",
    "MailchimpDetector",
    "NpmDetector",
    "OpenAIDetector",
    "PrivateKeyDetector",
    "PypiTokenDetector",
    "SendGridDetector",
    "SlackDetector",
    "SquareOAuthDetector",
    "StripeDetector",
    "TelegramBotTokenDetector",
    "TwilioKeyDetector",
]
# Where passwords are made up for a test, or are examples to be replaced. What has the shape
# of a real key is found there too.
MADE_UP = re.compile(r"^(tests|chaos|benchmarks)/|^docs/|^README\.md$|^\.env\.example$")
WORDS = {"Secret Keyword", "Basic Auth Credentials"}
# What an action is called in the audit log; an example of an address, in objects.py.
KNOWN = {"password changed", "password link made", "SECRET"}


def added_lines():
    """Yield (file, line) of every line that a commit of any branch added."""
    log = subprocess.Popen(
        ["git", "log", "--all", "--patch", "--no-color", "--unified=0", "--format="],
        stdout=subprocess.PIPE,
        text=True,
        errors="replace",
    )
    path = ""
    for line in log.stdout:
        if line.startswith("+++ "):
            path = line[4:].strip().removeprefix("b/")
        elif line.startswith("+"):
            yield path, line[1:].rstrip("\n")
    if log.wait():
        sys.exit("git could not show the history")


def found():
    """Return {(file, value)} of what looks like a secret and is not known to be none."""
    plugins = {"plugins_used": [{"name": name} for name in DETECTORS]}
    seen, secrets = set(), set()
    with transient_settings(plugins):
        for path, line in added_lines():
            if line in seen:
                continue
            seen.add(line)
            for one in scan_line(line):
                is_made_up = one.type in WORDS and MADE_UP.match(path)
                if not is_made_up and one.secret_value not in KNOWN:
                    secrets.add((path, one.secret_value))
    return secrets


if __name__ == "__main__":
    secrets = sorted(found())
    for path, value in secrets:
        # Enough to find it by, and not to use it.
        print(f"{path}: {value[:4]}… ({len(value)} characters)")
    print(f"{len(secrets)} possible secrets in the history")
    sys.exit(bool(secrets))
