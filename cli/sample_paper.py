"""What the seed sends as a page does: the fields of a form, and a scan that says of itself that it is none."""

from collections.abc import Mapping
from typing import Any


def sample_scan(case: str, what: str) -> bytes:
    """A sheet of paper that says of itself that it is none."""
    words = f"BT /F1 18 Tf 60 740 Td (SAMPLE - NO REAL DOCUMENT) Tj 0 -30 Td ({case} {what}) Tj ET".encode()
    parts = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(words), words),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    written, places = b"%PDF-1.4\n", list[int]()
    for number, part in enumerate(parts, start=1):
        places.append(len(written))
        written += b"%d 0 obj%s endobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size, begins = len(parts) + 1, len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\n" % (size, table, size)
    return written + b"startxref\n%d\n%%%%EOF\n" % begins


def as_fields(form: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """The fields of a page that says this."""
    found: dict[str, str] = {}
    for name, value in form.items():
        if isinstance(value, list):
            for at, row in enumerate(value):
                found |= as_fields(row, f"{prefix}{name}-{at}-")
        else:
            found[f"{prefix}{name}"] = str(value)
    return found
