"""XMP metadata: title, author, language, date, and the declared standards (PDF/A-2A, PDF/UA-1); colour profile.

ISO 19005-2 (PDF/A-2), 6.6, and ISO 14289-1 (PDF/UA-1), 5. fpdf2 does not support PDF/A-2 level A, hence this packet.
"""

from datetime import datetime
from functools import cache
from xml.sax.saxutils import escape

from chalicelib.pdf.format.typeface import FONTS
from chalicelib.pdf.format.writer import Objects, pdf_string

PRODUCER = "Portail Famille"

PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><rdf:Description rdf:about="">
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance><pdfuaid:part>1</pdfuaid:part>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>fr-FR</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>{instant}</xmp:CreateDate><xmp:ModifyDate>{instant}</xmp:ModifyDate>
<pdf:Producer>{producer}</pdf:Producer>
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA</pdfaSchema:schema><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


def xmp_packet(*, title: str, author: str, instant: datetime) -> bytes:
    """Returns the XMP packet of a document drawn at this UTC instant; title and author are text, not markup."""
    moment = f"{instant:%Y-%m-%dT%H:%M:%SZ}"
    return PACKET.format(title=escape(title), author=escape(author), instant=moment, producer=PRODUCER).encode()


def info_dictionary(*, title: str, author: str, instant: datetime) -> str:
    """Returns the document information dictionary, the same data for older readers."""
    moment = f"(D:{instant:%Y%m%d%H%M%S}Z)"
    return (
        f"<</Title{pdf_string(title)}/Author{pdf_string(author)}/Producer{pdf_string(PRODUCER)}/CreationDate{moment}>>"
    )


@cache
def colour_profile() -> bytes:
    return (FONTS / "sRGB.icc").read_bytes()


def output_intent(objects: Objects) -> str:
    """Add the sRGB profile to the file. Returns the output intent dictionary."""
    profile = objects.add_stream("/N 3/Alternate/DeviceRGB", colour_profile())
    return (
        f"<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB)/DestOutputProfile {profile} 0 R>>"
    )
