"""F22, H28: clients that send a byte now and then. Nobody waits for them."""

import threading
import time
from contextlib import ExitStack, contextmanager
from statistics import median
from urllib.parse import urlsplit

from chaos import nginx

from .conftest import SYNC, THREADS, gunicorn
from .respondents import Writer, status


def test_f22_two_crawling_clients_hold_up_nobody_behind_nginx(
    environment, consultation, tmp_path, nginx_program
):
    """F22: two web workers, each of them free however slowly two people upload."""
    with (
        gunicorn(environment, *SYNC) as web,
        nginx.before(urlsplit(web.url).port, tmp_path) as port,
    ):
        writer = Writer(f"http://localhost:{port}")
        with crawling(writer, 2):
            seconds = [seconds_to_save(writer) for _ in range(5)]

        print(f"The longest of five answers: {max(seconds):.2f} s")
        assert median(seconds) < 1


def test_h28_two_crawling_clients_hold_up_nobody_with_threads(
    environment, consultation
):
    """H28: without nginx, as `make run` is, threads are what is left over."""
    with gunicorn(environment, *THREADS) as web:
        writer = Writer(web.url)
        with crawling(writer, 2):
            seconds = [seconds_to_save(writer) for _ in range(5)]

        assert median(seconds) < 1


def test_f22_a_portal_that_is_away_is_told_in_words(tmp_path, nginx_program):
    """F1, F31: what nginx says while no web server listens."""
    with nginx.before(1, tmp_path) as port:
        answer = nginx.ask(port, "/")

    assert status(answer) == 503
    assert "Retry-After: 15" in answer
    assert "what you typed is still there" in answer


@contextmanager
def crawling(writer, count):
    """Have so many clients send a long form, one byte after half a second."""
    is_over = threading.Event()
    with ExitStack() as opened:
        clients = [opened.enter_context(writer.connect()) for _ in range(count)]
        for client in clients:
            client.sendall(writer.request("POST", writer.page, "x" * 100_000)[:500])
        thread = threading.Thread(target=crawl, args=[clients, is_over])
        thread.start()
        try:
            yield
        finally:
            is_over.set()
            thread.join()


def crawl(clients, is_over):
    while not is_over.wait(0.5):
        for client in clients:
            client.sendall(b"x")


def seconds_to_save(writer):
    started = time.monotonic()
    assert status(writer.save("Meanwhile, others write.")) == 302
    return time.monotonic() - started
