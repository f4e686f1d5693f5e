"""The strands of a service term: each looks at the case at every turn, asks what is due and says when to look again."""
