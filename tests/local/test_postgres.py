import contextlib
import shutil
import subprocess

import psutil
import psycopg2
import pytest

from keepitlocal.local import leftovers, postgres
from tests.portals import make_data_dir, say_nothing


@pytest.fixture(scope="module")
def cluster():
    """One cluster for all tests, served by none of them at the start."""
    folder = make_data_dir()
    yield postgres.made_ready(folder, say_nothing)
    shutil.rmtree(folder)


@pytest.fixture
def stranger(cluster):
    """A process of PostgreSQL's user that has nothing to do with the portal."""
    account = cluster.account.as_arguments() if cluster.account else {}
    process = subprocess.Popen(["/bin/sleep", "60"], cwd="/", **account)
    yield process
    process.kill()
    process.wait()


def sql(cluster, statement):
    connection = psycopg2.connect(cluster.url)
    with contextlib.closing(connection), connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else None


def servers_of(cluster):
    return [
        process
        for process in psutil.process_iter(["name"])
        if leftovers.serves(process, {str(cluster.folder)})
    ]


def kill_at_once(processes):
    for process in processes:
        process.kill()
    psutil.wait_procs(processes, timeout=5)


def test_cluster_keeps_what_the_portal_relies_on(cluster, run):
    with run(cluster.program()):
        settings = dict(sql(cluster, "SELECT name, setting FROM pg_settings"))
        locale = sql(
            cluster,
            "SELECT datcollate, datlocprovider, datlocale FROM pg_database"
            " WHERE datname = current_database()",
        )

    assert settings["data_checksums"] == "on"
    assert settings["fsync"] == "on"
    assert settings["server_encoding"] == "UTF8"
    assert settings["listen_addresses"] == "127.0.0.1"
    assert settings["unix_socket_directories"] == ""
    assert locale == [("C", "b", "C.UTF-8")]


def test_cluster_refuses_a_wrong_password(cluster, run):
    with run(cluster.program()):
        password = cluster.password_file.read_text()
        wrong = cluster.url.replace(password, "guessed")

        with pytest.raises(psycopg2.OperationalError, match="password authentication"):
            psycopg2.connect(wrong)

    assert cluster.password_file.stat().st_mode & 0o777 == 0o600


def test_rows_survive_a_kill_of_every_process(cluster, run):
    with run(cluster.program()):
        sql(
            cluster,
            "CREATE TABLE evidence AS SELECT generate_series(1, 1000) AS number",
        )
        kill_at_once(servers_of(cluster))

    with run(cluster.program()):
        assert sql(cluster, "SELECT count(*) FROM evidence") == [(1000,)]


def test_cluster_starts_when_the_pid_in_its_lock_file_is_anothers(
    cluster, stranger, run
):
    with run(cluster.program()):
        lock_file = (cluster.folder / "postmaster.pid").read_text()
    lines = [str(stranger.pid), *lock_file.splitlines()[1:]]
    (cluster.folder / "postmaster.pid").write_text("\n".join(lines))

    with run(cluster.program()):
        assert sql(cluster, "SELECT 1") == [(1,)]

    assert stranger.poll() is None


def test_cluster_takes_over_from_a_server_that_was_left_running(cluster, run):
    with run(cluster.program()) as left:
        sql(cluster, "CREATE TABLE answer AS SELECT 1 AS number")

        with run(cluster.program()):
            assert left.exit_code is not None
            assert sql(cluster, "SELECT number FROM answer") == [(1,)]


def test_server_of_another_folder_is_left_alone(cluster, data_dir, run):
    another = postgres.made_ready(data_dir, say_nothing)

    with run(another.program()), run(cluster.program()):
        assert sql(another, "SELECT 1") == [(1,)]


def test_stop_is_a_clean_shutdown(cluster, run):
    with run(cluster.program()):
        pass

    state = subprocess.run(
        [cluster.binaries / "bin/pg_controldata", cluster.folder],
        capture_output=True,
        text=True,
    )
    assert "cluster state:               shut down\n" in state.stdout
