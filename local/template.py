"""Renders `.chalice/`'s infrastructure for one stage: one set of files for CloudFormation and for the desk.

Placeholders are `${prefix}` (what the stage's names begin with), `${stage}`, `${functions}` (what Chalice puts before
the name of a Lambda), `${domain}` (of the town's mails), `${kept}` (a deletion policy), `${protected}` (true in prod)
and `${file:NAME.asl.json}` (a state machine, rendered in turn, as the one string that CloudFormation takes). Any other
`${…}` is CloudFormation's own.

`python -m local.template --stage prod [--prefix saint-aubin-prod]` prints what `chalice package --merge-template`
merges.
"""

import argparse
import json
import re
from pathlib import Path
from typing import Any

from chalicelib.settings import Settings, load_town
from local.parameters import settings_section

APP_NAME = "portail-famille"
TOWN = Settings.model_fields["town_file"].default
CHALICE = Path(__file__).parent.parent / ".chalice"
PLACEHOLDER = re.compile(r"\$\{([a-z]+)(?::([a-z.-]+))?\}")

Resources = dict[str, dict[str, Any]]


def render(*, stage: str, prefix: str = "", town: str = TOWN) -> dict[str, Any]:
    """The whole template of a stage. `prefix` defaults to `portail-famille-<stage>`, as in Settings.

    Raises KeyError when a file names a placeholder that does not exist, ValueError when two files name one resource.
    """
    values = placeholders(stage=stage, prefix=prefix, town=town)
    template: dict[str, Any] = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": {}, **settings_section(town)}
    for path in sorted((CHALICE / "resources").glob("*.json")):
        part = fill(json.loads(path.read_text("utf-8")), values)
        for section, entries in part.items():
            merge(template.setdefault(section, {}), entries, path)
    return template


def placeholders(*, stage: str, prefix: str = "", town: str = TOWN) -> dict[str, str | bool]:
    """What `${…}` may name on this stage."""
    return {
        "stage": stage,
        "prefix": prefix or f"{APP_NAME}-{stage}",
        "functions": f"{APP_NAME}-{stage}",
        "kept": "Retain" if stage == "prod" else "Delete",
        "protected": stage == "prod",
        "domain": load_town(town).mail_from.partition("@")[2],
    }


def fill(node: Any, values: dict[str, str | bool]) -> Any:
    """The same tree with our placeholders replaced; a string that is only a placeholder takes its type too."""
    if isinstance(node, dict):
        return {key: fill(value, values) for key, value in node.items()}
    if isinstance(node, list):
        return [fill(value, values) for value in node]
    if not isinstance(node, str):
        return node
    whole = PLACEHOLDER.fullmatch(node)
    if whole:
        return replacement(whole, values)
    return PLACEHOLDER.sub(lambda found: str(replacement(found, values)), node)


def replacement(found: re.Match[str], values: dict[str, str | bool]) -> str | bool:
    name, file = found.groups()
    if name != "file":
        return values[name]
    machine = json.loads((CHALICE / file).read_text("utf-8"))
    return json.dumps(fill(machine, values), ensure_ascii=False)


def merge(section: dict[str, Any], entries: dict[str, Any], path: Path) -> None:
    twice = section.keys() & entries.keys()
    if twice:
        raise ValueError(f"{path.name}: already defined elsewhere: {', '.join(sorted(twice))}")
    section.update(entries)


def of_type(resources: Resources, kind: str) -> list[dict[str, Any]]:
    """The properties of the resources of one CloudFormation type, in the order of the files."""
    return [resource.get("Properties", {}) for resource in resources.values() if resource["Type"] == kind]


def nouns(kind: str, name_property: str) -> tuple[str, ...]:
    """What comes after the prefix in the names of a type: `accounts`, `invoices`…"""
    resources = render(stage="local", prefix="")["Resources"]
    return tuple(p[name_property].removeprefix(f"{APP_NAME}-local-") for p in of_type(resources, kind))


TABLES = nouns("AWS::DynamoDB::Table", "TableName")
BUCKETS = nouns("AWS::S3::Bucket", "BucketName")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m local.template", description=__doc__.splitlines()[0])
    parser.add_argument("--stage", required=True)
    parser.add_argument("--prefix", default="")
    parser.add_argument("--town", default=TOWN)
    chosen = parser.parse_args()
    print(json.dumps(render(stage=chosen.stage, prefix=chosen.prefix, town=chosen.town), indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
