"""How figures look in templates."""
