"""One client per service and process, whoever asks first, and none that nobody asked for."""

import threading

import boto3

from chalicelib.clients import Clients

THREADS = 8


def test_threads_that_ask_at_the_same_instant_share_one_client(monkeypatch):
    made, together, got = [], threading.Barrier(THREADS), []

    def client(service, config):
        made.append(service)
        return object()

    monkeypatch.setattr(boto3, "client", client)
    shared = Clients()

    def ask():
        together.wait()
        got.append(shared.s3)

    threads = [threading.Thread(target=ask) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == ["s3"]
    assert len(set(map(id, got))) == 1
