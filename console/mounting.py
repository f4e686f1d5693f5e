"""Puts the console into the web process: one value with all that its routes use, the routes, the static files."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from console import (
    accumulated,
    acting,
    attendance,
    cases,
    certificates,
    clinics,
    contract_ends,
    decide,
    departures,
    deputies,
    doors,
    funds,
    inspections,
    mailbox,
    methods,
    monitor,
    official,
    openings,
    paper,
    pay,
    posts,
    service_ledger,
    taking_back,
    talent_contracts,
    talent_sessions,
    talent_targets,
    talents,
    tasks,
    term_changes,
    terms,
    year,
)
from console.faults import say_faults
from console.pages import Pages
from console.visit import Console, Mails, Setting
from services.desks import Desks

__all__ = ["Console", "Mails", "Setting", "mount"]

STATIC = Path(__file__).parent.parent / "static"
ROUTERS = (
    doors,
    tasks,
    decide,
    posts,
    monitor,
    cases,
    acting,
    deputies,
    paper,
    taking_back,
    departures,
    official,
    terms,
    attendance,
    accumulated,
    term_changes,
    inspections,
    service_ledger,
    year,
    clinics,
    methods,
    certificates,
    pay,
    talents,
    talent_contracts,
    talent_sessions,
    talent_targets,
    openings,
    contract_ends,
    funds,
)


def mount(app: FastAPI, desks: Desks, setting: Setting, *, now: Callable[[], datetime]) -> None:
    """Add every page; the mailbox and "act as" only in a demonstration."""
    app.state.console = Console(desks, Pages(), setting, now)
    for part in ROUTERS:
        app.include_router(part.router, include_in_schema=False)
    if setting.mailbox is not None:
        app.include_router(mailbox.router, include_in_schema=False)
    if setting.demo:
        app.include_router(doors.demo_router, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    say_faults(app)
