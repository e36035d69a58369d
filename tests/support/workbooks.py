"""Workbooks as spreadsheets write them, small: .xlsx and .ods, with typed cells."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from chalicelib.importing.sheet_scan import place_name

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TABLE, TEXT = OFFICE.replace("office", "table"), OFFICE.replace("office", "text")
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
DAY_STYLE, INSTANT_STYLE = 1, 2
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/></cellXfs>'
    "</styleSheet>"
)


class Raw(str):
    """The XML of a cell, written as it is."""


def archive_of(members: Mapping[str, str | bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def xlsx(rows: Iterable[Sequence[Any]], *, hidden_before: bool = False, **members: str) -> bytes:
    """A workbook of one sheet, behind a hidden one or not; `members` by the last part of their names replace others."""
    sheet = "".join(
        f'<row r="{number}">{"".join(_cell(value, number, at + 1) for at, value in enumerate(row))}</row>'
        for number, row in enumerate(rows, start=1)
    )
    before = '<sheet name="Listes" sheetId="2" state="hidden" r:id="rId2"/>' if hidden_before else ""
    contents = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{LINKS}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>{before}'
        '<sheet name="Comptes &amp; co" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{_link(1)}{_link(2)}</Relationships>',
        "xl/styles.xml": STYLES,
        "xl/worksheets/sheet1.xml": sheet_of(sheet),
        "xl/worksheets/sheet2.xml": sheet_of('<row r="1"><c r="A1"><v>1</v></c></row>'),
    }
    replaced = {name: members.get(name.rpartition("/")[2].partition(".")[0], text) for name, text in contents.items()}
    added = {"xl/sharedStrings.xml": members["sharedStrings"]} if "sharedStrings" in members else {}
    return archive_of(replaced | added)


def sheet_of(data: str) -> str:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{data}</sheetData></worksheet>'


def shared_texts(*texts: str) -> str:
    return f'<sst xmlns="{MAIN}">{"".join(f"<si><t>{escape(text)}</t></si>" for text in texts)}</sst>'


def _link(number: int) -> str:
    return f'<Relationship Id="rId{number}" Type="{LINKS}/worksheet" Target="worksheets/sheet{number}.xml"/>'


def _cell(value: Any, row: int, column: int) -> str:
    place = f'r="{place_name(row, column)}"'
    if isinstance(value, Raw):
        return value.replace("<c", f"<c {place}", 1)
    if value is None:
        return f'<c {place} s="0"/>'
    if isinstance(value, bool):
        return f'<c {place} t="b"><v>{int(value)}</v></c>'
    if isinstance(value, date):
        instant = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)  # noqa: DTZ001
        days = (instant - datetime(1899, 12, 30)).total_seconds() / 86400  # noqa: DTZ001
        return f'<c {place} s="{INSTANT_STYLE if isinstance(value, datetime) else DAY_STYLE}"><v>{days!r}</v></c>'
    if isinstance(value, int | float):
        return f"<c {place}><v>{value!r}</v></c>"
    return f'<c {place} t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def ods(rows: Iterable[Sequence[Any]], *, end: str = "", content: str = "") -> bytes:
    """A workbook of LibreOffice; `end`: more XML at the end of its table."""
    table = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
    made = content or ods_content(f'<table:table table:name="Feuille1">{table}{end}</table:table>')
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return archive_of({"mimetype": ODS_TYPE, "META-INF/manifest.xml": manifest, "content.xml": made})


def ods_content(tables: str) -> str:
    names = f'xmlns:office="{OFFICE}" xmlns:table="{TABLE}" xmlns:text="{TEXT}" xmlns:calcext="urn:org:calcext"'
    return (
        f"<office:document-content {names}><office:body><office:spreadsheet>{tables}</office:spreadsheet>"
        "</office:body></office:document-content>"
    )


def _ods_cell(value: Any) -> str:
    if isinstance(value, Raw):
        return value
    if value is None:
        return "<table:table-cell/>"
    kind, attribute, text = "string", "string-value", str(value)
    if isinstance(value, bool):
        kind, attribute, text = "boolean", "boolean-value", str(value).lower()
    elif isinstance(value, date):
        kind, attribute, text = "date", "date-value", value.isoformat()
    elif isinstance(value, int | float):
        kind, attribute, text = "float", "value", repr(value)
    told = "" if kind == "string" else f" office:{attribute}={quoteattr(text)}"
    return f'<table:table-cell office:value-type="{kind}"{told}><text:p>{escape(text)}</text:p></table:table-cell>'
