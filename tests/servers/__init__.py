"""The servers that tests talk to, each started by the tests themselves, on a free port, in a folder of its own."""
