"""What API Gateway answers by itself when a request never reaches the portal: our own error page, made beforehand."""

import importlib
from typing import Any, NamedTuple

from chalicelib.domain.town_settings import Town
from chalicelib.handlers.http import assets
from chalicelib.handlers.http.routing import SECURITY_HEADERS
from chalicelib.rendering import render
from chalicelib.wording import guide


class Answer(NamedTuple):
    """An answer of ours: its status, its words, and after how many seconds to come back (0: not said)."""

    status: int
    told: guide.Failure
    retry_after: int = 0


DOWN = guide.failure(503)
ANSWERS = {
    # API Gateway says 403 of a path that no route has, and of a verb that a route lacks.
    "MISSING_AUTHENTICATION_TOKEN": Answer(404, guide.failure(404)),
    "RESOURCE_NOT_FOUND": Answer(404, guide.failure(404)),
    "ACCESS_DENIED": Answer(403, guide.failure(403)),
    "REQUEST_TOO_LARGE": Answer(413, guide.failure(413)),
    "UNSUPPORTED_MEDIA_TYPE": Answer(415, guide.failure(415)),
    "THROTTLED": Answer(429, guide.CROWDED, retry_after=60),
    "INTEGRATION_FAILURE": Answer(503, DOWN, retry_after=120),
    "INTEGRATION_TIMEOUT": Answer(504, DOWN, retry_after=120),
    "DEFAULT_4XX": Answer(400, guide.failure(400)),
    "DEFAULT_5XX": Answer(500, guide.failure(500)),
}
"""By API Gateway's name of what went wrong; DEFAULT_… is everything that is not named."""

CONTENT_SECURITY_POLICY = "default-src; style-src https:; img-src https:; base-uri; form-action; frame-ancestors"
"""As strict as the portal's own (a directive without a source allows nothing), and without an apostrophe: API Gateway
encloses the value in apostrophes, and its documentation knows no way to write one inside."""

HEADERS = {
    **SECURITY_HEADERS,
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
}
WHATEVER_IS_ACCEPTED = "application/json"
"""The one template that API Gateway uses for its own answers, whatever they hold: `Content-Type` says what it is."""

REQUEST = "$context.requestId"
"""API Gateway puts the request's identifier in its place."""

PORTAL = "${Portal}"
"""CloudFormation puts the portal's address in its place."""


def answers(town: Town, *, function: str) -> dict[str, Any]:
    """The part of the template that is API Gateway's. `function`: the name of the web function."""
    properties = {
        "GatewayResponses": {kind: response(answer, town) for kind, answer in ANSWERS.items()},
        "DefinitionBody": {"paths": {path: called(methods, function) for path, methods in routes().items()}},
    }
    return {"Resources": {"RestAPI": {"Properties": properties}}}


def response(answer: Answer, town: Town) -> dict[str, Any]:
    """One of SAM's `GatewayResponses`."""
    later = {"Retry-After": str(answer.retry_after)} if answer.retry_after else {}
    page = {"Fn::Sub": [error_page(answer, town), {"Portal": portal_url(seen_from_inside=True)}]}
    return {
        "StatusCode": answer.status,
        "ResponseParameters": {"Headers": {name: f"'{value}'" for name, value in (HEADERS | later).items()}},
        "ResponseTemplates": {WHATEVER_IS_ACCEPTED: page},
    }


def answers_apart(responses: dict[str, Any]) -> dict[str, Any]:
    """The same answers as resources, for emulators: they do not read them in the API's definition."""
    return {"Answer" + kind.title().replace("_", ""): apart(kind, one) for kind, one in responses.items()}


def apart(kind: str, one: dict[str, Any]) -> dict[str, Any]:
    headers = one["ResponseParameters"]["Headers"]
    properties = {
        "RestApiId": {"Ref": "RestAPI"},
        "ResponseType": kind,
        "StatusCode": str(one["StatusCode"]),
        "ResponseParameters": {f"gatewayresponse.header.{name}": value for name, value in headers.items()},
        "ResponseTemplates": one["ResponseTemplates"],
    }
    return {"Type": "AWS::ApiGateway::GatewayResponse", "Properties": properties}


def error_page(answer: Answer, town: Town) -> str:
    """The portal's error page as anybody sees it, signed in or not."""
    return render(
        "pages/error.html",
        status=answer.status,
        title=answer.told.title,
        message=answer.told.sentence,
        reference=REQUEST,
        town=town,
        path="",
        signed_in=False,
        csrf="",
        flash=None,
        link=lambda path: PORTAL + path,
        static=lambda file: f"{PORTAL}/static/{assets.version(town)}/{file}",
    )


def portal_url(*, seen_from_inside: bool = False) -> dict[str, Any]:
    """The address that families see, as CloudFormation works it out: what is given, else the domain, else the API's.

    `seen_from_inside` the API's own definition, which cannot name the API: its path stands for its address.
    """
    own: Any = {"Fn::Sub": "https://${RestAPI}.execute-api.${AWS::Region}.${AWS::URLSuffix}/api"}
    at_domain = chosen(
        "WithBasePath", {"Fn::Sub": "https://${DomainName}/${BasePath}"}, {"Fn::Sub": "https://${DomainName}"}
    )
    return chosen(
        "WithPublicUrl", {"Ref": "PublicUrl"}, chosen("WithDomain", at_domain, "/api" if seen_from_inside else own)
    )


def chosen(condition: str, then: Any, otherwise: Any) -> dict[str, Any]:
    return {"Fn::If": [condition, then, otherwise]}


def routes() -> dict[str, Any]:
    """The application's routes by path and verb; imported when asked for: it is the whole portal."""
    found: dict[str, Any] = importlib.import_module("app").app.routes
    return found


def called(methods: dict[str, Any], function: str) -> dict[str, Any]:
    """How the verbs of a path reach the web function: by its name.

    Chalice names its resource, on which the API then depends; the function depends on the API for its own address.
    """
    arn = f"arn:${{AWS::Partition}}:lambda:${{AWS::Region}}:${{AWS::AccountId}}:function:{function}"
    uri = f"arn:${{AWS::Partition}}:apigateway:${{AWS::Region}}:lambda:path/2015-03-31/functions/{arn}/invocations"
    return {verb.lower(): {"x-amazon-apigateway-integration": {"uri": {"Fn::Sub": uri}}} for verb in methods}
