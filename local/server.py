"""Local web server of the portal: Chalice's local gateway, hardened for browsers, load and bad requests."""

import functools
import sys
import traceback
from http.server import HTTPServer
from socketserver import TCPServer
from typing import Any

from chalice.app import Chalice, Response
from chalice.config import Config
from chalice.local import (
    ChaliceRequestHandler,
    CustomLocalChalice,
    LocalChalice,
    LocalDevServer,
    RouteMatcher,
    ThreadedHTTPServer,
)

from chalicelib.handlers.http.routing import gateway_error_page
from chalicelib.handlers.http.visit import request_reference
from local.ports import HOST
from local.wire import Body, BodyRefused, Reply, read_body, reply_of

KEEP_ALIVE_SECONDS = 60


class PortalServer(ThreadedHTTPServer):
    """Threaded server with a long backlog: Chalice's own, of 5, resets a third of 200 connections."""

    request_queue_size = 512
    base_path = ""
    routes: RouteMatcher

    def server_bind(self) -> None:
        TCPServer.server_bind(self)  # HTTPServer's would ask a DNS for our name
        self.server_name, self.server_port = HOST, self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignores OSError: a browser closed its connection."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class PortalHandler(ChaliceRequestHandler):
    """One connection. A request that never reaches the application gets the French error page too."""

    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = KEEP_ALIVE_SECONDS
    default_request_version = "HTTP/1.0"  # with 0.9, a line that cannot be read would be answered without a status
    server: PortalServer
    headers: Any

    def respond(self) -> None:
        """Read the request and answer it; an exception becomes the 500 page."""
        try:
            body = read_body(self.command, self.headers, Body(self.rfile, self.connection))
        except BodyRefused as refusal:
            self.refuse(refusal.status)
            return
        try:
            self.send(self.dispatch(body))
        except OSError:
            raise
        except Exception:
            traceback.print_exc()
            self.send(self.page(500))

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_TRACE = respond  # noqa: N815

    def dispatch(self, body: bytes) -> Reply:
        """Returns the application's reply, or the page for an unknown path (404) or method (405)."""
        method = "GET" if self.command == "HEAD" else self.command
        path = self.path.removeprefix(self.server.base_path)
        try:
            route = self.server.routes.match_route(path).route
        except ValueError:
            return self.page(404)
        allowed = self.local_gateway._app_object.routes[route]
        if method not in allowed:
            return self.page(405, allow=", ".join(sorted(allowed)))
        # Chalice gives every visitor the address 127.0.0.1; API Gateway gives the peer's.
        self.local_gateway.event_converter.LOCAL_SOURCE_IP = self.client_address[0]
        answer = self.local_gateway.handle_request(method, path, dict(self.headers), body or None)
        return reply_of(self._handle_binary(answer))

    def page(self, status: int, *, allow: str | None = None) -> Reply:
        response: Response = gateway_error_page(status, reference=request_reference({}), allow=allow)
        return reply_of({**response.to_dict(), "body": response.body})

    def refuse(self, status: int) -> None:
        """Send the error page for a request that was not read whole, and close the connection."""
        self.close_connection = True
        self.send(self.page(status))
        Body(self.rfile, self.connection).drain(self.wfile)

    def send(self, reply: Reply) -> None:
        headers = getattr(self, "headers", None) or {}
        reply = reply.compressed(headers.get("Accept-Encoding", ""))
        self.send_response(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Send the page of http.server's own errors: a bad request, an unknown method (501) or version (505)."""
        self.refuse({501: 405, 505: 400}.get(code, code))

    def handle_expect_100(self) -> bool:
        super().handle_expect_100()
        self.wfile.flush()  # the client waits for it before it sends its body
        return True

    def version_string(self) -> str:
        return "Portail-Famille"

    def log_message(self, format: str, *args: Any) -> None:
        """Does nothing: the portal writes its own log."""


def make_server(app: Chalice, port: int, *, base_path: str = "") -> HTTPServer:
    """Returns the portal's server, bound but not yet serving; port 0 picks a free one.

    `base_path` is that of the public address: API Gateway's custom domain strips it, so do we.
    """
    if not isinstance(app, LocalChalice):  # gives each thread its own current request
        CustomLocalChalice.__bases__ = (LocalChalice, app.__class__)
        app.__class__ = CustomLocalChalice
    config = Config.create(app_name=app.app_name, chalice_app=lambda: app, project_dir=".", lambda_timeout=28)
    server: PortalServer = LocalDevServer(
        app, config, HOST, port, handler_cls=functools.partial(PortalHandler), server_cls=PortalServer
    ).server
    server.base_path, server.routes = base_path, RouteMatcher(list(app.routes))
    return server
