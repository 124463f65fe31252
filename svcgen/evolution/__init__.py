"""How a definition changes over time: numbers that never move."""
