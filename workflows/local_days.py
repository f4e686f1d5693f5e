"""Local days and the instants at which they begin, as workflows count them."""

from datetime import UTC, date, datetime, time, timedelta

# Asia/Shanghai has had no other offset since 1991; a workflow does not read the zone's table.
EAST_OF_UTC = timedelta(hours=8)


def begins(day: date) -> datetime:
    """The instant, in UTC, at which a local day begins."""
    return datetime.combine(day, time(), tzinfo=UTC) - EAST_OF_UTC


def day_of(instant: datetime) -> date:
    """The local day of an instant in UTC."""
    return (instant + EAST_OF_UTC).date()
