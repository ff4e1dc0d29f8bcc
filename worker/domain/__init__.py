"""The words we use: frozen values that cross every border. Imports nothing but the standard library."""
