"""Every kind of row that the files name, and the proof of the whole record with them."""

from collections.abc import AsyncIterator, Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from db.attendance import STRETCH
from db.contract_ends import END_KIND, RULING
from db.credit import CREDIT
from db.engine.audit import Audit
from db.engine.damage import Damage
from db.engine.official import OFFICIAL
from db.engine.row_proof import FINDING, START
from db.evaluation import CERTIFICATE, GRADE, GRADE_ITEM, HOLD
from db.methods import METHOD
from db.opening_terms import OPENING
from db.pay import APPROVED_TOTAL, INFLOW, PAYMENT, PAYMENT_VERDICT
from db.posting import CLOSED_POST, MATCH, POST, TRAINING_PLACE, VERDICT
from db.service import ABSENCE, ACTIVITY, LEAVE, RESULT
from db.standstills import STANDSTILL
from db.talent_assessments import ASSESSMENT, RATING, SCORE
from db.talent_contracts import ANSWER, CONTRACT, EXCUSE, FIGURE, TRAINED
from db.talent_funds import FUND_PAYMENT, FUND_SHARE
from db.talent_openings import TALENT_OPENING
from db.talents import TALENT_LISTED
from db.term_changes import CHANGE
from db.training import MENTORSHIP
from vault.keyring import Keyring

KINDS = (
    START,
    FINDING,
    POST,
    CLOSED_POST,
    MATCH,
    VERDICT,
    OFFICIAL,
    ABSENCE,
    CREDIT,
    LEAVE,
    METHOD,
    ACTIVITY,
    CHANGE,
    GRADE,
    GRADE_ITEM,
    CERTIFICATE,
    STRETCH,
    RESULT,
    HOLD,
    APPROVED_TOTAL,
    PAYMENT,
    PAYMENT_VERDICT,
    INFLOW,
    TRAINING_PLACE,
    MENTORSHIP,
    STANDSTILL,
    TALENT_LISTED,
    OPENING,
    CONTRACT,
    EXCUSE,
    FIGURE,
    ANSWER,
    TRAINED,
    FUND_SHARE,
    ASSESSMENT,
    SCORE,
    RATING,
    FUND_PAYMENT,
    END_KIND,
    TALENT_OPENING,
    RULING,
)


def audit(session: AsyncSession, keyring: Keyring, *, known: Mapping[int, str] | None = None) -> Audit:
    """An audit of the whole record; `known` are seals that somebody has on paper, number and code."""
    return Audit(session, keyring, kinds=KINDS, known=known)


async def verify(session: AsyncSession, keyring: Keyring) -> AsyncIterator[Damage]:
    """Every damage in the record, on a session that has read nothing yet. An untouched record yields nothing."""
    async for damage in audit(session, keyring).damages():
        yield damage
