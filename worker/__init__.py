"""Pigeonhole: paper in, filed pages out.

1. A door in `intake/` takes a file, keeps its bytes by content hash (`storage/`) and records the arrival (`db/`).
2. `ocr/` turns the file into pages, pages into clean upright images, images into barcodes and words.
3. `matching/` finds what the words could mean (sightings), which open requests they speak for or against
   (findings), and decides the whole document as one sequence of pages. It asks for more reading where that
   could change a decision.
4. `filing/` writes one PDF per request and document, its manifest, and what a person must look at.
5. `pipeline/` holds the steps in order; `cli/` runs them on a tray; `db/` remembers how far each document is.
"""
