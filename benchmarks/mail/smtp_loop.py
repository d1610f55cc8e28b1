"""What an email costs at least: smtplib in a loop over one connection.

`python -m benchmarks.mail.smtp_loop PORT COUNT < EMAIL` prints the seconds that it took.
"""

import smtplib
import sys
import time

SENDER, RECIPIENT = "no-reply@example.org", "respondent@example.org"


def main(port, count):
    letter = sys.stdin.buffer.read()
    with smtplib.SMTP("127.0.0.1", port) as connection:
        connection.sendmail(SENDER, RECIPIENT, letter)
        began_at = time.perf_counter()
        for _ in range(count):
            connection.sendmail(SENDER, RECIPIENT, letter)
        print(time.perf_counter() - began_at)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
