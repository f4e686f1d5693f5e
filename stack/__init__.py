"""The embedded parts of `pinyong up`: database, Temporal, mailbox, and the supervisor that keeps them running."""
