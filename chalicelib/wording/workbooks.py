"""French error messages about workbooks: what a spreadsheet did to a cell, and how to get the cell as it was typed."""

from collections.abc import Sequence

from chalicelib.formats import size, thousands
from chalicelib.wording.guide import typeset

AS_TEXT = "mettez la colonne au format Texte et retapez la valeur"

OLD_WORKBOOK = typeset(
    "c'est un classeur d'un format ancien (.xls, .xlsb) ou protégé par un mot de passe : enregistrez-le sans mot de "
    "passe en .xlsx ou en « CSV UTF-8 »"
)
BROKEN_WORKBOOK = typeset(
    "le classeur est endommagé : ouvrez-le dans le tableur, qui le répare, et enregistrez-le en .xlsx"
)

ERROR_CELL = typeset("la formule de cette case donne une erreur (#N/A, #REF!…) : corrigez-la")
FORMULA_WITHOUT_RESULT = typeset("formule sans résultat : ouvrez le classeur dans le tableur et enregistrez-le")
COVERED_CELL = typeset(
    "cette valeur est cachée sous des cases fusionnées : défusionnez-les, et gardez ce qui est juste"
)
TRUTH_IN_CELL = typeset(f"le tableur en a fait un VRAI ou un FAUX : {AS_TEXT}")
DAY_IN_CELL = typeset(f"le tableur en a fait une date : {AS_TEXT}")
HOUR_IN_CELL = typeset(f"le tableur en a fait une heure : {AS_TEXT}")
NUMBER_FOR_A_DAY = typeset("c'est un nombre, pas une date : mettez la colonne au format Date")
LONG_NUMBER = typeset(f"nombre de plus de quinze chiffres, dont un tableur change les derniers : {AS_TEXT}")
MANY_DECIMALS = typeset("nombre de plus de quatre décimales : arrondissez-le dans le tableur (ARRONDI)")
PHONE_AS_A_NUMBER = typeset(f"le tableur a fait un nombre de ce téléphone, dont le début est perdu : {AS_TEXT}")


def large_workbook(most_bytes: int) -> str:
    return typeset(f"le classeur, décompressé, dépasse {size(most_bytes)} : n'en gardez que la feuille du fichier")


def large_sheet(most_cells: int, last: str) -> str:
    """`last`: the cell that is too far away, if one is."""
    far = f" (il y en a une en {last})" if last else ""
    return typeset(f"la feuille dépasse {thousands(most_cells)} cases{far} : supprimez les lignes et colonnes inutiles")


MOST_LINES = 5
"""Lines named of those that a remark is about."""


def zeros_given(lines: Sequence[int]) -> str:
    """`lines`: those whose postcode, a number of four digits, was given a zero."""
    abroad = "à l'étranger (Belgique, Suisse), dites le pays dans la colonne pays"
    if len(lines) == 1:
        return typeset(f"ce code postal a retrouvé son zéro de tête, que le tableur avait retiré ; {abroad}")
    named = ", ".join(map(str, lines[:MOST_LINES])) + ("…" if len(lines) > MOST_LINES else "")
    zeros = f"{thousands(len(lines))} codes postaux ont retrouvé leur zéro de tête, que le tableur avait retiré"
    return typeset(f"{zeros} (lignes {named}) ; {abroad}")
