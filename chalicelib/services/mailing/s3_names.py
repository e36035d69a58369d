"""Names of the S3 objects in a run's mailing folder."""

DRAW, RELEASE, DELIVER, PRINT = "tracer.json", "publier.json", "envoyer.json", "imprimer.json"
DRAWN, MISSING, PAPER = "traces", "caracteres", "papier"
PAPER_FACTS = "papier.json"
COMPLEMENTS = "complements"
REPORT = "bilan.json"
FAILURES = "echecs"

batch_name = "{:06d}".format
part_name = "{:03d}".format
"""Of a rank: names in sort order."""

references = "lots/{}.json".format
drawn = f"{DRAWN}/{{}}.json".format
missing = f"{MISSING}/{{}}.json".format
bundle = "{}.bin".format
"""Of a batch, by its name."""

places = f"{PAPER}/{{}}.json".format
paper_file = f"{PAPER}/{{}}.pdf".format
paper_list = f"{PAPER}/{{}}.csv".format
paper_facts = f"{PAPER}/{{}}-bilan.json".format
"""Of a part of the paper batch, by its name."""

complement = f"{COMPLEMENTS}/{{:03d}}.json".format
"""Of the list of what a complement is to print, by its rank; written once."""

complement_part = "complement-{:03d}".format
"""Of a complement among the parts to print, by its rank."""

failure = f"{FAILURES}/{{}}-{{}}.json".format
"""Of a step and a batch."""
