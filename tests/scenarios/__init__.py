"""The policy's scenarios as people and programs meet them: through the cases, the interface and the pages."""
