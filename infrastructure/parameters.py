"""Template parameters and environment variables: one parameter for each setting of `Settings`.

`PORTAIL_ONLINE_PAYMENT` of a function is the template's parameter `OnlinePayment`, with the setting's default.
"""

from typing import Any

from chalicelib.stage_settings import PREFIX, Settings
from infrastructure.gateway import portal_url

LOCAL_ONLY = {"captcha_answer", "clock_file", "cookie_secure", "bcrypt_cost"}
"""Settings for local use and tests, which a deployed stage refuses or must not change."""

COMPUTED: dict[str, Any] = {
    "stage": {"Ref": "Stage"},
    "prefix": {"Ref": "Prefix"},
    "public_url": portal_url(),
    "mail_configuration_set": {"Ref": "Mails"},
    "paybox_public_keys": "",  # in SSM with the secrets: several PEMs do not fit a parameter
}
REQUIRED = {"paybox_url", "paybox_site", "paybox_rang", "paybox_identifiant"}
"""Required at deployment: the local defaults would be wrong."""


def settings_section(town: str) -> dict[str, Any]:
    """Returns the template's `Parameters` and `Globals`; `town`, a file's name, is the default of `TownFile`."""
    chosen = [name for name in Settings.model_fields if name not in LOCAL_ONLY | COMPUTED.keys()]
    parameters = {logical_id(name): parameter(name, town) for name in chosen}
    variables = COMPUTED | {name: {"Ref": logical_id(name)} for name in chosen}
    environment = {PREFIX + name.upper(): value for name, value in sorted(variables.items()) if value}
    return {"Parameters": parameters, "Globals": {"Function": {"Environment": {"Variables": environment}}}}


def logical_id(name: str) -> str:
    """Returns the logical id of a setting's parameter, and of a function in Chalice's template: « DrawReceipt »."""
    return "".join(word.title() for word in name.split("_"))


def parameter(name: str, town: str) -> dict[str, str]:
    """Returns one parameter. CloudFormation has neither booleans nor null: the empty string means not set."""
    if name in REQUIRED:
        return {"Type": "String", "AllowedPattern": ".+"}
    default = town if name == "town_file" else Settings.model_fields[name].default
    return {"Type": "String", "Default": str(int(default) if isinstance(default, bool) else default)}
