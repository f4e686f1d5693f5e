"""Letters as an office writes them, the links in them, and the way to an SMTP server (design 7)."""
