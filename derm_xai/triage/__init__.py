"""Written rules, kept as data, and what they ask for. Rules may raise urgency, never lower it."""
