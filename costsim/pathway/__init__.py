"""From a site to an integer-coded plan on a working calendar."""
