"""French labels of billing runs: states, events, and refusals with what to do."""

from collections.abc import Mapping
from datetime import date

from chalicelib.domain.billing_run import BillingRun, RunEvent, RunKind, RunState
from chalicelib.formats import hour, in_paris, long_day, short_day
from chalicelib.wording.guide import typeset

STATES: Mapping[RunState, str] = {
    RunState.TO_CHECK: "à contrôler",
    RunState.PUBLISHED: "publiée",
    RunState.MAILING: "en cours d’envoi",
    RunState.CLOSED: "close",
    RunState.CANCELLED: "annulée",
}
EVENTS: Mapping[str, str] = {
    "deposited": "déposée",
    "checked": "lue en entier",
    "errors_settled": "erreurs écartées",
    "published": "publiée",
    "mailing_started": "envoi commencé",
    "closed": "close",
    "cancelled": "annulée",
    "withdrawn": "factures retirées",
}
AGENTS: Mapping[str, str] = {"inbox": "la boîte de dépôt", "tick": "l’horloge"}
UNKNOWN = "Aucune campagne ne porte ce nom. « guichet campagnes lister » donne leurs noms."
SEVERAL = "Plusieurs campagnes commencent ainsi : donnez le nom entier, que « guichet campagnes lister » affiche."
REFUSALS: Mapping[str, str] = {
    "is-to_check": "La campagne est encore à contrôler.",
    "is-published": "La campagne est déjà publiée : ses erreurs sont réglées.",
    "is-mailing": "L’envoi de la campagne a commencé : elle ne se publie ni ne s’annule plus. "
    "« guichet envois suivre » montre où elle en est ; une facture fausse s’annule par « guichet factures annuler ».",
    "is-closed": "La campagne est close : ses factures sont chez les familles. "
    "Une facture fausse s’annule par « guichet factures annuler ».",
    "is-cancelled": "La campagne est annulée. Pour la reprendre, déposez son fichier à nouveau.",
    "is-direct": "C’est un import direct : ses factures sont déjà visibles, et rien n’en est envoyé. "
    "Une facture fausse s’annule par « guichet factures annuler ».",
    "not-imported": "Le fichier n’est pas encore lu jusqu’au bout. Si son dépôt est en cours, attendez ; "
    "s’il a été interrompu, déposez le fichier à nouveau : la campagne sera complétée.",
    "unresolved-errors": "Des erreurs restent à régler : « guichet campagnes voir {run} » les montre. Écartez-les par "
    "« guichet campagnes ecarter {run} » (les factures corrigées se déposent alors dans un fichier à part), "
    "ou annulez la campagne et déposez le fichier corrigé.",
    "nothing-to-settle": "La campagne n’a aucune erreur à régler.",
    "no-invoice": "La campagne ne contient aucune facture. Corrigez le fichier, puis déposez-le.",
    "unclosed": "La campagne n’est pas close : son papier est dans le lot de son envoi. "
    "« guichet envois suivre {run} » montre où elle en est ; un complément n’imprime que ce qui vient après.",
    "past-day": "Ce jour est passé : donnez aujourd’hui ou un jour à venir.",
    "far-day": "Ce jour est à plus d’un an : vérifiez l’année.",
    "incomplete": "Toutes les factures de la campagne ne sont pas là. Attendez une minute et recommencez ; "
    "si cela dure, annulez la campagne et déposez son fichier à nouveau.",
    "withdrawal-unfinished": "L’annulation de cette campagne n’est pas terminée. "
    "Relancez « guichet campagnes annuler {run} », puis déposez le fichier.",
}

UNPUBLISHED = (
    "Cette campagne n’est pas publiée : « guichet campagnes publier {run} --le JJ/MM/AAAA » lui donne son jour, "
    "et l’envoi commence ce jour-là."
)
LATER = "L’envoi de cette campagne n’a pas commencé : elle est publiée pour le {day}, et il commence ce jour-là."
DUE = "L’envoi de cette campagne n’a pas commencé : « guichet envois lancer --maintenant » lance ce qui est dû."


def not_started(run: BillingRun, today: date) -> str:
    """Returns why a run's mailing has not started and what to do, with non-breaking spaces."""
    if run.kind is RunKind.DIRECT:
        return refusal("is-direct", run.run)
    if run.state is RunState.CANCELLED:
        return refusal("is-cancelled", run.run)
    if run.publish_on is None:
        return typeset(UNPUBLISHED.format(run=run.run))
    return typeset(DUE if run.publish_on <= today else LATER.format(day=long_day(run.publish_on)))


def refusal(reason: str, run: str) -> str:
    """Returns why a run refused and what to do, with non-breaking spaces."""
    return typeset(REFUSALS[reason].format(run=run))


def state_of(run: BillingRun) -> str:
    """« publiée pour le 1er juillet 2026 », « import direct »."""
    if run.kind is RunKind.DIRECT:
        return "import direct" if run.state is RunState.CLOSED else "import direct inachevé"
    if run.imported_at is None and run.state is RunState.TO_CHECK:
        return "dépôt en cours ou interrompu"
    day = f" pour le {long_day(run.publish_on)}" if run.publish_on and run.state is RunState.PUBLISHED else ""
    return STATES[run.state] + day


def event_of(event: RunEvent) -> str:
    """« 24/06/2026 9 h 05, publiée par Camille (2026-07-01) »."""
    day = short_day(in_paris(event.at).date())
    detail = f" ({event.detail})" if event.detail else ""
    return f"{day} {hour(event.at)}, {EVENTS.get(event.event, event.event)} par {agent_of(event.by)}{detail}"


def early_due_date_warning(run: BillingRun) -> str:
    """Returns a warning when the first due date is before the publication day; otherwise an empty string."""
    due, published = run.figures.first_due_on, run.publish_on
    if due is None or published is None or due >= published:
        return ""
    return typeset(
        f"Attention : la première échéance, le {long_day(due)}, sera passée quand les familles verront la campagne."
    )


def agent_of(by: str) -> str:
    return AGENTS.get(by, by)
