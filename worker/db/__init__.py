"""Remembering: tables, one file of queries per noun, migrations. Everybody asks here, nobody writes SQL."""
