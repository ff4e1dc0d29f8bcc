"""Reading a page: file -> images -> clean image -> barcodes + words with boxes."""
