"""The records of a stream reach their task together, none is lost, and a batch has a size."""

import json
import queue

from local.aws.streams import BATCH, StreamBatches


class Bridge:
    def __init__(self):
        self.started = queue.SimpleQueue()

    def function(self, task):
        return f"portail-famille-local-{task}"

    def start(self, function, payload):
        self.started.put((function, json.loads(payload)["Records"]))


def test_records_wait_for_each_other_and_go_a_hundred_at_a_time():
    bridge = Bridge()
    batches = StreamBatches(bridge, window=0.2)
    for number in range(BATCH + 20):
        batches.add({"number": number})
    (name, first), (_, second) = (bridge.started.get(timeout=10) for _ in range(2))
    assert name == "portail-famille-local-index_families"
    assert [one["number"] for one in first + second] == list(range(BATCH + 20))
    assert len(first) == BATCH
