"""The forms of flexible talent contracts to which a file is attached."""

from services.engine.attachments import ATTACHMENT
from services.forms import assessment_sheets, fund_sheets, talent_sheets

_OF_YEARS = tuple(name for name, sheet in assessment_sheets.SHEETS.items() if ATTACHMENT in sheet.names)
WITH_SCAN = (*talent_sheets.WITH_SCAN, *fund_sheets.WITH_SCAN, *_OF_YEARS)
