"""The desk's web server: what a browser, a crowd and a liar get of it."""

import contextlib
import gzip
import http.client
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from chalice.app import Chalice, Response

from chalicelib import portal as portals
from chalicelib.stage_settings import Secrets, Settings
from local import server as servers
from local import wire

HTML = {"Content-Type": "text/html; charset=utf-8"}
PAGE = "<!doctype html><html lang=fr><h1>Réponse</h1>".encode() * 60
SECURITY = ("Strict-Transport-Security", "Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy")


def small_application():
    app = Chalice("portail-famille")
    app.api.binary_types = ["*/*"]

    @app.route("/page", methods=["GET", "HEAD"])
    def page():
        return Response(PAGE, headers={**HTML, "Set-Cookie": ["a=1", "b=2"]})

    @app.route("/source")
    def source():
        return Response(app.current_request.context["identity"]["sourceIp"].encode(), headers={**HTML})

    @app.route("/echo", methods=["POST"], content_types=["application/x-www-form-urlencoded"])
    def echo():
        return Response(app.current_request.raw_body, headers={"Content-Type": "application/pdf"})

    return app


@pytest.fixture(scope="module")
def portal():
    """A portal that never calls AWS: it is asked for error pages only."""
    keys = dict.fromkeys(("pepper", "csrf", "links", "activation", "counting"), (b"k" * 32,))
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "eu-west-3")
        portal = portals.build(Settings(), Secrets(**keys, paybox_hmac_key="00"))
        patch.setattr(portals, "current", lambda: portal)
        yield portal


@pytest.fixture(scope="module")
def port(portal):
    """A server of the small application, with the portal's own error pages."""
    server = servers.make_server(small_application(), 0, base_path="/portail")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def ask(port, method, path, body=None, **headers):
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request(method, path, body=body, headers={n.replace("_", "-"): v for n, v in headers.items()})
        answer = connection.getresponse()
        return answer, answer.read()


def say(port, raw, *, hang_up=False):
    """Send these bytes as they are; everything that comes back before the server hangs up."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(raw)
        if hang_up:
            connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_a_page_comes_whole_with_all_its_cookies(port):
    answer, body = ask(port, "GET", "/page", Accept="*/*")
    assert (answer.status, body) == (200, PAGE)
    assert answer.headers.get_all("Set-Cookie") == ["a=1", "b=2"]
    assert "Python" not in answer.headers["Server"]


def test_head_says_what_get_would_and_sends_no_body(port):
    get, body = ask(port, "GET", "/page", Accept="*/*")
    head, nothing = ask(port, "HEAD", "/page", Accept="*/*")
    assert (head.status, nothing) == (200, b"")
    assert head.headers["Content-Length"] == get.headers["Content-Length"] == str(len(body))


@pytest.mark.parametrize("accepted", ["gzip, deflate, br", "*", "br;q=0.9, gzip;q=0.1"])
def test_a_page_of_more_than_a_kilobyte_is_compressed_for_who_takes_it(port, accepted):
    answer, body = ask(port, "GET", "/page", Accept="*/*", Accept_Encoding=accepted)
    assert (answer.headers["Content-Encoding"], answer.headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert gzip.decompress(body) == PAGE
    assert len(body) < 300


@pytest.mark.parametrize("accepted", ["", "identity", "gzip;q=0", "gzip; q=0.0, *"])
def test_it_is_not_for_who_does_not(port, accepted):
    answer, body = ask(port, "GET", "/page", Accept="*/*", Accept_Encoding=accepted)
    assert (answer.headers["Content-Encoding"], answer.headers["Vary"], body) == (None, "Accept-Encoding", PAGE)


def test_documents_and_small_answers_are_sent_as_they_are(port):
    form = {"Content_Type": "application/x-www-form-urlencoded", "Accept_Encoding": "gzip", "Accept": "*/*"}
    answer, body = ask(port, "POST", "/echo", body=b"x" * 5000, **form)
    assert (answer.headers["Content-Encoding"], body) == (None, b"x" * 5000)
    assert ask(port, "GET", "/source", Accept="*/*", Accept_Encoding="gzip")[0].headers["Content-Encoding"] is None


@pytest.mark.parametrize("path", ["/inconnue", "/page/x", "//", "/%ff", "/echo/..", "//[", "/Page"])
def test_an_unknown_address_is_our_french_page(port, path):
    answer, body = ask(port, "GET", path)
    assert (answer.status, "Page introuvable" in body.decode()) == (404, True)
    assert all(answer.headers[name] for name in SECURITY)


def test_a_trailing_slash_is_dropped_as_api_gateway_does(port):
    assert ask(port, "GET", "/page/", Accept="*/*")[0].status == 200


def test_an_unknown_address_is_the_same_page_whatever_it_claims_to_be_authorised_for(port):
    answer, body = ask(port, "GET", "/inconnue", Authorization="Basic é".encode())
    assert (answer.status, "Page introuvable" in body.decode()) == (404, True)


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "GET"])
def test_other_verbs_are_refused_in_french_with_the_security_headers(port, method):
    answer, body = ask(port, method, "/echo", body=b"" if method in ("PUT", "PATCH") else None)
    assert (answer.status, "Action impossible" in body.decode()) == (405, True)
    assert all(answer.headers[name] for name in SECURITY)
    assert method == "PROPFIND" or answer.headers["Allow"] == "POST"


def test_the_visitors_address_is_the_peers(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, source_address=("127.0.0.9", 0))
    with contextlib.closing(connection):
        connection.request("GET", "/source", headers={"X-Forwarded-For": "8.8.8.8", "Accept": "*/*"})
        assert connection.getresponse().read() == b"127.0.0.9"


def test_the_base_path_of_the_public_address_is_taken_off(port):
    assert ask(port, "GET", "/portail/page", Accept="*/*")[0].status == 200


def test_a_connection_serves_many_requests(port):
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
        for path, status in (("/page", 200), ("/inconnue", 404), ("/page", 200)):
            connection.request("GET", path, headers={"Accept": "*/*"})
            answer = connection.getresponse()
            answer.read()
            assert (answer.status, answer.will_close) == (status, False)


POST = b"POST /echo HTTP/1.1\r\nHost: x\r\nAccept: */*\r\nContent-Type: application/x-www-form-urlencoded\r\n"


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (POST + b"\r\nabc", b"411"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", b"411"),
        (POST + b"Content-Length: 3, 4\r\n\r\nabc", b"400"),
        (POST + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", b"400"),
        (POST + b"Content-Length: -3\r\n\r\nabc", b"400"),
        (POST + b"Content-Length: trois\r\n\r\nabc", b"400"),
        (POST + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\nabc", b"413"),
        (POST + b"Content-Length: 10000001\r\n\r\nabc", b"413"),
        (POST + b"Content-Length: 4\r\n\r\nabc", b"400"),
        (b"\x00\xff\r\n\r\n", b"400"),
        (b"GET /page HTTP/2.0\r\n\r\n", b"400"),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", b"414"),
        (b"GET /page HTTP/1.1\r\n" + b"x: y\r\n" * 200 + b"\r\n", b"431"),
        (b"GET /page HTTP/1.1\r\nx: " + b"y" * 70_000 + b"\r\n\r\n", b"431"),
    ],
)
def test_a_request_that_lies_is_refused_with_a_page(port, raw, status):
    answer = say(port, raw)
    assert answer.split(b" ", 2)[1] == status
    assert b'<html lang="fr"' in answer


def test_a_body_cut_short_by_hanging_up_is_refused_at_once(port):
    started = time.monotonic()
    answer = say(port, POST + b"Content-Length: 400\r\n\r\nabc", hang_up=True)
    assert answer.startswith(b"HTTP/1.1 400")
    assert time.monotonic() - started < wire.BODY_TIMEOUT_SECONDS


def test_a_body_that_is_too_long_is_answered_before_it_was_all_sent(port):
    answer, body = ask(port, "POST", "/echo", body=b"x" * (wire.MAX_BODY + 1))
    assert (answer.status, "trop volumineux" in body.decode()) == (413, True)


def test_ten_megabytes_are_taken_even_by_who_waits_for_leave(port):
    form = {"Content_Type": "application/x-www-form-urlencoded", "Accept": "*/*", "Expect": "100-continue"}
    answer, body = ask(port, "POST", "/echo", body=b"x" * wire.MAX_BODY, **form)
    assert (answer.status, len(body)) == (200, wire.MAX_BODY)


def test_two_requests_sent_together_are_answered_in_order(port):
    answer = say(
        port, POST + b"Content-Length: 3\r\n\r\nabc" + POST + b"Content-Length: 2\r\nConnection: close\r\n\r\nde"
    )
    assert answer.index(b"\r\n\r\nabc") < answer.index(b"\r\n\r\nde")


def test_an_error_inside_is_a_page_too(port, monkeypatch):
    monkeypatch.setattr(servers.PortalHandler, "dispatch", lambda handler, body: 1 / 0)
    answer, body = ask(port, "GET", "/page")
    assert (answer.status, "Erreur du portail" in body.decode()) == (500, True)


def test_five_hundred_and_twelve_connections_at_once_are_all_served(port):
    crowd = [socket.create_connection(("127.0.0.1", port), timeout=30) for _ in range(512)]

    def visit(connection):
        with connection:
            connection.sendall(b"GET /source HTTP/1.1\r\nHost: x\r\nAccept: */*\r\nConnection: close\r\n\r\n")
            return connection.recv(12)

    with ThreadPoolExecutor(32) as threads:
        assert set(threads.map(visit, crowd)) == {b"HTTP/1.1 200"}


def test_two_hundred_visitors_never_read_each_others_request(port):
    form = {"Content_Type": "application/x-www-form-urlencoded", "Accept": "*/*"}

    def post(number):
        return ask(port, "POST", "/echo", body=f"visitor={number}", **form)[1]

    with ThreadPoolExecutor(32) as threads:
        assert list(threads.map(post, range(200))) == [f"visitor={number}".encode() for number in range(200)]
