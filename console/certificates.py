"""The public page of a certificate's code: it says valid, frozen or unknown, and nothing else (DQ-3.5.1a, EXC-11)."""

from fastapi import APIRouter
from fastapi.responses import Response

from console.visit import Here

router = APIRouter()


@router.get("/certificates")
async def check(visit: Here, code: str = "") -> Response:
    """The field for a code, and what the one that was typed is worth."""
    standing = await visit.desks.certificates.standing(code) if code.strip() else ""
    return visit.page("certificate.html", code=code.strip()[:40], standing=standing)
