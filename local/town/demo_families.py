"""The five demo families: accounts, contact details and children, all fictional."""

from datetime import date

from chalicelib.domain.account import Account, Address, DeliveryMode, Holder
from chalicelib.domain.family import Child
from local.town.pupils import Pupil, Use
from local.town.school import class_on
from local.town.tariffs import SERVICES


def demo_pupils(today: date) -> dict[str, tuple[Pupil, ...]]:
    """Returns the children by family: all in the town's schools, those of 7001 for more than five years."""
    return {
        "7001": (_pupil("Dupont", "Zoé", 9, today), _pupil("Dupont", "Émile", 8, today)),
        "7002": (_pupil("Martin", "Inès", 7, today),),
        "7003": (_pupil("Nguyễn", "Łukasz", 5, today),),
        "7004": (_pupil("Lefèvre", "Côme", 4, today),),
    }


def _pupil(last_name: str, first_name: str, age: int, today: date) -> Pupil:
    """Returns a child of that age at the start of the school year, who uses the restaurant and the evening care."""
    born_on = date((today.year if today.month >= 9 else today.year - 1) - age, 3, 4)
    uses = (Use(SERVICES[0], 90), Use(SERVICES[2], 50))
    child = Child(
        last_name=last_name,
        first_name=first_name,
        born_on=born_on,
        school="École de la Pinède",
        class_name=class_on(born_on, today),
        activities=tuple(use.service.name for use in uses),
    )
    return Pupil(child, born_on, uses)


def _account(username: str, family: str, holder: Holder, *, house: int, **fields: object) -> Account:
    address = Address(line_1=f"{house} rue des Genêts", postcode="06990", town="Saint-Aubin-les-Pins")
    return Account.model_validate(
        {
            "username": username,
            "family": family,
            "holder": holder,
            "address": address,
            "quotient_cents": 85_000,
            **fields,
        }
    )


DEMO_ACCOUNTS = (
    _account(
        "100001", "7001", Holder(civility="Mme", last_name="Dupont", first_name="Camille"), house=12,
        email="camille.dupont@example.org", mobile="0639980001", delivery_mode=DeliveryMode.EMAIL,
    ),
    _account(
        "100002", "7002", Holder(civility="M.", last_name="Martin", first_name="Hugo"), house=3,
        email="hugo.martin@example.org", delivery_mode=DeliveryMode.EMAIL,
    ),
    _account("100003", "7003", Holder(civility="Mme", last_name="Nguyễn", first_name="Ngọc"), house=27),
    _account(
        "100004", "7004", Holder(civility="Mme", last_name="Lefèvre", first_name="Aurélie"), house=41,
        email="aurelie.lefevre@example.org",
    ),
    _account(
        "100005", "7001", Holder(civility="M.", last_name="Benali", first_name="Karim"), house=88,
        email="karim.benali@example.org", mobile="0639980005",
    ),
)  # fmt: skip
