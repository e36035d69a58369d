"""Names of the S3 objects in a run's mailing folder."""

DRAW, RELEASE, DELIVER, PRINT = "tracer.json", "publier.json", "envoyer.json", "imprimer.json"
DRAWN, MISSING, PAPER = "traces", "caracteres", "papier"
PAPER_FACTS = "papier.json"
REPORT = "bilan.json"
FAILURES = "echecs"


def batch_name(rank: int) -> str:
    """Returns a name in sort order: « 000001 »."""
    return f"{rank:06d}"


def references(batch: str) -> str:
    return f"lots/{batch}.json"


def drawn(batch: str) -> str:
    return f"{DRAWN}/{batch}.json"


def missing(batch: str) -> str:
    return f"{MISSING}/{batch}.json"


def bundle(batch: str) -> str:
    return f"{batch}.bin"


def part_name(rank: int) -> str:
    """Returns a name in sort order: « 001 »."""
    return f"{rank:03d}"


def places(part: str) -> str:
    return f"{PAPER}/{part}.json"


def paper_file(part: str) -> str:
    return f"{PAPER}/{part}.pdf"


def paper_list(part: str) -> str:
    return f"{PAPER}/{part}.csv"


def paper_facts(part: str) -> str:
    return f"{PAPER}/{part}-bilan.json"


def failure(step: str, batch: str) -> str:
    return f"{FAILURES}/{step}-{batch}.json"
