"""French error messages about imported files, for the office's agents."""

from collections.abc import Sequence

from chalicelib.formats import euros
from chalicelib.wording.guide import typeset

MAX_NAME_LENGTH, MAX_NAMES = 40, 5
"""Limits on unexpected columns named in a message: characters of a name, number of names."""

EMPTY = "case vide, alors que cette colonne est obligatoire"
SAVE_AS_UTF_8 = typeset("enregistrez le fichier en « CSV UTF-8 » depuis le tableur")
UNREADABLE_CHARACTER = typeset(f"caractère illisible : {SAVE_AS_UTF_8}")
CONTROL_CHARACTER = "caractère de commande (retour à la ligne, tabulation…) à l’intérieur de la case"
OPEN_QUOTE = "guillemet mal fermé : la ligne est illisible"
BROKEN_LINE = "ligne illisible"

NOT_A_DAY = "date attendue sous la forme 24/06/2011 ou 2011-06-24"
NOT_AN_AMOUNT = "montant attendu en euros, avec deux décimales au plus, comme 57,00"
NOT_CENTS = "montant attendu en centimes, sans virgule, comme 5700"
ZERO_AMOUNT = "un montant de zéro n’est pas un règlement"
NOT_A_METHOD = (
    "moyen inconnu : cheque, especes, virement, prelevement, cesu, ancv, carte ou autre ; « avoir » pour un avoir "
    "imputé, « rejet » avec un montant négatif pour un impayé"
)
BEFORE_2000 = "cette date précède l’an 2000 : vérifiez l’année"
NOT_A_BANK_NUMBER = (
    "numéro illisible, des chiffres sont attendus, comme 810000001 : un tableur l’a peut-être changé (8,1E+08), "
    "reprenez le fichier tel que la banque le donne"
)
NOT_A_CODE = "code illisible : un tableur l’a changé, reprenez le fichier tel que la banque le donne"
NOT_POSITIVE = "montant au-dessus de zéro attendu"
FUTURE_DAY = "cette date est dans l’avenir"
TEST_PLATFORM = "paiement de la plate-forme de test de la banque : aucun argent n’a été versé"
NO_TRANSACTION = "ni numéro de transaction ni numéro d’appel : deux paiements ne pourraient pas être distingués"
NOT_A_QUANTITY = "quantité attendue en chiffres, avec quatre décimales au plus, comme 12 ou 2,5"
NOT_A_PRICE = "prix attendu en euros, avec quatre décimales au plus, comme 2,85 ou 3,125"
NOT_AN_INVOICE_NUMBER = typeset("numéro attendu : de 1 à 20 lettres sans accent, chiffres, « - » ou « _ »")
RESERVED_NUMBER = "ce numéro est un mot réservé du portail : la page de la facture ne pourrait pas s’ouvrir"
NOT_AN_IDENTIFIER = "de 1 à 40 lettres sans accent, chiffres, points ou tirets attendus"
NOT_A_POSTCODE = (
    "code postal attendu : cinq chiffres en France (un tableur a pu retirer le zéro de tête) ; à l’étranger, le pays "
    "va dans la colonne pays"
)
NOT_OF_THAT_COUNTRY = "ce code postal n’est pas de ce pays : vérifiez le code postal et la colonne pays"
NOT_A_COUNTRY = "pays attendu : son nom en français ou son code de deux lettres, comme Belgique ou BE"
COUNTRY_TO_SAY = (
    "pays à préciser : ni le code postal ni la commune ne le disent, et l’adresse est gardée telle quelle ; si elle "
    "est en France, un tableur a pu retirer le zéro de tête du code postal"
)
NOT_AN_EMAIL = "adresse de courriel attendue, une seule, comme camille@example.org"
SEVERAL_EMAILS = "plusieurs adresses de courriel dans la case : une seule est attendue, comme camille@example.org"
NOT_A_PHONE = (
    "numéro de téléphone attendu, un seul, comme 06 00 00 00 00, ou avec l’indicatif du pays, comme +377 93 15 00 00"
)
SEVERAL_PHONES = "plusieurs numéros de téléphone dans la case : un seul est attendu, comme 06 00 00 00 00"
NOT_A_DELIVERY_MODE = "« courriel » ou « courrier » attendu"
NOT_YES_OR_NO = "« oui » ou « non » attendu"

REFUSED = {
    "phone_wrong": NOT_A_PHONE,
    "phone_several": SEVERAL_PHONES,
    "email_wrong": NOT_AN_EMAIL,
    "email_several": SEVERAL_EMAILS,
    "email_control": CONTROL_CHARACTER,
    "country_unknown": NOT_A_COUNTRY,
    "postcode_wrong": NOT_A_POSTCODE,
    "postcode_abroad_wrong": NOT_OF_THAT_COUNTRY,
}
"""The reasons of `ValueRefused`, as they are told of a file; the forms' own words are in `wording/account.py`."""

DUE_BEFORE_ISSUE = "l’échéance précède la date d’émission"
PAID_OUT_OF_BOUNDS = "le montant réglé doit être compris entre zéro et le montant total"
REPEATED_INVOICE = "la facture figure deux fois dans le fichier"

ACCOUNTS = "un fichier de comptes"
CHILDREN = "un fichier d’enfants"
INVOICES = "un fichier de factures"
SETTLEMENTS = "un fichier de règlements"
BANK_EXPORT = "un export de la banque"

EMPTY_FILE = "le fichier est vide : sa première ligne doit nommer les colonnes"
NO_LINE = "le fichier n’a aucune ligne après celle qui nomme les colonnes"
NOT_TEXT = typeset(
    "ce n'est ni un texte ni un classeur .xlsx ou .ods : enregistrez le fichier en .xlsx ou en « CSV UTF-8 » depuis le "
    "tableur"
)
MARKUP = typeset(
    "c'est une page web ou un fichier XML : ouvrez-le dans le tableur et enregistrez-le en .xlsx ou en « CSV UTF-8 »"
)

MOST_SHOWN = 40
"""Characters of a word shown in a message."""

NO_DOCUMENT = "document absent du dossier des PDF"
NOT_A_PDF = "le document n’est pas un PDF entier"
LARGE_DOCUMENT = "le document dépasse 4,4 Mo : le portail ne pourrait pas le remettre"


def title_above(line: int, header: int) -> str:
    return typeset(f"la ligne {line} n'est pas l'en-tête ; il est ligne {header} : retirez ce qui précède")


def another_file(kind: str, columns: Sequence[str], *, of_a_sheet: bool = False) -> str:
    """Returns « ce n’est pas un fichier de comptes… »; `kind` is one of the above."""
    if of_a_sheet:
        first = "première feuille, la seule qui soit lue, doit commencer par une ligne qui nomme"
        return typeset(f"ce n'est pas {kind} : sa {first} {_columns(columns)}")
    return f"ce n’est pas {kind} : sa première ligne doit nommer, séparées par des « ; », {_columns(columns)}"


def without_a_name(cell: str) -> str:
    """`cell`: what stands in a column that the header does not name, or the cell's own name (« A3 »)."""
    return typeset(f"« {_shown(cell)} » est dans une colonne sans nom : nommez-la dans l'en-tête, ou videz-la")


def two_readings(first: str, second: str) -> str:
    """A file whose bytes are words in two encodings, with one of them in each."""
    shown = f"« {_shown(first)} » ou « {_shown(second)} »"
    return typeset(f"les accents peuvent se lire de deux façons, {shown} : {SAVE_AS_UTF_8}")


def unknown_encoding(word: str) -> str:
    """A file whose bytes are words in no encoding, with the most likely reading of the first."""
    return typeset(f"le codage des accents n'est pas reconnu (« {_shown(word)} ») : {SAVE_AS_UTF_8}")


def _shown(word: str) -> str:
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in word[:MOST_SHOWN])


def wrong_header(missing: Sequence[str], strange: Sequence[str], doubles: Sequence[str]) -> str:
    """Returns all that is wrong in a header as one sentence; "" when nothing is."""
    faults = [
        f"il manque {_columns(missing)}" if missing else "",
        f"{_columns(_printable(strange))} {'est' if len(strange) == 1 else 'sont'} de trop" if strange else "",
        f"{_columns(doubles)} {'figure' if len(doubles) == 1 else 'figurent'} deux fois" if doubles else "",
    ]
    listed = " ; ".join(filter(None, faults))
    return f"l’en-tête est faux : {listed}" if listed else ""


def _columns(names: Sequence[str]) -> str:
    return f"{'la colonne' if len(names) == 1 else 'les colonnes'} {enumeration(names)}"


def _printable(names: Sequence[str]) -> list[str]:
    """Returns untrusted names, safe to print on a terminal."""
    safe = ["".join(filter(str.isprintable, name))[:MAX_NAME_LENGTH] or "sans nom" for name in names[:MAX_NAMES]]
    return safe if len(names) <= MAX_NAMES else [*safe[:-1], f"{len(names) - MAX_NAMES + 1} autres"]


def number_instead(number: str, instead: str) -> str:
    return typeset(f"« {number} » ne peut pas être l'adresse d'une page : écrivez {instead}, ici et sur les règlements")


def too_long(most: int) -> str:
    return f"plus de {most} caractères"


def wrong_width(*, expected: int, found: int) -> str:
    return f"{found} {'case' if found < 2 else 'cases'} au lieu de {expected}"


def wrong_product(expected_cents: int) -> str:
    return f"quantité × prix unitaire donne {euros(expected_cents)}"


def wrong_sum(sum_cents: int, first_lines: tuple[int, ...] = ()) -> str:
    """`first_lines`: where the parts of an invoice begin, when its lines are not contiguous."""
    sentence = f"la somme de ses prestations est de {euros(sum_cents)}"
    if len(first_lines) < 2:
        return sentence
    return f"{sentence} ; la facture est écrite à plusieurs endroits, lignes {enumeration(first_lines)}"


def other_value(first: str, first_line: int) -> str:
    return f"la même facture porte « {first} » ligne {first_line}"


def too_many_lines(most: int) -> str:
    return f"plus de {most} prestations sur une seule facture"


def also_on(lines: tuple[int, ...]) -> str:
    return f"figure aussi {'ligne' if len(lines) == 1 else 'lignes'} {enumeration(lines)}"


def may_own(line: int) -> str:
    return f"la ligne {line}, illisible, peut appartenir à cette facture"


def enumeration(items: Sequence[object]) -> str:
    """Returns « 12 », « 12 et 48 », « 12, 48 et 51 »."""
    *firsts, last = map(str, items)
    return f"{', '.join(firsts)} et {last}" if firsts else last
