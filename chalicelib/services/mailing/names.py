"""The names of what a mailing keeps in its folder of S3."""

DRAW, RELEASE, DELIVER = "tracer.json", "publier.json", "envoyer.json"
PAPER_FILE, PAPER_LIST, PAPER_FACTS = "papier.pdf", "papier.csv", "papier.json"
REPORT = "bilan.json"
FAILURES = "echecs"


def batch_name(rank: int) -> str:
    """Sorts as its rank does: « 000001 »."""
    return f"{rank:06d}"


def references(batch: str) -> str:
    return f"lots/{batch}.json"


def drawn(batch: str) -> str:
    return f"traces/{batch}.json"


def pack(batch: str) -> str:
    return f"paquets/{batch}.bin"


def papers(batch: str) -> str:
    return f"papier/{batch}.json"


def failure(step: str, batch: str) -> str:
    return f"{FAILURES}/{step}-{batch}.json"
