"""Effects: one transaction or one sending each, done once however often they are retried."""
