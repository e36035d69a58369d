"""Shelves of requests and of proofs in memory, made by hand: the same promises as over AWS."""

from chalicelib.errors import NotFound


class Requests:
    def __init__(self):
        self.held = {}

    def add(self, request):
        return self.held.setdefault((request.username, request.id), request) is request

    def find(self, username, reference):
        return self.held.get((username, reference))

    def of(self, username):
        mine = [one for one in self.held.values() if one.username == username]
        return sorted(mine, key=lambda one: one.asked_at, reverse=True)

    def pending(self, kind):
        waiting = [one for one in self.held.values() if one.kind is kind and one.pending]
        return iter(sorted(waiting, key=lambda one: one.id))

    def by_reference(self, reference):
        return next((one for one in self.held.values() if one.id == reference), None)

    def decide(self, before, after):
        held = self.held.get((before.username, before.id))
        if held is None or not held.pending:
            return False
        self.held[before.username, before.id] = after
        return True

    def remove(self, request):
        self.held.pop((request.username, request.id), None)


class Uploads:
    def __init__(self):
        self.held = {}

    def keep(self, key, content):
        self.held[key] = content

    def read(self, key):
        if key not in self.held:
            raise NotFound
        return self.held[key]

    def remove(self, key):
        self.held.pop(key, None)
