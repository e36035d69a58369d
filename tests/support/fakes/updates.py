"""Updates as DynamoDB writes them: only the fields that differ between two readings, over the stored value."""


def updated(stored, before, after):
    """Returns the stored value with the fields in which `after` differs from `before`."""
    changed = {name: value for name, value in after if getattr(before, name) != value}
    return stored.model_copy(update=changed)


def next_version(before, after):
    return after.model_copy(update={"version": before.version + 1})
