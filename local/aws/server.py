"""Threaded HTTP server of the emulated AWS, with keep-alive connections and a long backlog."""

import io
import os
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import ThreadedWSGIServer

from local.aws import patches, transactions
from local.aws.cloud import Cloud, Reply
from local.aws.lambdas import LambdaInvoker
from local.aws.streams import StreamBatches
from local.mailbox.postbox import Postbox
from local.ports import HOST


class AwsHandler(MotoRequestHandler):
    """One connection: reads each request whole, has Cloud answer it, and keeps the connection alive."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def run_wsgi(self) -> None:
        environ = self.make_environ()
        source = environ["wsgi.input"]
        chunked = environ.pop("HTTP_TRANSFER_ENCODING", None)
        body = source.read() if chunked else source.read(int(environ.get("CONTENT_LENGTH") or 0))
        environ |= {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        cloud: Any = self.server.app
        self.send(cloud.answer(environ, body))

    def send(self, reply: Reply) -> None:
        code, _, reason = reply.status.partition(" ")
        self.send_response_only(int(code), reason)
        head = self.command == "HEAD"
        for name, value in reply.headers:
            if head or name.lower() != "content-length":
                self.send_header(name, value)
        if not head:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(b"" if head else reply.body)

    def handle_expect_100(self) -> bool:
        super().handle_expect_100()
        self.wfile.flush()  # the client waits for it before it sends its body
        return True

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Does nothing: only the portal's own log is shown."""


class AwsServer(ThreadedWSGIServer):
    """Accepts many connections at once."""

    request_queue_size = 512


def make_server(port: int, bridge: LambdaInvoker, postbox: Postbox) -> AwsServer:
    """Returns the server, bound but not yet serving; port 0 picks a free one. One per process: moto is global."""
    patches.enable_state_machines()
    patches.cache_constant_lookups()
    transactions.patch_transaction_rollback()
    patches.skip_attribute_value_serialization()
    patches.query_one_partition()
    patches.import_without_ec2()
    patches.route_events_to(bridge.start)
    patches.route_streams_to(StreamBatches(bridge).add)
    cloud: Any = Cloud(DomainDispatcherApplication(create_backend_app), bridge, postbox)
    server = AwsServer(HOST, port, cloud, AwsHandler)
    os.environ["MOTO_PORT"] = str(server.port)  # where the state machines' interpreter calls AWS
    return server
