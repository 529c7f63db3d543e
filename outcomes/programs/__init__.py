"""Programs over many courses: which outcomes are the same one, their figures, and what of them may be shown. Pure."""
