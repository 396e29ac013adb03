"""Rules of references, links, boxes, findings and constructs."""
