"""*Bienvenue sur votre Compte Famille*: the home page /, with invoices due and the guide's menu."""

from chalice.app import Response

from chalicelib.domain.invoice import list_due
from chalicelib.handlers.http.responses import page
from chalicelib.handlers.http.routing import Pages
from chalicelib.handlers.http.visit import Visit
from chalicelib.wording.account import EMAIL_BOUNCES

pages = Pages(__name__)


@pages.get("/", reads=("summary",))
def show_home(visit: Visit) -> Response:
    due = list_due(visit.summary)
    return page(
        visit,
        "home",
        due=due,
        due_cents=sum(row.balance_cents for row in due),
        first_due_on=due[0].due_on if due else None,
        overdue=bool(due) and due[0].due_on < visit.today,
        credit_cents=sum(row.credit_cents for row in visit.summary),
        today=visit.today,
        news=[EMAIL_BOUNCES] if visit.query.get("courriel") == "revient" else [],
    )
