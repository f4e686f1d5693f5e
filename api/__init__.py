"""The JSON API: parse, call one desk, present. `mount` puts it under /api/v1 of an application."""

from api.app import SILENT, mount
from api.desks import ApiDesks

__all__ = ["SILENT", "ApiDesks", "mount"]
