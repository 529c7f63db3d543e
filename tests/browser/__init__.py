"""The desk as people use it: Chromium before Easel's real processes and a practice Canvas."""
