"""The rules of flexible talent contracts (policy 2.5)."""
