"""Benchmark of a refused and a locked sign-in against bcrypt alone: all but the hash must be negligible."""

import re
import time
from typing import Any
from urllib.parse import urlencode

import bcrypt

from bench.canned import canned_portal
from bench.measuring import cpu_medians
from chalicelib import portal as portals
from tests.support.gateway import Call, send

COST = 12
FORM = "application/x-www-form-urlencoded"


def main() -> None:
    tries = {"failures": {"N": "1"}, "at": {"N": str(int(time.time() * 1000))}}
    answers: dict[str, Any] = {
        "BatchGetItem": lambda request: {"Responses": {}, "UnprocessedKeys": {}},
        "UpdateItem": lambda request: {"Attributes": tries},
        "GetItem": lambda request: {},
    }
    portal, clients = canned_portal(answers, bcrypt_cost=COST)
    setattr(portals, "current", lambda: portal)  # noqa: B010 - the app calls this function
    post = form()
    assert "incorrect" in send(post).text  # noqa: S101 - what is measured must be a refusal
    hashed = bcrypt.hashpw(b"x" * 64, bcrypt.gensalt(COST))
    clients.calls.clear()
    refused, floor = cpu_medians(lambda: send(post), lambda: bcrypt.checkpw(b"y" * 64, hashed), times=12)
    print(
        f"refused sign-in: {refused:.0f} ms of CPU; bcrypt alone {floor:.0f} ms; ratio {refused / floor:.3f} (≤ 1.05)"
    )
    print(f"{clients.calls.total() / 13:.0f} round trips: {dict(clients.calls)} over 13 tries")
    answers["BatchGetItem"] = lambda request: {"Responses": locked(request["RequestItems"])}
    assert send(post).status == 429  # noqa: S101
    locked_ms, floor = cpu_medians(lambda: send(post), lambda: bcrypt.checkpw(b"y" * 64, hashed), times=12)
    print(f"locked sign-in: {locked_ms:.1f} ms of CPU; ratio {locked_ms / floor:.3f} (≤ 0.03)")


def locked(tables: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Returns every requested count, by table, at seven failures a moment ago."""
    now = {"failures": {"N": "7"}, "at": {"N": str(int(time.time() * 1000))}}
    return {name: [key | now for key in asked["Keys"]] for name, asked in tables.items()}


def form() -> Call:
    """Returns the sign-in form as a browser posts it."""
    page = send(Call("GET", "/connexion"))
    cookie = page.headers["set-cookie"][0].partition(";")[0]
    found = re.search(r'name="csrf" value="([^"]+)"', page.text)
    fields = {"csrf": found[1] if found else "", "identifiant": "100001", "mot_de_passe": "faux"}
    return Call("POST", "/connexion", {"Cookie": cookie, "Content-Type": FORM}, urlencode(fields).encode())


if __name__ == "__main__":
    main()
