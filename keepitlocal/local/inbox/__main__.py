"""Run the inbox: `python -m keepitlocal.local.inbox --folder var/inbox ...`."""

import argparse
import signal
import sys
from pathlib import Path

from aiosmtpd.controller import Controller

from .letterbox import Letterbox
from .web import Server

HOST = "127.0.0.1"


def main():
    asked = arguments()
    letterbox = Letterbox(asked.folder)
    smtp = Controller(letterbox, hostname=HOST, port=asked.smtp_port)
    smtp.start()
    web = Server((HOST, asked.port), letterbox, asked.site)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        web.serve_forever()
    finally:
        smtp.stop()


def arguments():
    parser = argparse.ArgumentParser(description="A local inbox")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--site", required=True, help="links to it can be clicked")
    return parser.parse_args()


if __name__ == "__main__":
    main()
