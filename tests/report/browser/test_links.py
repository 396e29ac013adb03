"""Links within the report: permanent ones, contents that follow, and the turning of pages."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from browsing import Reader

Chapter = Callable[..., Page]


def test_every_paragraph_has_a_permanent_link(chapter: Chapter) -> None:
    """The mark beside a paragraph shows on hover, leads to it, and the paragraph is marked."""
    page = chapter()
    paragraph = page.locator("article section p:has(> .permalink)").nth(3)
    link = paragraph.locator(".permalink")
    paragraph.hover()
    assert float(link.evaluate("el => getComputedStyle(el).opacity")) == 1
    link.click()
    anchor = link.get_attribute("id")
    assert page.url.endswith(f"#{anchor}")
    plain = page.locator("article p").first.evaluate("el => getComputedStyle(el).backgroundColor")
    marked = paragraph.evaluate("el => getComputedStyle(el).backgroundColor")
    assert marked != plain
    bare = page.locator("article > section > section > p:not(:has(.permalink))")
    assert bare.count() == 0


def test_contents_follow_the_reader(chapter: Chapter) -> None:
    """The page's own contents mark the section that is being read."""
    page = chapter()
    current = page.locator("nav.sections a[aria-current]")
    heading = page.locator("article h2", has_text="Supervision of social workers")
    heading.evaluate("el => el.scrollIntoView()")
    expect(current).to_contain_text("2.3")
    page.locator("article h2").last.evaluate("el => el.scrollIntoView()")
    expect(current).to_contain_text("2.5")


def test_one_can_read_from_cover_to_end(reader: Reader) -> None:
    """Next leads through all pages of the review once, Previous leads back."""
    turns = reader.in_each_page(
        "(page, address) => [...page.querySelectorAll('.turn .previous, .turn .next')]"
        ".map((link) => [link.className, new URL(link.getAttribute('href'), address).pathname])"
    )
    seen = ["/review/index.html"]
    while following := dict(turns[seen[-1][1:]]).get("next"):
        assert dict(turns[following[1:]])["previous"] == seen[-1]
        seen.append(following)
    page = reader.open("review/index.html")
    assert len(seen) == len(set(seen)) == page.locator("#contents > ol > li > a").count() - 2
    for link, there in ((".turn .next", seen[1]), (".turn .previous", seen[0])):
        with page.expect_navigation():
            page.locator(link).click()
        assert page.url.endswith(there)


def test_breadcrumbs_lead_up_on_a_phone(chapter: Chapter) -> None:
    """On a phone a chapter says where it stands, and leads up."""
    page = chapter(320)
    assert page.locator(".breadcrumbs").is_visible()
    page.locator(".breadcrumbs a").first.click()
    assert page.url.endswith("review/index.html")


def test_publications_lead_to_each_other(reader: Reader) -> None:
    """From the landing page to each publication and back."""
    page = reader.open("index.html")
    for name in ("review", "summary", "developments"):
        page.locator(f".publications-list a[href='{name}/index.html']").first.click()
        assert page.url.endswith(f"{name}/index.html")
        page.get_by_role("link", name="Home", exact=True).click()
        assert page.url == reader.address + "index.html"
