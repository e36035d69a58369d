"""Merging invoices for the print room: CPU, size and memory of 200 documents, ours beside pypdf."""

import io
import subprocess
import sys

from bench.measuring import cpu_ms, peak_kib
from chalicelib.pdf.format.merger import PDFMerger
from tests.support.papers import draw, invoice_of

DOCUMENTS = 200


def documents() -> list[bytes]:
    """Returns as many different invoices, of 2 to 8 lines."""
    invoices = (invoice_of(2 + rank % 7).model_copy(update={"number": f"26{rank:06d}"}) for rank in range(DOCUMENTS))
    return [draw(invoice).content for invoice in invoices]


def merge_ours(contents: list[bytes], out: io.BytesIO) -> None:
    merger = PDFMerger(out)
    for content in contents:
        merger.add(content)
    merger.close()


def merge_with_pypdf(contents: list[bytes], out: io.BytesIO) -> None:
    from pypdf import PdfWriter  # of the development requirements

    writer = PdfWriter()
    for content in contents:
        writer.append(io.BytesIO(content))
    writer.compress_identical_objects()
    writer.write(out)


MERGERS = {"ours": merge_ours, "pypdf": merge_with_pypdf}


def measure(name: str) -> str:
    """Returns milliseconds of CPU and bytes per document, and MiB of memory added by the merge."""
    contents, out = documents(), io.BytesIO()
    before = peak_kib()
    spent = cpu_ms(lambda: MERGERS[name](contents, out)) / DOCUMENTS
    return f"{spent:.2f} {len(out.getvalue()) // DOCUMENTS} {(peak_kib() - before) / 1024:.0f}"


def main() -> None:
    rows = {}
    for name in MERGERS:
        command = [sys.executable, "-m", "bench.merging", name]
        rows[name] = [
            float(word) for word in subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        ]
    (ours, size, memory), (peer, peer_size, peer_memory) = rows["ours"], rows["pypdf"]
    print(f"merging: {ours:.2f} ms of CPU a document, pypdf {peer:.2f} ms; ratio {ours / peer:.2f} (≤ 0.25)")
    print(f"{size:.0f} bytes a document, pypdf {peer_size:.0f}; +{memory:.0f} MiB, pypdf +{peer_memory:.0f} MiB")


if __name__ == "__main__":
    print(measure(sys.argv[1])) if len(sys.argv) > 1 else main()
