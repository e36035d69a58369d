"""French texts about the account: error messages of forms, journal events, states of requests and payments."""

from chalicelib.wording.guide import EMAIL_NEEDED, typeset, typeset_all
from chalicelib.wording.passwords import OLD_WRONG

REASONS = typeset_all({
    "email_wrong": "Cette adresse mail n'est pas complète. Écrivez-la comme camille@example.org.",
    "email_control": "Cette adresse mail contient un caractère interdit. Saisissez-la à la main.",
    "email_several": "Une seule adresse mail, comme camille@example.org.",
    "email_too_often": "Vous avez demandé plusieurs confirmations aujourd'hui. Réessayez demain.",
    "phone_wrong": "Ce numéro n'existe pas. Écrivez-le comme 06 12 34 56 78, ou avec l'indicatif du pays.",
    "phone_several": "Un seul numéro par case, comme 06 12 34 56 78.",
    "phone_not_mobile": "C'est le numéro d'un téléphone fixe : inscrivez-le dans la case « Téléphone fixe ».",
    "line_missing": "Indiquez le numéro et la voie.",
    "line_too_long": "Cette ligne dépasse 60 caractères : abrégez-la, ou continuez dans « Complément ».",
    "postcode_wrong": "Un code postal a cinq chiffres, comme 06990. À l'étranger, choisissez le pays.",
    "postcode_abroad_wrong": "Ce code postal n'est pas du pays choisi : corrigez l'un ou l'autre.",
    "country_unknown": "Choisissez un pays de la liste.",
    "town_missing": "Indiquez la commune.",
    "town_too_long": "Ce nom dépasse 60 caractères : abrégez-le.",
    "day_wrong": "Indiquez le jour, le mois et l'année, par exemple 1/9/2026.",
    "day_too_far": "Cette date est à plus d'un an d'aujourd'hui : vérifiez l'année.",
    "proof_missing": "Joignez un justificatif, ou cochez « Je l'apporterai au guichet ».",
    "proof_too_large": "Ce fichier dépasse 4 Mo. Choisissez-en un plus léger, ou apportez-le au guichet.",
    "proof_unreadable": "Ce fichier n'est pas un PDF, un JPEG ou un PNG lisible. Choisissez-en un autre.",
    "too_many_addresses": "Trois demandes sont déjà en attente. Retirez-en une avant d'en envoyer une autre.",
    "too_many_today": "Vous en avez envoyé beaucoup aujourd'hui. Réessayez demain, ou appelez {desk.the}.",
    "subject_unknown": "Choisissez la partie du dossier qui est inexacte.",
    "message_missing": "Écrivez ce qui est inexact.",
    "message_too_long": "Ce message dépasse 2 000 caractères : raccourcissez-le.",
    "password_missing": "Saisissez votre mot de passe actuel.",
    "password_wrong": OLD_WRONG,
    "mode_missing": "Choisissez « par courriel » ou « par courrier ».",
    "email_needed": EMAIL_NEEDED,
    "email_bounces": "Les courriels envoyés à votre adresse nous reviennent. Corrigez-la dans « Mes coordonnées ».",
})  # fmt: skip
"""Error messages at a field, by the reason that a form is refused."""

EVENTS = typeset_all({
    "signed_in": "Connexion",
    "signed_out": "Déconnexion",
    "password_set": "Choix d'un mot de passe par un lien reçu par courriel",
    "account_opened": "Premier mot de passe choisi",
    "password_changed": "Mot de passe changé",
    "credentials_asked": "Lien de connexion demandé par courriel",
    "sessions_closed": "Fermeture des autres sessions",
    "sessions_ended": "Fermeture de toutes les sessions",
    "session_closed": "Fermeture d'une autre session",
    "email_asked": "Nouvelle adresse mail demandée",
    "email_changed": "Adresse mail changée",
    "email_removed": "Adresse mail retirée",
    "email_undone": "Changement d'adresse mail annulé par « Ce n'est pas moi »",
    "email_bounced": "Courriel revenu : adresse mail suspendue",
    "phones_changed": "Numéros de téléphone changés",
    "address_declared": "Nouvelle adresse déclarée",
    "address_withdrawn": "Demande de changement d'adresse retirée",
    "address_accepted": "Nouvelle adresse acceptée",
    "address_refused": "Nouvelle adresse refusée",
    "error_reported": "Erreur signalée",
    "error_closed": "Réponse à une erreur signalée",
    "delivery_by_email": "Factures par courriel",
    "delivery_by_paper": "Factures par courrier",
    "specimen_sent": "Facture de test demandée",
    "invoice_downloaded": "Facture téléchargée",
    "invoice_paid": "Facture payée par carte",
    "invoice_cancelled": "Facture annulée",
    "payment_refunded": "Paiement par carte remboursé",
    "settlement_received": "Règlement reçu au guichet",
    "surplus_returned": "Trop-perçu rendu",
    "movement_undone": "Règlement annulé",
    "credit_offset": "Avoir ou trop-perçu imputé",
    "direct_debit_stopped": "Prélèvement arrêté",
    "direct_debit_resumed": "Prélèvement repris",
    "reminders_held": "Rappels retenus",
    "reminders_resumed": "Rappels repris",
    "payment_explained": "Paiement par carte vérifié par la régie",
    "receipt_downloaded": "Reçu téléchargé",
    "data_downloaded": "Mes données téléchargées",
    "account_viewed": "Compte consulté",
    "account_unlocked": "Compte débloqué",
    "access_renewed": "Accès renouvelé",
    "letter_printed": "Lettre d'accès imprimée",
    "account_erased": "Compte effacé",
})  # fmt: skip
"""Labels of journal entries, by event."""

PAYMENT_STATES = typeset_all({
    "PAID": "payé",
    "REFUSED": "refusé",
    "CANCELLED": "annulé",
    "FAILED": "échoué",
    "EXPIRED": "expiré",
    "STARTED": "commencé",
    "PENDING": "en attente de la banque",
    "HELD": "à vérifier par la régie",
})  # fmt: skip
"""Labels of domain.payment.AttemptState in the data export."""

STATES = typeset_all({
    "PENDING": "en attente de validation par la mairie",
    "ACCEPTED": "acceptée",
    "REFUSED": "refusée",
    "WITHDRAWN": "retirée par vous",
    "CLOSED": "traitée",
})  # fmt: skip
"""Labels of a request's state."""

SUBJECTS = typeset_all({
    "foyer": "Mon compte",
    "enfants": "Les enfants",
    "quotient": "Quotient familial",
})  # fmt: skip
"""Sections of the family file in which an error may be reported."""

SPECIMEN_LABEL = typeset("Facture de test")
SPECIMEN_CHILD = typeset("Enfant")
SPECIMEN_SERVICES = (typeset("Restauration scolaire"), typeset("Garderie du matin"))

EMAIL_BOUNCES = typeset(
    "Les courriels envoyés à votre adresse nous reviennent : vos factures vous sont adressées par courrier. "
    "Corrigez votre adresse dans « Modifier ou compléter mes coordonnées »."
)


def did_you_mean(domain: str) -> str:
    """Returns « Vouliez-vous dire gmail.com ? », for an address whose domain looks mistyped."""
    return typeset(f"Vouliez-vous dire {domain} ? Sinon, enregistrez de nouveau.")


def event_label(key: str) -> str:
    """Returns the label of an event; the key itself when it has none."""
    return EVENTS.get(key, key)
