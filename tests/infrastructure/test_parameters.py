"""Every setting can be told to a deployed stage, and none of a rehearsal's can."""

import pytest

from chalicelib.stage_settings import Settings
from infrastructure.parameters import COMPUTED, LOCAL_ONLY, REQUIRED, settings_section
from tests.support.packaging import packaged

SECTION = settings_section("une-ville")
VARIABLES = SECTION["Globals"]["Function"]["Environment"]["Variables"]


def test_each_setting_is_a_parameter_is_said_elsewhere_or_belongs_to_rehearsals():
    told = {name.removeprefix("PORTAIL_").lower() for name in VARIABLES}
    assert told | LOCAL_ONLY | {"paybox_public_keys"} == set(Settings.model_fields)
    assert not told & LOCAL_ONLY


def test_what_nobody_can_guess_has_no_default():
    without = {name for name, one in SECTION["Parameters"].items() if "Default" not in one}
    assert without == {"PayboxUrl", "PayboxSite", "PayboxRang", "PayboxIdentifiant"}
    assert len(without) == len(REQUIRED)


def test_the_defaults_make_the_settings_that_no_variable_makes():
    asked = {"paybox_url": "https://b.example.org", "paybox_site": "1234567", "paybox_rang": "01",
             "paybox_identifiant": "1"}  # fmt: skip
    given = {"PORTAIL_" + name.upper(): value for name, value in asked.items()}
    for name, value in VARIABLES.items():
        default = SECTION["Parameters"].get(value.get("Ref"), {}).get("Default")
        given |= {name: default} if default is not None else {}
    expected = Settings(**asked, town_file="une-ville")
    assert Settings.from_mapping(given) == expected


@pytest.mark.parametrize("stage", ["test", "prod"])
def test_every_function_is_told_all_of_them(stage):
    template = packaged(stage)
    assert template["Globals"]["Function"]["Environment"]["Variables"].keys() == VARIABLES.keys()
    functions = [one for one in template["Resources"].values() if one["Type"] == "AWS::Serverless::Function"]
    assert all("Environment" not in one["Properties"] for one in functions)
    named = {one["Ref"] for one in VARIABLES.values() if "Ref" in one}
    assert named <= template["Parameters"].keys() | template["Resources"].keys()


def test_what_is_said_elsewhere_is_a_setting():
    assert COMPUTED.keys() <= Settings.model_fields.keys()
