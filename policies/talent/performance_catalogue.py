"""The rules of what is delivered under a contract and how it is judged: working time, attendance, force majeure."""

from policies.engine.rules import Rule, rule
from policies.talent import attendance_rate, force_majeure, working_time

RULES: tuple[Rule, ...] = (
    rule(
        "OT-6.3g",
        working_time.WorkingTimeFacts,
        working_time.working_time_suffices,
        {
            "unit": "sessions",
            "first_day": "2026-01-01",
            "last_day": "2026-12-31",
            "agreed": 96,
            "until": "2026-06-30",
            "worked": [{"kind": "clinic", "amount": 30}],
            "losses": [{"first_day": "2026-02-03", "last_day": "2026-02-03", "amount": 5, "state": "confirmed"}],
        },
    ),
    rule("OT-S3", attendance_rate.AttendanceFacts, attendance_rate.attendance_earns, {"agreed": 48, "attended": 36}),
    rule(
        "OT-S3/force-majeure",
        force_majeure.EventFacts,
        force_majeure.event_excuses,
        {"event": "weather", "first_day": "2026-02-03", "last_day": "2026-02-03", "evidence": 1},
    ),
)
