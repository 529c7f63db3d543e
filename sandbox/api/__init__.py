"""The endpoints: what Canvas answers below /api/v1/, the control interface below /sandbox/, and the page at /."""
