"""Whether a word with accents could stand in a French town's file: names and places, French or not, and their signs.

Bytes read in the wrong encoding show what no word has there: « ZoÇ », « Lef\u0160vre », « NÓmes », « Franìois ».
"""

import re

LOWER = "àâçéèêëîïôùûüÿœæ" + "ñöäåøßáíóúãõòìšžýðþı"
UPPER = "ÀÂÇÉÈÊËÎÏÔÙÛÜŸŒÆ" + "ÑÖÄÅØÁÍÓÚÃÕÒÌŠŽÝÐÞ"
"""French letters, then those of names from elsewhere: either may be right, neither is a sign of the encoding."""

SIGNS = "\u00a0«»“”‘’´…–—€°ºª²³½¼¾·•§©®™×±"
ASIDE = "£¥¢¤¦¨¬¯¸¡¿†‡ˆ‰‹›ƒ˜‚„µ¶÷Ωπ∞√≈≠≤≥∆◊∂∑∏∫"
"""Signs that a text may hold, away from any letter."""

ANY = f"A-Za-z{LOWER}{UPPER}"
BEGINNINGS = "é[cdglmpqtv]|ê(?:tr|tes)|îl|ôt|ç[aou]|â(?:ge|me|n[ei]|cre|pre|tre)|œ[uins]|è(?:re|s)"
"""How words begin whose first letter is small and has an accent: names have a capital."""

VOWEL, CONSONANT = "aeiouyAEIOUY", "bcdfghjklmnpqrstvwxz"
VOWELS = "àâéèêëîïôùûüáíóúãõäö"
NATURAL, STRANGE, IMPOSSIBLE = 0, 1, 4
"""How much a word speaks against the encoding in which it was read."""

NEVER = re.compile(
    "|".join((
        rf"[^ -~{LOWER}{UPPER}{SIGNS}{ASIDE}]",  # a control, a box, a byte that the encoding leaves out
        rf"[a-z{LOWER}][{UPPER}]|[{LOWER}][A-Z{UPPER}][a-z]",  # a capital within a word: ZoÇ
        rf"[0-9][{LOWER}{UPPER}][0-9]",
        rf"[{ANY}][«»“”‘…€°ºª²³½¼¾•§©®™×±][{ANY}]",
        rf"[{ANY}][«“€§×±½¼¾•]|[»”…€²³™][{ANY}]|[{ANY}][{ASIDE}]|[{ASIDE}][{ANY}]",
        rf"(?<![{ANY}])´[{ANY}]|[{ANY}]´(?![{ANY}])",
        rf"[ðþýÐÞÝ]|[ªº][{ANY}]|(?<![nN])(?<=[{ANY}])º|(?<!M)(?<=[{ANY}])ª",  # Doðan, Aþkýn, ªtefan, Paºcu
        rf"è(?=[{VOWEL}{VOWELS}])|(?<=[ai])è(?![{ANY}])",  # Kuèera, Kovaè
        rf"È(?=[{VOWEL}{VOWELS}][a-z])|[©®×±¼½¾][{ANY}]|Šw|[ÌÙ](?=[a-z])",  # Èapek, ©tefan
        rf"ø(?=[{VOWEL}{VOWELS}])|(?<=[{VOWEL}{VOWELS}])ø|Ø(?=[{VOWEL}{VOWELS}])",  # Dvoøák, Bartoø
        rf"[ìù](?=[a-z{LOWER}])|ò(?=[kh])|[êÊ](?=[bdgkwxz{VOWEL}])|[yY]û|[sS]zû",  # Vanìk, Rùžièka, Wêgrzyn, Szûcs
        rf"(?<=[{VOWEL}{VOWELS}])œ|[œŒ](?=[bkpwz])",  # Wiœniewski, Jaœko
        rf"ñ(?!ch)(?=[{CONSONANT}])|ñ(?![{ANY}])|[ãÃ](?![oOeE])|[õÕ](?![eE])",  # Kamiñski, Poznañ, Mãgureanu, Erdõs
        rf"[åæ](?![a-z{LOWER}])|(?<=[{VOWEL}{VOWELS}])æ",  # Jokiå, Petroviæ, Maækowiak
    ))
)  # fmt: skip
"""What no word has, and what the letters of Central Europe and of Turkey become in the encodings of Western Europe."""

UNLIKELY = re.compile(
    "|".join((
        rf"[{ASIDE}]|ÿ(?=[{CONSONANT}])|[ÄÖÜ](?=[ao])|(?<=[{ANY}])ç(?=[{CONSONANT}])|ß(?=[aou])|ü(?=e)",
        rf"^(?:[^àÀôÔ{SIGNS}]|[´ª·])$",  # a word of one letter
        rf"[A-Z{UPPER}][{UPPER}][a-z]|ı|[ae]ê|(?<![bmpBMP])oê|oü|(?<![{VOWEL}{VOWELS}])ï",  # NÓmes, Erdıs, Woêniak
        rf"[A-Z{UPPER}]…|(?<![{ANY}])’[{ANY}]",  # REN…
        rf"[0-9](?![èéÈÉ])[{LOWER}{UPPER}]",
        r"(?<!o)à(?=[a-z])|[òìù](?=[a-z])|á(?=[aeou])|[aeo]á|[ãõ](?=[a-z])(?![oe])",  # Foràt, Franìois, Franáois, Loãc
        rf"[{VOWEL}][âäåæö]|æ[{VOWEL}]|[úù]u|[{CONSONANT}]ë|(?<![{VOWEL}ÄÖÜäöü])ß",  # Noâl, Benoåt, Chëteau
        rf"ñ(?=[{CONSONANT}])|[žŽ](?=[bcfgpqstx])|é(?:r[bcdfgjkmnpqstvxz]|l[cdfgkmpqstvz])|(?<![{ANY}])ç[{CONSONANT}]",
        rf"·(?![a-z]*e)[{ANY}]|(?<![{ANY}])(?:[cdjlmnst]|qu)í",  # Jes·s, díinscription
        rf"(?<![{ANY}])(?:[ËÏÙÛŸÚÃÕ]|Ô(?!t)|Œ(?![uinsdc])|È(?![{CONSONANT}]{{1,2}}e))(?=[a-z])",  # begin no word
        rf"(?<![{ANY}0-9])(?!{BEGINNINGS})[{LOWER}](?=[a-z{LOWER}])",
    ))
)  # fmt: skip
ELISION = re.compile(rf"(?<![{ANY}])[cdjlmnstCDJLMNSTO][’´]|(?:qu|aujourd|entr|grand|prud|c(?=.h))[’´]", re.IGNORECASE)
APOSTROPHE = re.compile(rf"(?<=[{ANY}])[’´](?=[{ANY}])")


def doubt_of(word: str) -> int:
    """Returns NATURAL, STRANGE or IMPOSSIBLE for a word read from a file, with the signs that cling to it."""
    if NEVER.search(word):
        return IMPOSSIBLE
    if UNLIKELY.search(word) or len(APOSTROPHE.findall(word)) > len(ELISION.findall(word)):
        return STRANGE
    return NATURAL
