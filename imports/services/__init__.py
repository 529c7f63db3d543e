"""The only writers of uploads, runs, messages, actions and watches: one module per part of a run's life."""
