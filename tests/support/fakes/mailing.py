"""A shelf of deliveries and a mail provider in memory, made by hand, that fail and crash as the world does."""

import random
import threading
from types import SimpleNamespace

from chalicelib.domain.delivery import Outcome
from chalicelib.errors import MailRefused, MailThrottled, Unavailable


class Crash(BaseException):
    """The power went: nothing of ours runs any more, not even an `except Exception`."""


class Chaos:
    """Crashes once in a while, before or after any step; `rate` 0 never does."""

    def __init__(self, seed=0, rate=0.0):
        self._draw = random.Random(seed)  # noqa: S311 - the same failures again for the same seed
        self._rate = rate

    def step(self):
        if self._draw.random() < self._rate:
            raise Crash

    def happens(self, share):
        return self._draw.random() < share


class Deliveries:
    def __init__(self, chaos=None):
        self.chaos = chaos or Chaos()
        self.held = {}
        self.paper = {}
        self.lock = threading.Lock()

    def find(self, run, number):
        return self.held.get((run, number))

    def find_many(self, run, numbers):
        return {number: self.held[run, number] for number in numbers if (run, number) in self.held}

    def of(self, run):
        return iter(sorted((one for one in self.held.values() if one.run == run), key=lambda one: one.number))

    def put_first(self, delivery):
        self.chaos.step()
        with self.lock:
            held = self.held.setdefault((delivery.run, delivery.number), delivery)
        self.chaos.step()
        return held

    def replace(self, before, after):
        self.chaos.step()
        with self.lock:
            if self.held[before.run, before.number].version != before.version:
                return None
            after = after.model_copy(update={"version": before.version + 1})
            self.held[before.run, before.number] = after
        self.chaos.step()
        return after

    def give_back(self, claimed):
        self.chaos.step()
        with self.lock:
            held = self.held[claimed.run, claimed.number]
            if (held.owner, held.outcome) == (claimed.owner, Outcome.CLAIMED):
                del self.held[claimed.run, claimed.number]

    def await_paper(self, delivery):
        self.paper.setdefault(delivery.number, delivery)


class Provider:
    """Takes mails, but for the shares of them that it throttles, loses before, or accepts without a word."""

    def __init__(self, chaos, *, throttled=0.0, before=0.0, after=0.0, quota=None, refused=()):
        self.chaos = chaos
        self.accepted = []
        self.shares = (throttled, before, after)
        self.quota = quota
        self.refused = set(refused)

    def send(self, message, *, tag=""):
        throttled, before, after = self.shares
        self.chaos.step()
        if self.chaos.happens(throttled) or (self.quota is not None and len(self.accepted) >= self.quota):
            raise MailThrottled("rate")
        if message in self.refused:
            raise MailRefused("address")
        if self.chaos.happens(before):
            raise Unavailable("never arrived, and who knows")
        self.accepted.append(tag)
        if self.chaos.happens(after):
            raise Unavailable("accepted, and the answer was lost")
        self.chaos.step()
        return f"id-{tag}"


def context_of(deliveries, provider, clock):
    """What a Sender needs of a MailingContext."""
    return SimpleNamespace(stores=SimpleNamespace(deliveries=deliveries), send=provider.send, clock=clock)
