"""Pages as lists of marks in points, what stands on them, and what fax machines and scanners do to them."""
