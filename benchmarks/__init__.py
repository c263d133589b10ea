"""What derm-xai costs and what it gains, measured against other ways on the same machine. See README.md here."""
