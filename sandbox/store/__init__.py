"""What a site keeps: records, their tables, and the unit of work that reads and writes them in bulk."""
