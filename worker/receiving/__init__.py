"""Taking in what comes over HTTP, straight to disk: what the API and the review site share."""
