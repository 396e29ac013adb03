"""The way in: the landing page and the index that its search reads."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from imprint.write.site.search import write_search
from reports import ReportFolder, tree


def fragments(folder: Path) -> list[dict[str, object]]:
    """The pages in the index, as Pagefind keeps them."""
    found = []
    for path in sorted((folder / "search" / "fragment").iterdir()):
        found.append(json.loads(gzip.decompress(path.read_bytes()).removeprefix(b"pagefind_dcd")))
    return found


def test_landing_page_leads_to_every_publication(rendered: ReportFolder) -> None:
    """Each publication stands there with its title, its pages and its PDF."""
    page = rendered.page("index.html")
    for address in ("review/index.html", "review/small-report.pdf", "summary/index.html"):
        assert f'href="{address}"' in page
    assert 'action="search.html"' in page


def test_index_holds_text_and_sections(rendered: ReportFolder) -> None:
    """A chapter is found with its title, publication and sections, without what surrounds it."""
    by_address = {found["url"]: found for found in fragments(rendered.folder / "_output")}
    found = by_address["/review/chapters/findings.html"]
    assert isinstance(found["meta"], dict)
    assert found["meta"]["title"] == "1 Findings"
    assert found["meta"]["publication"] == "Review"
    anchors = [anchor["id"] for anchor in found["anchors"] if anchor["element"].startswith("h")]
    assert "why-it-matters" in anchors
    leaflet = by_address["/summary/index.html"]
    assert isinstance(leaflet["meta"], dict)
    assert leaflet["meta"]["title"] == "A small report: summary", (
        "a page without a title of its own"
    )
    assert "Contents" not in found["content"] and "Enlarge" not in found["content"]


def test_lists_of_rows_and_works_are_not_searched(rendered: ReportFolder) -> None:
    """Pages that repeat the chapters' sentences would double every result."""
    addresses = [str(found["url"]) for found in fragments(rendered.folder / "_output")]
    assert not [address for address in addresses if "statistics" in address or "sources" in address]


def test_same_pages_give_the_same_index(rendered: ReportFolder, tmp_path: Path) -> None:
    """The index is the same bytes each time."""
    made = []
    for name in ("one", "other"):
        folder = tmp_path / name
        for publication in ("review", "summary"):
            for path, content in tree(rendered.folder / "_output" / publication).items():
                if path.endswith(".html"):
                    target = folder / publication / path
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(content)
        write_search(folder, ["review", "summary"])
        made.append(tree(folder / "search"))
    assert made[0] == made[1]
    assert made[0] == tree(rendered.folder / "_output" / "search")
