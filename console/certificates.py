"""Certificates: the public page of a code, which says valid, frozen or unknown and nothing else; for offices a list of
who has earned what (DQ-3.5.1a, DQ-3.5.2a and b, EXC-11).
"""

from fastapi import APIRouter
from fastapi.responses import Response

from console.visit import Here

router = APIRouter()


@router.get("/certificates")
async def check(visit: Here, code: str = "") -> Response:
    """The field for a code, and what the one that was typed is worth."""
    standing = await visit.desks.certificates.standing(code) if code.strip() else ""
    return visit.page("certificate.html", code=code.strip()[:40], standing=standing)


@router.get("/certificates/issued")
async def issued(visit: Here) -> Response:
    """Who has earned what, for promotions, backbone training and talent schemes."""
    return visit.page("certificates.html", lines=await visit.desks.certificates.earned(visit.signed_in()))
