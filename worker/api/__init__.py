"""The HTTP API: a door for documents, answers about what came, and the registry. One module per noun."""
