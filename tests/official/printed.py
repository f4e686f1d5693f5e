"""What stands in a printed document, as a reader would search for it: without the spaces between."""

from io import BytesIO

import docx
from docx.oxml.ns import qn
from pypdf import PdfReader


def in_pdf(content: bytes) -> str:
    return _close("".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages))


def in_word(content: bytes) -> str:
    body = docx.Document(BytesIO(content)).element.body
    return _close("".join(each.text or "" for each in body.iter(qn("w:t"))))


def _close(text: str) -> str:
    return "".join(text.replace("\u200b", "").split())
