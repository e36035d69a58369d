"""What a stage may be told when it is deployed: each setting of `Settings` as a parameter of the template.

`PORTAIL_ONLINE_PAYMENT` of a function is so the template's parameter `OnlinePayment`, whose default is the setting's.
"""

from typing import Any

from chalicelib.stage_settings import PREFIX, Settings
from infrastructure.gateway import portal_url

REHEARSED = {"captcha_answer", "clock_file", "cookie_secure", "bcrypt_cost"}
"""Settings of the desk and of tests, which a deployed stage refuses or must not touch."""

ELSEWHERE: dict[str, Any] = {
    "stage": {"Ref": "Stage"},
    "prefix": {"Ref": "Prefix"},
    "public_url": portal_url(),
    "mail_configuration_set": {"Ref": "Mails"},
    "paybox_public_keys": "",  # beside the secrets, in SSM: several PEMs do not fit a parameter's line
}
ASKED = {"paybox_url", "paybox_site", "paybox_rang", "paybox_identifiant"}
"""No default of the desk's would do: whoever deploys must say them."""


def settings_section(town: str) -> dict[str, Any]:
    """The template's `Parameters` and `Globals` for a town, whose file's name is the default of `TownFile`."""
    chosen = [name for name in Settings.model_fields if name not in REHEARSED | ELSEWHERE.keys()]
    parameters = {parameter_name(name): parameter(name, town) for name in chosen}
    variables = ELSEWHERE | {name: {"Ref": parameter_name(name)} for name in chosen}
    environment = {PREFIX + name.upper(): value for name, value in sorted(variables.items()) if value}
    return {"Parameters": parameters, "Globals": {"Function": {"Environment": {"Variables": environment}}}}


def parameter_name(setting: str) -> str:
    return "".join(word.title() for word in setting.split("_"))


def parameter(name: str, town: str) -> dict[str, str]:
    """One parameter. CloudFormation has neither booleans nor « not set »: the empty string is that."""
    if name in ASKED:
        return {"Type": "String", "AllowedPattern": ".+"}
    default = town if name == "town_file" else Settings.model_fields[name].default
    return {"Type": "String", "Default": str(int(default) if isinstance(default, bool) else default)}
