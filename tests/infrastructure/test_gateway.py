"""API Gateway's own answers are our error page: its words, its headers, and the people to call."""

import re

import pytest

from app import app
from chalicelib.stage_settings import load_town
from chalicelib.wording import guide
from infrastructure.gateway import ANSWERS, portal_url
from tests.support.packaging import packaged

TOWN = load_town("saint-aubin-les-pins")
API = packaged("prod")["Resources"]["RestAPI"]["Properties"]
RESPONSES = API["GatewayResponses"]


def page(kind):
    return RESPONSES[kind]["ResponseTemplates"]["application/json"]["Fn::Sub"][0]


def test_each_failure_that_a_visitor_can_meet_has_its_status():
    assert {kind: one["StatusCode"] for kind, one in RESPONSES.items()} == {
        "MISSING_AUTHENTICATION_TOKEN": 404, "RESOURCE_NOT_FOUND": 404, "ACCESS_DENIED": 403, "REQUEST_TOO_LARGE": 413,
        "UNSUPPORTED_MEDIA_TYPE": 415, "THROTTLED": 429, "INTEGRATION_FAILURE": 503, "INTEGRATION_TIMEOUT": 504,
        "DEFAULT_4XX": 400, "DEFAULT_5XX": 500,
    }  # fmt: skip


@pytest.mark.parametrize("kind", RESPONSES)
def test_a_page_says_what_happened_and_whom_to_call_in_french(kind):
    html = page(kind)
    assert html.startswith('<!doctype html>\n<html lang="fr">')
    assert f"<h1>{ANSWERS[kind].wording.title}</h1>" in html
    for said in (TOWN.desk.phone, TOWN.desk.hours, *TOWN.desk.address):
        assert said.replace(" ", "") in re.sub(r"\s", "", html)
    assert "$context.requestId" in html
    assert f"Erreur {RESPONSES[kind]['StatusCode']}" in html


@pytest.mark.parametrize("kind", RESPONSES)
def test_a_page_asks_for_no_cookie_no_form_and_no_script_and_leads_to_the_portal(kind):
    html = page(kind)
    assert not re.search(r"<(form|script|input|style)|\son\w+=", html)
    links = re.findall(r'(?:href|src)="([^"#]+)', html)
    assert links
    assert all(link.startswith(("${Portal}/", "tel:")) for link in links)
    assert set(re.findall(r"\$[{a-zA-Z.]+}?", html)) == {"${Portal}", "$context.requestId"}


@pytest.mark.parametrize("kind", RESPONSES)
def test_a_page_has_the_security_headers_each_between_apostrophes_with_none_inside(kind):
    headers = RESPONSES[kind]["ResponseParameters"]["Headers"]
    assert all(re.fullmatch(r"'[^']+'", value) for value in headers.values())
    said = {name: value.strip("'") for name, value in headers.items()}
    assert said["Strict-Transport-Security"].startswith("max-age=63072000")
    assert (said["X-Content-Type-Options"], said["Referrer-Policy"]) == ("nosniff", "same-origin")
    assert (said["Cache-Control"], said["Content-Type"]) == ("no-store", "text/html; charset=utf-8")
    policy = {part.split()[0]: part.split()[1:] for part in said["Content-Security-Policy"].split("; ")}
    assert policy == {"default-src": [], "style-src": ["https:"], "img-src": ["https:"], "base-uri": [],
                      "form-action": [], "frame-ancestors": []}  # fmt: skip
    assert ("Retry-After" in said) is (RESPONSES[kind]["StatusCode"] in (429, 503, 504))


def test_a_crowd_is_told_that_it_is_nobody_s_fault():
    assert guide.THROTTLED.sentence in page("THROTTLED")
    assert "vous avez fait" not in page("THROTTLED").lower()


@pytest.mark.parametrize("verb_and_path", sorted((verb, path) for path, verbs in app.routes.items() for verb in verbs))
def test_every_route_calls_the_web_function_by_its_name_so_that_it_may_know_its_own_address(verb_and_path):
    verb, path = verb_and_path
    called = API["DefinitionBody"]["paths"][path][verb.lower()]["x-amazon-apigateway-integration"]
    assert called["uri"]["Fn::Sub"].endswith(":function:portail-famille-prod/invocations")
    assert called["type"] == "aws_proxy"


def worked_out(node, **given):
    """What CloudFormation makes of our expressions, for these parameters."""
    if isinstance(node, str):
        return node
    if "Ref" in node:
        return given[node["Ref"]]
    if "Fn::Sub" in node:
        return re.sub(r"\$\{([\w:]+)}", lambda found: given.get(found[1], found[1]), node["Fn::Sub"])
    condition, then, otherwise = node["Fn::If"]
    parameter = {"WithPublicUrl": "PublicUrl", "WithDomain": "DomainName", "WithBasePath": "BasePath"}[condition]
    return worked_out(then if given[parameter] else otherwise, **given)


NONE = {"PublicUrl": "", "DomainName": "", "BasePath": ""}


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, "https://RestAPI.execute-api.AWS::Region.AWS::URLSuffix/api"),
        ({"BasePath": "famille"}, "https://RestAPI.execute-api.AWS::Region.AWS::URLSuffix/api"),
        ({"DomainName": "portail.example.org"}, "https://portail.example.org"),
        ({"DomainName": "ville.example.org", "BasePath": "famille"}, "https://ville.example.org/famille"),
        ({"DomainName": "x.example.org", "PublicUrl": "https://ville.example.org/p"}, "https://ville.example.org/p"),
    ],
)
def test_the_public_address_is_what_is_given_else_the_domain_else_the_api_s(given, address):
    told = packaged("prod")["Globals"]["Function"]["Environment"]["Variables"]["PORTAIL_PUBLIC_URL"]
    assert worked_out(told, **NONE | given) == address
    assert packaged("prod")["Outputs"]["PortalUrl"]["Value"] == told


def test_the_api_does_not_name_itself_in_its_own_definition():
    assert worked_out(portal_url(in_api_definition=True), **NONE) == "/api"
    assert "RestAPI" not in str(API)
