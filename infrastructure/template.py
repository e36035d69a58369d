"""Renders the CloudFormation template of a stage from `.chalice/`; the local stack uses the same files.

Placeholders are `${prefix}` (what the stage's names begin with), `${stage}`, `${functions}` (what Chalice puts before
the name of a Lambda), `${domain}` (of the town's mails), `${portal}` (the public address, an expression of
CloudFormation), `${kept}` (a deletion policy), `${protected}` (true in prod) and `${file:NAME.asl.json}` (a state
machine, rendered in turn, as the one string that CloudFormation takes). Any other `${…}` is CloudFormation's own.

A file's `Each` holds patterns: their `Resources` are repeated for each name of `Of`, as `${name}` (draw_receipt),
`${dashed}` (draw-receipt) and `${title}` (DrawReceipt, as Chalice names a resource). What several files define of one
resource is merged.

`python -m infrastructure.template --stage prod [--prefix saint-aubin-prod] [--town saint-aubin-les-pins]` prints what
`chalice package --merge-template` merges.
"""

import argparse
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chalicelib.stage_settings import Settings, load_town
from infrastructure import gateway
from infrastructure.parameters import logical_id, settings_section

APP_NAME = "portail-famille"
TOWN: str = Settings.model_fields["town_file"].default
CHALICE = Path(__file__).parent.parent / ".chalice"
PLACEHOLDER = re.compile(r"\$\{([a-z]+)(?::([a-z.-]+))?\}")
UNSUPPORTED_BY_EMULATOR = {"AWS::Budgets::Budget", "AWS::SQS::QueuePolicy"}
"""Emulators have no budgets, and speak plain HTTP, which the queues' policies refuse."""

Resources = dict[str, dict[str, Any]]
Values = dict[str, Any]


def render(*, stage: str, prefix: str = "", town: str = TOWN) -> dict[str, Any]:
    """Returns the whole template of a stage. `prefix` defaults to `portail-famille-<stage>`, as in Settings.

    Raises KeyError when a file names a placeholder that does not exist, ValueError when two files give one property
    different values, FileNotFoundError when the town has no file.
    """
    values = placeholders(stage=stage, prefix=prefix, town=town)
    template: dict[str, Any] = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": {}, **settings_section(town)}
    for path in sorted((CHALICE / "resources").glob("*.json")):
        for part, names in expand_patterns(json.loads(path.read_text("utf-8"))):
            merge(template, fill(part, values | names), path.name)
    if stage != "local":
        merge(template, gateway.gateway_section(load_town(town), function=values["functions"]), "gateway")
    return template


def placeholders(*, stage: str, prefix: str = "", town: str = TOWN) -> Values:
    """Returns the values of the `${…}` placeholders on this stage."""
    return {
        "stage": stage,
        "prefix": prefix or f"{APP_NAME}-{stage}",
        "functions": f"{APP_NAME}-{stage}",
        "kept": "Retain" if stage == "prod" else "Delete",
        "protected": stage == "prod",
        "domain": load_town(town).mail_from.partition("@")[2],
        "portal": gateway.portal_url(),
    }


def expand_patterns(file: dict[str, Any]) -> Iterator[tuple[dict[str, Any], Values]]:
    """Yields each pattern of the file once per name, then the file's own sections, with their placeholders."""
    for pattern in file.pop("Each", ()):
        for name in pattern_names(pattern.pop("Of")):
            yield pattern, {"name": name, "dashed": name.replace("_", "-"), "title": logical_id(name)}
    yield file, {}


def pattern_names(names: list[str] | str) -> list[str]:
    """Returns a list as is; « functions » are the Lambda tasks of config.json, « logs » these and the web function."""
    if not isinstance(names, str):
        return names
    tasks = list(json.loads((CHALICE / "config.json").read_text("utf-8"))["lambda_functions"])
    return {"functions": tasks, "logs": ["api_handler", *tasks]}[names]


def fill(node: Any, values: Values) -> Any:
    """Returns the tree with our placeholders replaced; a string that is only a placeholder takes the value's type."""
    if isinstance(node, dict):
        return {fill(key, values): fill(value, values) for key, value in node.items()}
    if isinstance(node, list):
        return [fill(value, values) for value in node]
    if not isinstance(node, str):
        return node
    whole = PLACEHOLDER.fullmatch(node)
    if whole:
        return replacement(whole, values)
    return PLACEHOLDER.sub(lambda found: str(replacement(found, values)), node)


def replacement(found: re.Match[str], values: Values) -> Any:
    name, file = found.groups()
    if name != "file":
        return values[name]
    machine = json.loads((CHALICE / file).read_text("utf-8"))
    return json.dumps(fill(machine, values), ensure_ascii=False)


def merge(whole: dict[str, Any], part: dict[str, Any], source: str) -> None:
    """Deep-merge `part` into `whole`. Raises ValueError when both define a key differently."""
    for key, value in part.items():
        if isinstance(whole.get(key), dict) and isinstance(value, dict):
            merge(whole[key], value, source)
        elif whole.setdefault(key, value) != value:
            raise ValueError(f"{source}: {key} is already defined otherwise")


def emulator_template(template: dict[str, Any]) -> dict[str, Any]:
    """Returns the template for an emulated AWS: without unsupported types, with gateway responses as resources."""
    known = {name: one for name, one in template["Resources"].items() if one["Type"] not in UNSUPPORTED_BY_EMULATOR}
    return template | {
        "Resources": known | gateway.gateway_response_resources(known["RestAPI"]["Properties"]["GatewayResponses"])
    }


def of_type(resources: Resources, kind: str) -> list[dict[str, Any]]:
    """Returns the properties of the resources of one CloudFormation type, in the order of the files."""
    return [resource.get("Properties", {}) for resource in resources.values() if resource["Type"] == kind]


def resource_names(kind: str, name_property: str) -> tuple[str, ...]:
    """Returns the names of a resource type, without their prefix: `accounts`, `invoices`…"""
    resources = render(stage="local", prefix="")["Resources"]
    return tuple(p[name_property].removeprefix(f"{APP_NAME}-local-") for p in of_type(resources, kind))


TABLES = resource_names("AWS::DynamoDB::Table", "TableName")
BUCKETS = resource_names("AWS::S3::Bucket", "BucketName")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m infrastructure.template", description=__doc__.splitlines()[0])
    parser.add_argument("--stage", required=True)
    parser.add_argument("--prefix", default="")
    parser.add_argument("--town", default=TOWN)
    chosen = parser.parse_args()
    print(json.dumps(render(stage=chosen.stage, prefix=chosen.prefix, town=chosen.town), indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
