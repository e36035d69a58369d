"""Every fake has the name of its store in `Stores`, and only methods of that store, with the same signatures."""

import inspect
from dataclasses import fields
from typing import get_type_hints

import pytest

from chalicelib.stores import Stores
from tests.support.fakes.stores import memory_stores

NOT_STORES = {"writes", "clock"}
FOR_TRANSACTIONS = {"write_row", "is_current", "update"}
"""Methods that FakeMoney calls on the other fakes, where the real stores return `Write`s."""

FAKES = {name: fake for name, fake in vars(memory_stores()).items() if name not in NOT_STORES}


def methods(kind):
    public = [(name, call) for name, call in inspect.getmembers(kind, inspect.isfunction) if not name.startswith("_")]
    return {name: call for name, call in public if name not in FOR_TRANSACTIONS}


def signature(call):
    """Returns kind and default of each parameter, with its name when it is keyword-only."""
    parameters = inspect.signature(call).parameters.values()
    return [(one.name if one.kind is one.KEYWORD_ONLY else "", one.kind, one.default) for one in parameters]


def test_every_fake_has_the_name_of_its_store():
    assert set(FAKES) <= {field.name for field in fields(Stores)}


@pytest.mark.parametrize("name", FAKES)
def test_every_method_of_a_fake_has_the_signature_of_its_store_s(name):
    real = methods(get_type_hints(Stores)[name])
    for method, call in methods(type(FAKES[name])).items():
        assert signature(call) == signature(real[method]), method
