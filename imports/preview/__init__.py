"""What an outcomes CSV would do to the outcome tree of an account or course. Pure: files and records in and out."""
