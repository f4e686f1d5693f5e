"""The closed words that several rules share."""

from typing import Literal

Programme = Literal["county_hired_township_used", "township_managed_county_trained"]
SENT_DOWN: Programme = "county_hired_township_used"
TRAINEE: Programme = "township_managed_county_trained"

Title = Literal["none", "junior", "intermediate", "associate_senior", "full_senior"]
TITLE_ORDER: tuple[Title, ...] = ("none", "junior", "intermediate", "associate_senior", "full_senior")

Grade = Literal["excellent", "qualified", "unqualified"]
Profession = Literal["practising_physician", "assistant_physician", "nurse", "technician", "pharmacist"]
