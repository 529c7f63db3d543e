"""The only writers of this app's tables, by noun. Keyword-only; who may call them is the caller's question."""
