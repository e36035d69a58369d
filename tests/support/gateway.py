"""API Gateway as it really speaks: base64 bodies, capitalised headers, decoded path parameters, a stage in the path."""

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from app import app
from chalicelib.handlers.http.routing import gateway_error_page
from tests.support.rights import WEB, acting

STAGE = "api"


@dataclass(frozen=True)
class Answer:
    """`headers` maps lower-case names to their values, in order."""

    status: int
    headers: dict[str, list[str]]
    body: bytes

    def header(self, name: str) -> str | None:
        values = self.headers.get(name.lower(), [])
        assert len(values) <= 1, f"{name} is sent twice"
        return values[0] if values else None

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def location(self) -> str | None:
        return self.header("location")


@dataclass(frozen=True)
class Call:
    """What a client sends; `body` None is a request without one."""

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    source_ip: str = "203.0.113.7"


def send(call: Call) -> Answer:
    """Send a call as the gateway hands it to the function, and its response back to the client."""
    parts = urlsplit(call.url)
    matched = match_route(parts.path)
    if matched is None:
        return read_response(gateway_error_page(404, reference="GATEWAY1").to_dict(["*/*"]))
    with acting(WEB):
        return read_response(app(event_of(call, parts, *matched), None))


def match_route(path: str) -> tuple[str, dict[str, str]] | None:
    """The route of a path and its parameters, decoded as API Gateway decodes them."""
    for route in sorted(app.routes, key=lambda one: one.count("{")):
        ours, theirs = route.split("/"), path.split("/")
        if len(ours) == len(theirs) and all(a == b or (a[:1] == "{" and b) for a, b in zip(ours, theirs, strict=True)):
            pairs = zip(ours, theirs, strict=True)
            return route, {a[1:-1]: unquote(b) for a, b in pairs if a[:1] == "{"}
    return None


def event_of(call: Call, parts: SplitResult, route: str, parameters: dict[str, str]) -> dict[str, Any]:
    query = parse_qsl(parts.query, keep_blank_values=True)
    headers = {"Host": "abc123.execute-api.eu-west-3.amazonaws.com", **call.headers}
    return {
        "resource": route,
        "path": parts.path,
        "httpMethod": call.method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": dict(query) or None,
        "multiValueQueryStringParameters": grouped(query) or None,
        "pathParameters": parameters or None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": route,
            "httpMethod": call.method,
            "path": f"/{STAGE}{parts.path}",
            "stage": STAGE,
            "requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
            "identity": {"sourceIp": call.source_ip, "userAgent": call.headers.get("User-Agent")},
        },
        "body": None if call.body is None else base64.b64encode(call.body).decode(),
        "isBase64Encoded": call.body is not None,
    }


def grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for name, value in pairs:
        groups.setdefault(name, []).append(value)
    return groups


def read_response(response: dict[str, Any]) -> Answer:
    """The gateway's reading of what the function returned; it must be JSON, and a binary body must say so."""
    response = json.loads(json.dumps(response))
    headers = {name.lower(): [value] for name, value in response.get("headers", {}).items()}
    for name, values in response.get("multiValueHeaders", {}).items():
        headers[name.lower()] = list(values)
    assert response["isBase64Encoded"], "with binary types */* a text body would be mangled"
    return Answer(response["statusCode"], headers, base64.b64decode(response["body"]))
