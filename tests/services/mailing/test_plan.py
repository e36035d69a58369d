"""A run cut into batches, dealt so that those under way at once write to different keys."""

import itertools

import pytest

from chalicelib.services.mailing.plan import interleaved_names


@pytest.mark.parametrize("batches", [0, 1, 3, 21, 50_000])
def test_every_batch_is_dealt_once(batches):
    assert sorted(map(int, interleaved_names(batches))) == list(range(1, batches + 1))


def test_batches_dealt_one_after_the_other_lie_apart():
    dealt = [int(name) for name in interleaved_names(50_000)]
    assert min(abs(one - other) for one, other in itertools.pairwise(dealt)) > 10_000
