"""SIS imports at work: from the uploaded file to the final state."""
