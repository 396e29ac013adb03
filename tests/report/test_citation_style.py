"""Citations and the reference list as a reader sees them, by pandoc with the real style."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pypandoc
import pytest

from imprint.read.bibliography import read_library
from reports import ROOT

CITED = {
    "one author and page": ("[@laming_2009, p. 32]", "(Laming, 2009, p.32)"),
    "range of pages": ("[@burton_2009, pp. 5-6]", "(Burton, 2009, pp.5–6)"),
    "two authors": ("[@barlow_2010]", "(Barlow and Scott, 2010)"),
    "three authors": ("[@holmes_2010]", "(Holmes *et al.*, 2010)"),
    "in the sentence": ("@macleod_2010 [p. 4]", "MacLeod *et al.* (2010, p.4)"),
    "organisation": ("@cqc_2009", "Care Quality Commission (2009)"),
    "letters of the print": (
        "[@ofsted_2010_practitioners, p. 13; @ofsted_2010_third_sector; @ofsted_2010_lessons]",
        "(Ofsted, 2010a, p.13; 2010b; 2010c)",
    ),
    "order as written": ("[@ly_2009; @garboden_2010_laming]", "(Ly, 2009; Garboden, 2010a)"),
    "two works of one author": ("[@thoburn_2009; @thoburn_2010]", "(Thoburn, 2009; 2010)"),
    "secondary": ("@hunter_2009, cited in @burton_2009", "Hunter (2009), cited in Burton (2009)"),
    "undated": ("@munro_burton", "Munro (n.d.)"),
}

LISTED = {
    "bandele_2009": (
        "Bandele, F. (2009). ‘The contribution of schools to safeguarding children.’ "
        "In: Hughes, L. and Owen, H. (Eds) *Good Practice in Safeguarding Children: "
        "Working Effectively in Child Protection*. London: Jessica Kingsley Publishers."
    ),
    "barlow_2010": (
        "Barlow, J. and Scott, J. (2010). "
        "*Safeguarding in the 21st Century – Where to Now?* Dartington: Research in Practice."
    ),
    "community_care_2010": (
        "Community Care (2010). ‘Solutions in supervision’ [online]. Available: "
        "http://www.communitycare.co.uk/Articles/2010/04/09/114251/"
        "pioneers-in-better-supervision-for-social-workers.htm [accessed 7 October 2010]."
    ),
    "cooper_2010": (
        "Cooper, J. (2010). ‘Back on track after Baby P.’ *Community Care*, "
        "**1808** (4 Mar), 20–22."
    ),
    "dfe_2011": "DfE (2011). [Response to Munro’s recommendations]. "
    "Cited in Martin *et al.* (2011).",
    "france_2009": (
        "France, A., Munro, E.R., Meredith, J., Manful, E. and Beckhelling, J. (2009). "
        "*Effectiveness of the New Local Safeguarding Children Boards in England: "
        "Interim Report* (Research Report DCSF-RR126) [online]. Available: "
        "http://www.education.gov.uk/research/data/uploadfiles/DCSF-RR126.pdf "
        "[accessed 8 September 2010]."
    ),
    "holmes_2010": (
        "Holmes, L., Munro, E.R. and Soper, J. (2010). *Calculating the Cost and Capacity "
        "Implications for Local Authorities Implementing the Laming (2009) Recommendations*. "
        "London: LGA [online]. Available: http://www.lga.gov.uk/lga/aiol/9387423 "
        "[accessed 8 September 2010]."
    ),
    "lewisham_2010": (
        "Lewisham Council (2010). *Safeguarding: Information Sharing for Child Protection: "
        "a Review by the Children and Young People Select Committee*. "
        "Lewisham: Communications Unit [online]. Available: "
        "www.lewisham.gov.uk/.../SafeguardingInformationSharingForChildProtection.pdf "
        "[accessed 7 October 2010]."
    ),
    "munro_burton": "Munro (n.d.). Cited in Burton (2009).",
    "waterman_2009": (
        "Waterman, C. (2009). ‘Making progress after Laming Mark II.’ "
        "*Education Journal*, pp.25–28."
    ),
    "worrall_davies_2009": (
        "Worrall-Davies and Cottrell (2009). Cited in Barlow and Scott (2010)."
    ),
}


@pytest.fixture(scope="module")
def printed() -> Mapping[str, str]:
    """Each citation of CITED and each entry of the list as Markdown, by name or key."""
    lines = [
        f"::: {{#cited-{index}}}\n{text}\n:::\n" for index, (text, _) in enumerate(CITED.values())
    ]
    source = "---\nlang: en-GB\nnocite: '@*'\n---\n\n" + "\n".join(lines)
    style = ["--citeproc", f"--csl={ROOT / 'styles/imprint.csl'}", "--wrap=none"]
    markdown = pypandoc.convert_text(
        source,
        "markdown-citations-smart-bracketed_spans-native_spans-autolink_bare_uris",
        "markdown",
        extra_args=[*style, f"--bibliography={ROOT / 'references.bib'}", "--fail-if-warnings"],
    )
    blocks = re.findall(r"^:+ \{?#(cited|ref)-(\w+)[^\n]*\n(.*?)\n:+$", markdown, re.M | re.S)
    return {name: _plain(text) for _, name, text in blocks}


def _plain(markdown: str) -> str:
    """Markdown without escapes, links and spans; emphasis stays."""
    text = re.sub(r"<(https?:[^>]*)>", r"\1", markdown.strip())
    return re.sub(r"</?span[^>]*>|\\(?=[^\w\s])", "", text)


@pytest.mark.parametrize("case", CITED)
def test_citation_in_text(printed: Mapping[str, str], case: str) -> None:
    """A citation reads as in the printed review: (Author, 2009, p.4)."""
    assert printed[str(list(CITED).index(case))] == CITED[case][1]


@pytest.mark.parametrize("key", LISTED)
def test_entry_of_the_list(printed: Mapping[str, str], key: str) -> None:
    """An entry of the list reads as in the printed review, its slips fixed."""
    assert printed[key] == LISTED[key]


def test_list_holds_every_work_in_order(printed: Mapping[str, str]) -> None:
    """Every work is listed once, by author and year; letters follow the print's order."""
    listed = [name for name in printed if not name.isdigit()]
    assert sorted(listed) == sorted(read_library(ROOT, ["references.bib"])[0].references)
    by_letter = [name for name in listed if name.startswith(("c4eo", "garboden", "ofsted_2010"))]
    assert by_letter == [
        "c4eo_2010_hammersmith",
        "c4eo_2010_lancashire",
        "garboden_2009",
        "garboden_2010_laming",
        "garboden_2010_review",
        "ofsted_2010_practitioners",
        "ofsted_2010_third_sector",
        "ofsted_2010_lessons",
    ]
    surnames = [printed[name].split(" (")[0].casefold() for name in listed]
    assert surnames == sorted(surnames)


def test_no_comment_of_the_editors_is_printed(printed: Mapping[str, str]) -> None:
    """Annotations and the places among an author's works stay in the file."""
    for key, reference in read_library(ROOT, ["references.bib"])[0].references.items():
        annotation = reference.fields.get("annotation")
        assert not annotation or annotation[:30] not in printed[key]
