"""Contract tests: a test that takes `stores` runs once on the fakes and once on the real stores over moto."""

import pytest

from chalicelib.stores import build_stores
from tests.support.emulated import clients
from tests.support.fakes.stores import memory_stores


@pytest.fixture(params=["fake", "real"])
def stores(request):
    """Empty stores."""
    if request.param == "fake":
        return memory_stores()
    request.getfixturevalue("aws")
    settings = request.getfixturevalue("settings")
    return build_stores(clients(), settings, attempt_names=lambda count: ["/".join(count)])
