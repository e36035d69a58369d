"""Prints the delivery status of one invoice of a mailing: the answer to « je n’ai pas reçu ma facture »."""

from collections.abc import Iterator

from chalicelib.domain.billing_run import BillingRun, RunKind, RunState
from chalicelib.domain.delivery import BY_OFFICE, Delivery, Feedback, Outcome
from chalicelib.domain.invoice import Invoice
from chalicelib.formats import day_in_paris, euros, long_instant
from chalicelib.portal import Portal
from chalicelib.services.mailing.context import MailingContext
from chalicelib.services.mailing.paper import PaperPlace, find_paper_place
from chalicelib.services.mailing.reminders import reminder_run
from chalicelib.services.mailing.send_once import lease_expired
from chalicelib.services.mailing.ses_events import in_same_mail
from chalicelib.wording.guide import typeset
from chalicelib.wording.importing import enumeration
from chalicelib.wording.mailing import REASONS
from guichet.console import ExitCode, say, stop
from guichet.wording.runs import not_started

OUTCOMES = {
    Outcome.CLAIMED: "Son courriel est en train de partir, depuis le {at}.",
    Outcome.SENT: "Envoyée par courriel à {email} le {at}.",
    Outcome.PAPER: "Sur papier, depuis le {at} : {reason}.",
    Outcome.NONE: "Sans envoi, depuis le {at} : {reason}.",
    Outcome.NEEDS_REVIEW: "À vérifier, depuis le {at} : {reason}. "
    "Elle se tranche par « guichet envois resoudre {run} {number} ».",
    Outcome.FAILED: "En échec, depuis le {at} : {reason}. "
    "Une fois la cause corrigée, « guichet envois reprendre {run} » l’essaie à nouveau.",
}
GIVEN_UP = (
    "En échec, depuis le {at} : {reason}, et c’est définitif, rien n’en part plus. "
    "« guichet factures imprimer {number} --sortie facture.pdf » en donne le PDF."
)
INTERRUPTED = "Son envoi s’est interrompu le {at} : « guichet envois reprendre {run} » la listera à vérifier."
SETTLED = "Tenue pour envoyée par le guichet, le {at}."
ADDRESSEE = "Le courriel était pour {email}."
FEEDBACK_SENTENCES = {
    None: "Le fournisseur n’en a rien dit depuis.",
    Feedback.DELIVERED: "Depuis, le fournisseur a remis le courriel à cette adresse.",
    Feedback.BOUNCED: "Depuis, le courriel est revenu.",
    Feedback.COMPLAINED: "Depuis, la famille l’a signalé comme indésirable.",
}
BY_POST = "la famille reçoit ses factures par courrier"
REMINDERS = {
    Outcome.CLAIMED: "Rappel {when} : son envoi a commencé le {at}, et n’a pas d’issue encore.",
    Outcome.SENT: "Rappel {when} : envoyé à {email} le {at}.",
    Outcome.NEEDS_REVIEW: "Rappel {when} : peut-être envoyé à {email} le {at}, {reason}.",
}
NOT_REMINDED = "Rappel {when} : non envoyé, {reason}."


def show_invoice(run: BillingRun, number: str, *, portal: Portal) -> None:
    """Print its outcome, SES's feedback, paper batch and reminders. Ends the command if it is not of the run."""
    delivery = portal.stores.deliveries.find(run.run, number)
    if delivery:
        _say_heading(number, delivery.username, delivery.cents)
        sentences = _outcome_sentences(delivery, run, portal)
    else:
        invoice = _find_invoice(run, number, portal)
        _say_heading(number, invoice.username, invoice.billed_cents)
        sentences = _no_outcome_reason(run, portal)
    for sentence in (*sentences, *_reminders(number, portal.mailing)):
        say(sentence)


def _say_heading(number: str, username: str, cents: int) -> None:
    say(typeset(f"Facture n° {number}, compte {username}, {euros(cents)}"))


def _find_invoice(run: BillingRun, number: str, portal: Portal) -> Invoice:
    """Returns the invoice of the run that has no outcome. Ends the command when it is of another run, or unknown."""
    invoice = portal.stores.invoices.find_by_number(number)
    if invoice is None:
        stop(ExitCode.REFUSED, typeset(f"Aucune facture n’a le numéro {number}."))
    if invoice.run != run.run:
        other = f" : elle est de la campagne {invoice.run}" if invoice.run else ""
        stop(ExitCode.REFUSED, typeset(f"La facture n° {number} n’est pas de la campagne {run.run}{other}."))
    return invoice


def _no_outcome_reason(run: BillingRun, portal: Portal) -> Iterator[str]:
    """Yields why it has no outcome yet."""
    if run.kind is RunKind.DIRECT:
        yield typeset("Venue par un import direct : elle est sur le portail, et rien n’en est envoyé.")
    elif run.state is RunState.CLOSED:
        yield typeset(f"Sans issue : « guichet envois reprendre {run.run} » l’essaie à nouveau.")
    elif run.state is RunState.MAILING:
        yield typeset("Elle attend son tour : l’envoi est en cours.")
    else:
        yield "Elle attend son tour. " + not_started(run, day_in_paris(portal.clock()))


def _outcome_sentences(delivery: Delivery, run: BillingRun, portal: Portal) -> Iterator[str]:
    sent, by_office = delivery.outcome is Outcome.SENT, delivery.reason == BY_OFFICE
    if sent and by_office:
        yield _filled(SETTLED, delivery)
    elif delivery.given_up:
        yield _filled(GIVEN_UP, delivery)
    else:
        yield _filled(INTERRUPTED if lease_expired(delivery, portal.clock()) else OUTCOMES[delivery.outcome], delivery)
    if delivery.email and (by_office or not sent):
        yield _filled(ADDRESSEE, delivery)
    if others := sorted(one.number for one in in_same_mail(delivery, portal.stores.deliveries)):
        named = "les factures" if others[1:] else "la facture"
        yield typeset(f"Dans le même courriel que {named} n° {enumeration(others)}.")
    if sent and (delivery.feedback or not by_office):
        yield typeset(FEEDBACK_SENTENCES[delivery.feedback])
    if delivery.outcome is Outcome.PAPER:
        place = find_paper_place(delivery, context=portal.mailing)
        yield typeset(_printed(delivery, place) if place else _unprinted(run))


def _unprinted(run: BillingRun) -> str:
    if run.state is not RunState.CLOSED:
        return "Elle attend le prochain lot à imprimer."
    command = f"guichet envois voir {run.run} --papier complement.pdf --complement"
    return f"Elle attend un complément, que « {command} » imprime, ou le prochain lot à imprimer."


def _printed(delivery: Delivery, place: PaperPlace) -> str:
    run = "cette campagne" if place.run == delivery.run else f"la campagne {place.run}"
    batch = f"complément n° {place.complement}" if place.complement else "lot à imprimer"
    part = f", partie {place.part} sur {place.parts}" if place.parts > 1 else ""
    since = f", fait le {long_instant(place.made_at)}" if place.made_at else ""
    apart = " Son PDF n’a pas pu y être joint : elle s’imprime à part." if place.apart else ""
    return f"Elle est dans le {batch} de {run}{part}{since}.{apart}"


def _reminders(number: str, context: MailingContext) -> Iterator[str]:
    for offset in sorted(context.policy.reminders):
        reminder = context.stores.deliveries.find(reminder_run(offset), number)
        if reminder:
            since = " " + FEEDBACK_SENTENCES[reminder.feedback] if reminder.feedback else ""
            yield _filled(REMINDERS.get(reminder.outcome, NOT_REMINDED) + since, reminder, when=_when(offset))


def _when(offset: int) -> str:
    if not offset:
        return "le jour de l’échéance"
    days = "1 jour" if abs(offset) == 1 else f"{abs(offset)} jours"
    return f"{days} {'avant' if offset < 0 else 'après'} l’échéance"


def _filled(sentence: str, delivery: Delivery, *, when: str = "") -> str:
    reason = REASONS.get(delivery.reason, delivery.reason) or BY_POST
    facts = {"run": delivery.run, "number": delivery.number, "email": delivery.email, "when": when}
    return typeset(sentence).format(**facts, at=long_instant(delivery.at), reason=typeset(reason))
