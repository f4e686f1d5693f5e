"""Every table of the record, so that the metadata is whole wherever it is used."""

import db.attendance
import db.contract_ends
import db.credit
import db.demand
import db.engine.access
import db.engine.cases
import db.engine.deputies
import db.engine.official
import db.engine.people
import db.engine.post
import db.engine.seals
import db.engine.tasks
import db.evaluation
import db.exchange
import db.methods
import db.opening_terms
import db.pay
import db.posting
import db.service
import db.standstills
import db.talent_assessments
import db.talent_contracts
import db.talent_funds
import db.talent_openings
import db.talents
import db.term_changes
import db.training
from db.engine.base import Row

METADATA = Row.metadata

__all__ = ["METADATA", "db"]
