"""The children of a family, shared by the accounts of their parents (*dossier famille*)."""

from datetime import date

from chalicelib.domain.models import Model


class Child(Model):
    """A child with its school, class and this year's activities."""

    last_name: str
    first_name: str
    born_on: date | None = None
    school: str = ""
    class_name: str = ""
    activities: tuple[str, ...] = ()


class Family(Model):
    """What two separated parents share: the children, and nothing else."""

    family: str
    children: tuple[Child, ...] = ()
