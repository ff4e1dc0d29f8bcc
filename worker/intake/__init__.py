"""How paper comes in: finding scans, making them durable, and reading the registry of requests."""
