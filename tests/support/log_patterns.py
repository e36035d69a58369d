"""Whether CloudWatch would take a line of a log, for the two shapes of filter patterns that our template writes.

« { $.level = "ERROR" && … } » looks at the fields of a line of JSON; « ?"this" ?"that" » takes any line that has one of
the terms. Of Amazon's own grammar nothing else is understood, and anything else is an error.
"""

import json
import re

TERMS = re.compile(r'\?"([^"]+)"')
FIELD = re.compile(r"\$\.([a-z_]+)")
WORDS = {"&&": " and ", "||": " or ", "=": " == ", "!=": " != ", "(": "(", ")": ")"}
TOKEN = re.compile(r'\s*(\$\.[a-z_]+|"[^"]*"|&&|\|\||!=|=|\(|\))')


def takes(pattern: str, line: str) -> bool:
    if pattern.startswith("{"):
        return _of_json(pattern.strip("{} "), line)
    terms = TERMS.findall(pattern)
    assert " ".join(f'?"{term}"' for term in terms) == pattern
    return any(term in line for term in terms)


def _of_json(condition: str, line: str) -> bool:
    try:
        said = json.loads(line)
    except ValueError:
        return False
    assert TOKEN.sub("", condition).strip() == "", condition
    tokens = TOKEN.findall(condition)
    python = "".join(FIELD.sub(r"said.get('\1')", WORDS.get(token, token)) for token in tokens)
    return bool(eval(python, {"said": said}))  # noqa: S307 - our own template's words, token by token
