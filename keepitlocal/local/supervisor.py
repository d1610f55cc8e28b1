"""Starts everything in order, keeps it running, and stops it in reverse."""

import os
import threading
from urllib.parse import urlsplit

from . import portal, postgres, valkey
from .config import Config, kept_secret, write_local_env
from .console import Console
from .errors import CannotStart, StopAsked
from .guardian import Guardian
from .programs import Program, free_port
from .watch import Watch

# `prepare` ends with a line that starts like this.
STAFF_LINE = "Staff account: "


def postgres_server(config: Config, say):
    cluster = postgres.made_ready(config.data_dir, say)
    return cluster.program(), cluster.url


def valkey_server(config: Config, say):
    broker = valkey.made_ready(config.data_dir)
    return broker.program(), broker.url


def inbox_server(config: Config, say):
    port = free_port()
    return portal.inbox(config, port), f"smtp://127.0.0.1:{port}"


# By the variable that names another server to use.
SERVERS = {
    "DATABASE_URL": postgres_server,
    "REDIS_URL": valkey_server,
    "EMAIL_URL": inbox_server,
}


class Supervisor:
    def __init__(self, config: Config, console: Console, stop_asked: threading.Event):
        self.config = config
        self.console = console
        self.stop_asked = stop_asked
        self.staff = ""
        self.watched: list[Watch] = []

    def run(self, lock):
        """Run until someone asks to stop; `lock` is for the guardian to hold as well."""
        local_env = self.config.local_env
        self.guardian = Guardian(remove=[local_env], keep_open=[lock])
        try:
            self.start()
            self.console.print(self.welcome())
            self.keep_running()
        except StopAsked:
            pass
        finally:
            self.stop()
            local_env.unlink(missing_ok=True)
            self.guardian.dismiss()

    def start(self):
        self.start_servers()
        self.prepare()
        self.start_together(
            portal.web(self.config), portal.worker(self.config), portal.outbox()
        )

    def start_servers(self):
        """Start what the environment names no server for, and say where it is."""
        servers, urls = [], {}
        for name, make_ready in SERVERS.items():
            if name not in self.config.given:
                program, urls[name] = make_ready(self.config, self.console.say)
                servers.append(program)
        if servers:
            self.start_together(*servers)
        self.publish(urls)

    def publish(self, urls):
        """Tell our programs, and commands in another terminal, which servers to use."""
        given, ours = self.config.given, urls
        if "SITE_URL" not in given:
            ours |= {"SITE_URL": self.config.site_url}
        if "SECRET_KEY" not in given:
            ours |= {"SECRET_KEY": kept_secret(self.config.data_dir / "secret-key")}
        os.environ |= given | ours
        write_local_env(self.config.local_env, given, ours)

    def prepare(self):
        """Run `manage.py prepare` to its end."""
        self.console.print("Preparing the database, the call and the styles ...")
        watch = self.start_one(portal.prepare(), self.say_without_the_password)
        while (code := watch.process.exit_code) is None:
            if self.stop_asked.wait(0.05):
                raise StopAsked
        self.watched.remove(watch)
        watch.process.clear_up()
        if code:
            raise CannotStart("`manage.py prepare` failed; its lines above say why.")
        for line in watch.process.last_lines:
            if line.startswith(STAFF_LINE):
                self.staff = line.removeprefix(STAFF_LINE)

    def start_together(self, *programs):
        names = ", ".join(program.name for program in programs)
        self.console.print(f"Starting {names} ...")
        started = [self.start_one(program) for program in programs]
        for watch in started:
            watch.process.wait_until_it_answers(self.stop_asked)

    def say_without_the_password(self, name, text):
        # It is shown once, at the end, where it is looked for.
        if not text.startswith(STAFF_LINE):
            self.console.say(name, text)

    def start_one(self, program: Program, say=None):
        watch = Watch(program, self.guardian, say or self.console.say)
        self.watched.append(watch)
        watch.start()
        return watch

    def keep_running(self):
        while not self.stop_asked.wait(0.2):
            for watch in self.watched:
                watch.look()
            if self.guardian.has_ended():
                running = [watch.process for watch in self.watched if watch.is_running]
                self.guardian.start_again(running)
            if self.console.is_gone():
                return

    def stop(self):
        """Stop in reverse: first those that use the servers, then the servers."""
        if self.watched:
            self.console.print("Stopping ...")
        for watch in reversed(self.watched):
            watch.stop()
        self.console.print("Stopped.")

    def welcome(self):
        config = self.config
        emails = config.inbox_url
        if given := config.given.get("EMAIL_URL"):
            emails = f"are sent through {urlsplit(given).hostname}"
        lines = [
            "",
            "Keep it Local is running.",
            "",
            f"  The site   {config.site_url}/",
            f"  Emails     {emails}",
            f"  Admin      {config.site_url}/admin/",
            f"             sign in as {self.staff}",
            "             with an authenticator app, which the first sign-in sets up",
            f"  Data       {config.data_dir}",
            "",
            "Ctrl-C stops it.",
            "",
        ]
        return "\n".join(lines)
