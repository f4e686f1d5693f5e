"""HTML for people: what is asked of them, the monitor, the cases. `mount` puts it all into the web process."""

from console.mounting import Console, Mails, Setting, mount

__all__ = ["Console", "Mails", "Setting", "mount"]
