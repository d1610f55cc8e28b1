"""Three machines with the portal's programs, and what they share on a fourth."""

import contextlib
import shutil
import sys
from dataclasses import replace

from keepitlocal.local import portal, postgres, valkey
from keepitlocal.local.config import BASE_DIR
from keepitlocal.local.programs import Program, free_port

from . import programs
from .network import SHARED, Machine, make_bridge
from .objects import ObjectStore
from .parts import Parts

WEB_PORT = 8000

NGINX = """\
{user}daemon off;
pid {folder}/nginx.pid;
error_log stderr error;
worker_processes 1;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/answers;
    fastcgi_temp_path {folder}/unused-1;
    uwsgi_temp_path {folder}/unused-2;
    scgi_temp_path {folder}/unused-3;
    upstream machines {{
        {servers}
    }}
    server {{
        listen 127.0.0.1:{port};
        client_max_body_size 110m;
        location / {{
            proxy_pass http://machines;
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_connect_timeout 2s;
            proxy_read_timeout 30s;
        }}
        error_page 502 503 504 /restarting.html;
        location = /restarting.html {{
            internal;
            default_type text/html;
            return 503 "<!doctype html><title>Back in a moment</title><h1>Back in a moment</h1><p>Go back in your browser: what you typed is still there. Then try again.</p>";
        }}
    }}
}}
"""

# What the sweep of tomorrow will delete.
SWEEP = """
import datetime, django
django.setup()
from submissions.services import files
files.LEFT_BEHIND = datetime.timedelta(0)
files.sweep_files()
"""


class Machines(Parts):
    """Parts of which PostgreSQL, broker, object storage and balancer are shared."""

    def __init__(self, count):
        super().__init__()
        self.sink.address = SHARED
        make_bridge()
        self.machines = [Machine(number) for number in range(1, count + 1)]
        self.store = ObjectStore(SHARED)

    def __exit__(self, *exc_info):
        super().__exit__(*exc_info)
        self.store.__exit__()
        for machine in self.machines:
            machine.remove()

    def _start(self):
        self.store.__enter__()
        super()._start()

    def _servers(self):
        """PostgreSQL and the broker, which the machines reach too."""
        cluster = postgres.made_ready(self.folder, self.say)
        with (cluster.folder / "pg_hba.conf").open("a") as rules:
            rules.write(f"host all all {SHARED}/24 scram-sha-256\n")
        broker = valkey.made_ready(self.folder, is_throw_away=True)
        settings = broker.folder / "valkey.conf"
        reached = settings.read_text().replace(
            "bind 127.0.0.1", f"bind 127.0.0.1 {SHARED}"
        )
        settings.write_text(reached)
        self.database_url = cluster.url.replace("127.0.0.1", SHARED)
        self.broker_url = broker.url.replace("127.0.0.1", SHARED)
        program = cluster.program()
        listening = f"--listen_addresses=127.0.0.1,{SHARED}"
        return {
            "postgres": replace(program, command=[*program.command, listening]),
            "valkey": broker.program(),
        }

    def _place(self):
        return programs.Place(self.folder, free_port(), WEB_PORT)

    def _environment(self):
        return super()._environment() | {
            "EMAIL_URL": f"smtp://{SHARED}:{self.sink.port}",
            "FILES_URL": self.store.url,
        }

    def _portal(self):
        parts = {"nginx": self._balancer()}
        for machine in self.machines:
            parts |= self._of_machine(machine)
        return parts

    def _of_machine(self, machine):
        """The four programs of a machine, with a folder of its own."""
        place = programs.Place(self.folder / machine.name, self.place.port, WEB_PORT)
        # Each machine collects the static files of the same version.
        shutil.copytree(self.folder / "static", place.folder / "static")
        own = [
            programs.web(place, machine.address),
            programs.worker(),
            programs.beat(),
            programs.outbox(),
        ]
        return {
            f"{machine.name} {program.name}": self._moved(program, machine, place)
            for program in own
        }

    def _moved(self, program, machine, place):
        return replace(
            program,
            name=f"{machine.name} {program.name}",
            command=[*machine.inside, *program.command],
            environment=program.environment | {"DATA_DIR": str(place.folder)},
            # They all start at once, on however few processors.
            answers_within=120,
        )

    def _balancer(self):
        folder = self.folder / "nginx"
        folder.mkdir(exist_ok=True)
        configuration = folder / "nginx.conf"
        servers = "\n        ".join(
            f"server {machine.address}:{WEB_PORT} max_fails=1 fail_timeout=5s;"
            for machine in self.machines
        )
        configuration.write_text(
            NGINX.format(
                user=programs.nginx_user(),
                folder=folder,
                port=self.place.port,
                servers=servers,
            )
        )
        return Program(
            name="nginx",
            command=[
                programs.site.find(),
                "-p",
                str(folder),
                "-c",
                str(configuration),
            ],
        )

    # Ways to break them

    @contextlib.contextmanager
    def dead(self, machine):
        """Kill all that runs on a machine, and start it again when the block ends."""
        with self.held_down(*self.names_of(machine)):
            yield

    @contextlib.contextmanager
    def cut_off(self, machine):
        machine.unplug()
        try:
            yield
        finally:
            machine.plug_in()

    def names_of(self, machine):
        return [name for name in self._programs if name.startswith(f"{machine.name} ")]

    def answers_everywhere(self):
        return all(
            portal.answers_http(machine.address, WEB_PORT, "/healthz/")
            for machine in self.machines
        )

    def kept_files(self):
        return self.store.contents("files")

    def sweep_files(self):
        """Delete what tomorrow's sweep will: bytes whose upload did not come to its end."""
        self._run_to_its_end(
            Program(
                name="sweep",
                command=[sys.executable, "-c", SWEEP],
                folder=BASE_DIR,
                environment={"DJANGO_SETTINGS_MODULE": "keepitlocal.settings"},
            )
        )
