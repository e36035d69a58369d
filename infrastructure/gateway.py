"""API Gateway's part of the template: routes, and gateway responses (errors before the portal) with our error page."""

import importlib
from typing import Any, NamedTuple

from chalicelib.domain.town_settings import Town
from chalicelib.handlers.http import assets
from chalicelib.handlers.http.routing import SECURITY_HEADERS
from chalicelib.rendering import render
from chalicelib.wording import guide


class GatewayAnswer(NamedTuple):
    """A gateway response: HTTP status, French wording, and Retry-After in seconds (0: no header)."""

    status: int
    wording: guide.ErrorMessage
    retry_after: int = 0


DOWN = guide.error_message(503)
ANSWERS = {
    # API Gateway's own status is 403 for an unknown path or method.
    "MISSING_AUTHENTICATION_TOKEN": GatewayAnswer(404, guide.error_message(404)),
    "RESOURCE_NOT_FOUND": GatewayAnswer(404, guide.error_message(404)),
    "ACCESS_DENIED": GatewayAnswer(403, guide.error_message(403)),
    "REQUEST_TOO_LARGE": GatewayAnswer(413, guide.error_message(413)),
    "UNSUPPORTED_MEDIA_TYPE": GatewayAnswer(415, guide.error_message(415)),
    "THROTTLED": GatewayAnswer(429, guide.THROTTLED, retry_after=60),
    "INTEGRATION_FAILURE": GatewayAnswer(503, DOWN, retry_after=120),
    "INTEGRATION_TIMEOUT": GatewayAnswer(504, DOWN, retry_after=120),
    "DEFAULT_4XX": GatewayAnswer(400, guide.error_message(400)),
    "DEFAULT_5XX": GatewayAnswer(500, guide.error_message(500)),
}
"""By API Gateway's response type; DEFAULT_… are all the others."""

CONTENT_SECURITY_POLICY = "default-src; style-src https:; img-src https:; base-uri; form-action; frame-ancestors"
"""As strict as the portal's own (a directive without a source allows nothing), and without an apostrophe: API Gateway
encloses the value in apostrophes, and documents no escape."""

HEADERS = {
    **SECURITY_HEADERS,
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
}
RESPONSE_TEMPLATE_KEY = "application/json"
"""The only response template that API Gateway uses for gateway responses, whatever their `Content-Type`."""

REQUEST = "$context.requestId"
"""API Gateway replaces it by the request's identifier."""

PORTAL = "${Portal}"
"""CloudFormation replaces it by the portal's address."""


def gateway_section(town: Town, *, function: str) -> dict[str, Any]:
    """Returns API Gateway's part of the template. `function`: the name of the web function."""
    properties = {
        "GatewayResponses": {kind: gateway_response(answer, town) for kind, answer in ANSWERS.items()},
        "DefinitionBody": {
            "paths": {path: lambda_integrations(methods, function) for path, methods in routes().items()}
        },
    }
    return {"Resources": {"RestAPI": {"Properties": properties}}}


def gateway_response(answer: GatewayAnswer, town: Town) -> dict[str, Any]:
    """Returns one of SAM's `GatewayResponses`."""
    later = {"Retry-After": str(answer.retry_after)} if answer.retry_after else {}
    page = {"Fn::Sub": [error_page(answer, town), {"Portal": portal_url(in_api_definition=True)}]}
    return {
        "StatusCode": answer.status,
        "ResponseParameters": {"Headers": {name: f"'{value}'" for name, value in (HEADERS | later).items()}},
        "ResponseTemplates": {RESPONSE_TEMPLATE_KEY: page},
    }


def gateway_response_resources(responses: dict[str, Any]) -> dict[str, Any]:
    """Returns the same responses as resources, for emulators: they do not read them in the API's definition."""
    return {
        "Answer" + kind.title().replace("_", ""): gateway_response_resource(kind, one)
        for kind, one in responses.items()
    }


def gateway_response_resource(kind: str, one: dict[str, Any]) -> dict[str, Any]:
    headers = one["ResponseParameters"]["Headers"]
    properties = {
        "RestApiId": {"Ref": "RestAPI"},
        "ResponseType": kind,
        "StatusCode": str(one["StatusCode"]),
        "ResponseParameters": {f"gatewayresponse.header.{name}": value for name, value in headers.items()},
        "ResponseTemplates": one["ResponseTemplates"],
    }
    return {"Type": "AWS::ApiGateway::GatewayResponse", "Properties": properties}


def error_page(answer: GatewayAnswer, town: Town) -> str:
    """Returns the portal's error page (HTML), as unauthenticated visitors see it."""
    return render(
        "pages/error.html",
        status=answer.status,
        title=answer.wording.title,
        message=answer.wording.sentence,
        reference=REQUEST,
        town=town,
        path="",
        signed_in=False,
        csrf="",
        flash=None,
        link=lambda path: PORTAL + path,
        static=lambda file: f"{PORTAL}/static/{assets.static_version(town)}/{file}",
    )


def portal_url(*, in_api_definition: bool = False) -> dict[str, Any]:
    """Returns the public address, as a CloudFormation expression: the parameter, else the domain, else the API's.

    `in_api_definition`: the API's own definition cannot reference the API, so its path replaces its address.
    """
    own: Any = {"Fn::Sub": "https://${RestAPI}.execute-api.${AWS::Region}.${AWS::URLSuffix}/api"}
    at_domain = fn_if(
        "WithBasePath", {"Fn::Sub": "https://${DomainName}/${BasePath}"}, {"Fn::Sub": "https://${DomainName}"}
    )
    return fn_if(
        "WithPublicUrl", {"Ref": "PublicUrl"}, fn_if("WithDomain", at_domain, "/api" if in_api_definition else own)
    )


def fn_if(condition: str, then: Any, otherwise: Any) -> dict[str, Any]:
    return {"Fn::If": [condition, then, otherwise]}


def routes() -> dict[str, Any]:
    """Returns the application's routes by path and method. Imported lazily: it is the whole portal."""
    found: dict[str, Any] = importlib.import_module("app").app.routes
    return found


def lambda_integrations(methods: dict[str, Any], function: str) -> dict[str, Any]:
    """Returns the Lambda integration of each method of a path, by the function's name.

    Chalice references its resource, a circular dependency: the function depends on the API for its own address.
    """
    arn = f"arn:${{AWS::Partition}}:lambda:${{AWS::Region}}:${{AWS::AccountId}}:function:{function}"
    uri = f"arn:${{AWS::Partition}}:apigateway:${{AWS::Region}}:lambda:path/2015-03-31/functions/{arn}/invocations"
    return {verb.lower(): {"x-amazon-apigateway-integration": {"uri": {"Fn::Sub": uri}}} for verb in methods}
