"""People, Canvas accounts, the tokens we hold for them, who may do what, and the audit log."""
