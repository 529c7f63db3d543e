"""What differs between the kinds of import, one module each, behind one protocol; the lifecycle exists once."""
