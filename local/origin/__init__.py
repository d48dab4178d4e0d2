"""One origin for the browser, as CloudFront gives in production: the pages, and the API under ``/api``."""
