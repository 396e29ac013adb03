"""Documents that bring neither our extension nor our settings render as they do under Quarto."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from typst import Fonts

from imprint.cli import main
from imprint.compose.words.dates import format_date
from imprint.compose.words.language import FOLDER, words_of
from imprint.compose.words.metadata import author_names, typst_metadata
from imprint.core.document import Book
from imprint.core.model import Publication
from imprint.read.chapters.cell_captions import OutputLines, captioned, code_attributes
from imprint.read.project.quarto_subset import LANGUAGES
from imprint.read.report import read_report
from imprint.write.pdf import typeset
from imprint.write.pdf.typeset import fonts, set_pdf
from plain_documents import plain_document


def spoken(html: str) -> str:
    """The words of a page's part."""
    return " ".join(re.sub(r"<[^>]+>", "", html).replace("\u00a0", " ").split())


PROJECT = "project:\n  type: default\n  render: [index.qmd]\n"


def test_the_rules_of_our_house_are_not_theirs(tmp_path: Path) -> None:
    """Spelling, spacing, quotation marks, numbers; what accessibility wants is told."""
    text = 'A  "colour" of teh 17 things ,that `x`. Now ![](a.png) is an image, see @fig-x.\n'
    made = plain_document(tmp_path, text, {"a.png": b"GIF89a", "_quarto.yml": PROJECT})
    assert made.told == [
        "index.qmd:1: warning: image 'a.png' has no alternative text",
        "index.qmd:1: warning: nothing in 'index' is labelled 'fig-x'",
    ]
    assert "teh 17 things" in made.html
    assert "teh 17 things" in made.typst


def test_our_settings_make_it_ours(tmp_path: Path) -> None:
    made = plain_document(
        tmp_path, "Two  spaces.\n", {"_quarto.yml": PROJECT + "imprint: {style: british}\n"}
    )
    assert [it.code for it in made.problems] == ["spaces-are-single"]


def test_chapter_with_a_slip_that_is_a_warning_is_no_less_printed(tmp_path: Path) -> None:
    """In a project as in a file alone."""
    made = plain_document(
        tmp_path, "---\npdf-standard: x-4\n---\n\nSome text.\n", {"_quarto.yml": PROJECT}
    )
    assert made.told == ["index.qmd:2: warning: unknown PDF standard: x-4"]
    report, _ = read_report(tmp_path)
    assert list(report.chapters) == ["index.qmd"]


def test_options_of_quarto_are_named_as_such(tmp_path: Path) -> None:
    """No 'did you mean': they are no slips."""
    text = "---\npapersize: a5\n_quarto: {tests: {}}\ntitel: A\n"
    text += "format: {html: {css: a.css}, docx: default}\n---\n"
    made = plain_document(tmp_path, text + "\nText.\n")
    kept = "warning: the embedded engine does not keep the"
    assert made.told == [
        f"index.qmd:2: {kept} front matter option 'papersize'",
        "index.qmd:4: warning: unknown front matter option 'titel'",
        f"index.qmd:5: {kept} format option 'css'",
        "index.qmd:5: warning: the embedded engine does not write the format 'docx'",
    ]


def test_what_a_folder_says_holds_for_its_documents(tmp_path: Path) -> None:
    text = "---\nmetadata-files: [/more.yml]\n---\n\n## One\n\nAbout {{< meta topic >}}.\n"
    files = {
        "_quarto.yml": PROJECT,
        "_metadata.yml": "number-sections: true\n",
        "more.yml": "topic: bees\n",
    }
    made = plain_document(tmp_path, text, files)
    assert '<span class="header-section-number">1</span> One' in made.html
    assert "About bees." in made.html
    assert made.told == ["more.yml:1: warning: unknown front matter option 'topic'"]


def test_shortcodes_stand_for_their_values_wherever_they_stand(tmp_path: Path) -> None:
    """In text, headings, attributes, addresses, code and metadata; escaped ones are shown."""
    text = """\
---
title: A page
subtitle: "About {{< meta own.topic >}}"
own: {topic: bees, place: "https://example.org/bees", kinds: [red, black]}
---

## Of {{< var kind >}}, {{< meta own.kinds.2 >}}

[a span]{#here title='{{< meta own.place >}}'}, [a link]({{< meta own.place >}}).
Press {{< kbd Ctrl-C >}} on {{< env IMPRINT_TRIED nothing >}}; write `{{{< pagebreak >}}}`.

```markdown
{{{< pagebreak >}}} {{< meta own.topic >}}
```

{{< lipsum 2 >}}

{{< placeholder 40 20 >}}

{{< video https://example.org/v >}}

Nothing is {{< meta nowhere >}} or {{< var none >}}.
"""
    files = {"_quarto.yml": PROJECT, "_variables.yml": "kind: wild *bees*\n"}
    made = plain_document(tmp_path, text, files)
    assert made.told == [
        "index.qmd:4: warning: unknown front matter option 'own'",
        "index.qmd:20: warning: the video 'https://example.org/v' is a link here",
        "index.qmd:22: warning: no metadata 'nowhere'",
        "index.qmd:22: warning: no variable 'none'",
    ]
    for words in (
        "Of wild <em>bees</em>, black",
        'title="https://example.org/bees"',
        '<a href="https://example.org/bees">a link</a>',
        "Ctrl-C",
        "on nothing; write <code>{{&lt; pagebreak &gt;}}</code>",
        "{{&lt; pagebreak &gt;}} bees",
        "Lorem ipsum dolor sit amet",
        'src="data:image/svg+xml;base64,',
        '<a href="https://example.org/v">Video: https://example.org/v</a>',
        "Nothing is <strong>?meta:nowhere</strong> or <strong>?var:none</strong>.",
    ):
        assert words in made.html, words
    assert "zqx" not in made.html + made.typst
    assert "{{\\< pagebreak" in made.typst or "{{< pagebreak >}} bees" in made.typst


def test_blocks_stand_beside_each_other(tmp_path: Path) -> None:
    """Layouts, columns and tabs; parts of a figure have letters, by which they are referred to."""
    text = """\
::: {#fig-all layout-ncol=2}
![One](a.png){#fig-one fig-alt="One thing"}

![Two](a.png){#fig-two fig-alt="Two things"}

Both of them
:::

See @fig-all, @fig-two and @fig-bare.

![](a.png){#fig-bare fig-alt="Bare"}

::: {layout="[[70,30],[100]]"}
First

Second

Third
:::

:::: columns
::: {.column width="40%"}
Left
:::

::: {.column width="60%"}
Right
:::
::::

## Systems

::: {.panel-tabset}
# Mac
On a Mac

# Linux
On Linux
:::

::: {.column-margin}
Beside
:::
"""
    made = plain_document(tmp_path, text, {"a.png": b"GIF89a"})
    assert made.told == [
        "index.qmd:41: warning: what Quarto sets in the margin, '.column-margin', "
        "stands within the text here"
    ]
    html = made.html
    assert "Figure\u00a01\u00a0(b)" in html
    assert '<a href="#fig-two" class="quarto-xref">Figure\u00a01\u00a0(b)</a>' in html
    assert '<span class="float-number">(a)</span> One' in html
    assert '<span class="float-number">Figure\u00a01:</span> Both of them' in html
    assert '<span class="float-number">Figure\u00a02</span>' in html
    for columns in ("1fr 1fr", "70fr 30fr", "100fr", "40fr 60fr"):
        assert f'<div class="layout-row" style="--columns: {columns}">' in html
        assert f"#grid(columns: ({columns.replace(' ', ', ')},)" in made.typst
    assert '<h3 class="unlisted unnumbered">Mac</h3>' in html
    assert "<aside" in html
    assert "#link(<fig-two>)[Figure~1~(b)]" in made.typst
    assert "(b) Two" in made.typst


def test_a_cell_lays_its_outputs_out() -> None:
    """Parts with captions of their own, beside each other; code as a listing of a file."""
    image = ['![](/a.png){fig-alt="A"}']
    options = {"label": "fig-x", "fig-cap": "Both", "fig-subcap": ["One"], "layout-ncol": 2}
    outputs = [OutputLines(image), OutputLines(["printed"], is_displayed=False), OutputLines(image)]
    assert [line for block in captioned(options, outputs) for line in block] == [
        '::: {#fig-x layout-ncol="2"}',
        '![One](/a.png){#fig-x-1 fig-alt="A"}',
        "printed",
        *image,
        "Both",
        ":::",
    ]
    options = {"label": "fig-x", "fig-cap": ["One", "Two"], "layout-ncol": 2}
    assert [line for block in captioned(options, outputs) for line in block] == [
        '::: {layout-ncol="2"}',
        '![One](/a.png){#fig-x fig-alt="A"}',
        "printed",
        '![Two](/a.png){fig-alt="A"}',
        ":::",
    ]
    listing = {"lst-label": "lst-a", "lst-cap": 'A "sum"', "filename": "a.py"}
    attributes = '{#lst-a .python .cell-code lst-cap="A &quot;sum&quot;" filename="a.py"}'
    assert code_attributes(listing) == attributes
    assert code_attributes({"label": "lst-b"}) == "{#lst-b .python .cell-code}"
    assert code_attributes({"label": "fig-b"}) == "{.python .cell-code}"


def test_works_that_nobody_cites_are_listed_where_asked(tmp_path: Path) -> None:
    """An export's abstract, which nobody prints, may hold what only pandoc reads."""
    works = "@misc{fox, author = {Fox, A.}, title = {Foxes}, year = {2010},\n"
    works += "  abstract = {{Up to 5 % of \\{foxes\\}}}}\n"
    works += "@misc{owl, author = {Owl, B.}, title = {Owls}, year = {2011}}\n"
    text = "---\nbibliography: works.bib\nnocite: '@owl'\n---\n\nSee @fox.\n"
    made = plain_document(tmp_path, text, {"works.bib": works})
    assert made.told == []
    assert "Foxes" in made.html
    assert "Owls" in made.html


def test_only_labels_are_numbered(tmp_path: Path) -> None:
    """An identifier of another kind is an address; those that a library makes up in each run go."""
    text = """
: Own words {#own}

| a |
|---|
| 1 |

See [it](#own) and [that](#kept).

```{=html-output}
<div id="x1y2">
<table id="T_1"><caption>Made up</caption><tr><td id="T_1_c">x</td></tr></table></div>
<table id="kept"><tr><td>y</td></tr></table>
```
"""
    made = plain_document(tmp_path, text)
    assert made.told == []
    assert "Table\u00a01" not in made.html
    assert 'id="own"' in made.html
    assert 'id="kept"' in made.html
    assert not re.search(r"T_1|x1y2", made.html + made.typst)


def test_what_is_not_there_is_told_and_the_rest_renders(tmp_path: Path) -> None:
    text = "![A bee](bee.png)\n\nSee @nobody2010 and ![]({{< nope >}}).\n"
    made = plain_document(tmp_path, text.replace("![]({{< nope >}})", "this"))
    assert made.told == [
        "index.qmd:1: warning: there is no image 'bee.png'",
        "index.qmd:3: warning: no entry 'nobody2010' in the project's bibliography",
    ]
    assert '<span class="missing-image">[A bee]</span>' in made.html
    assert "[A bee]" in made.typst
    assert "shortcode-is-supported" in {it.code for it in plain_document(tmp_path, text).problems}


def test_what_only_quarto_writes_or_calls_by_another_name_is_no_hindrance(tmp_path: Path) -> None:
    """A format that is not written, a standard typed as a number, folder's settings in `.yaml`."""
    text = "---\nformat: pdf\npdf-standard: 1.7\n---\n\nAbout {{< meta topic >}}, see @tbl-a.\n\n"
    text += "| a |\n|---|\n| 1 |\n\n: {#tbl-a}\n"
    files = {"_metadata.yaml": "title: A\ntopic: bees\n"}
    made = plain_document(tmp_path, text, files)
    assert made.told == [
        "_metadata.yaml:2: warning: unknown front matter option 'topic'",
        "index.qmd:2: warning: the embedded engine does not write the format 'pdf'",
    ]
    assert "About bees, see Table 1." in spoken(made.html)


def test_what_only_looks_otherwise_than_meant_is_told_and_printed(tmp_path: Path) -> None:
    """Cells of languages that nothing runs, classes in a fence, maths of plain TeX, a table too
    wide for print."""
    text = """\
```{text}
a <- b
```

```{python .wide key="value"}
#| eval: false
c = 1
```

Here ${\\rm mean} + {a \\over b}$ in $\\LaTeX$.

"""
    text += "| " + " | ".join(f"Heading{n}" for n in range(40)) + " |\n" + "|---" * 40 + "|\n"
    made = plain_document(tmp_path, text + "| 1 " * 40 + "|\n")
    assert made.told == [
        "index.qmd:1: warning: nothing runs 'text' cells: this one is shown as code",
        "index.qmd:5: warning: nothing takes the classes in this cell's fence: "
        "'.wide key=\"value\"'",
        "index.qmd:12: warning: a table of 40 columns is wider than the page of the PDF, "
        "even turned on its side",
    ]
    for words in ("a &lt;- b", "<mfrac>", '<mtext mathvariant="normal">LaTeX', "Heading39"):
        assert words in made.html, words
    assert "+ a / b" in made.typst
    assert "upright(m e a n)" in made.typst


def test_files_that_hold_another_image_or_none(tmp_path: Path) -> None:
    """A pointer of Git LFS in its place is told and as good as not there; a JPEG called PNG is set
    by how it begins."""
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"
    files = {"far.png": pointer, "odd.png": b"\xff\xd8\xff\xe0", "bad.jpg": "<html>"}
    text = "".join(f"![]({name}){{alt='A {name[:3]}'}}\n\n" for name in files)
    made = plain_document(tmp_path, text, files)
    assert made.told == [
        "index.qmd:1: warning: 'far.png' only tells Git LFS where the image is",
        "index.qmd:5: warning: 'bad.jpg' holds no image",
    ]
    assert r"\[A far\]" in made.typst
    assert 'image(read("/odd.png", encoding: none)' in made.typst


def test_what_quarto_drops_too_is_told_and_the_rest_is_printed(tmp_path: Path) -> None:
    """A word in angle brackets, a caption of a cell that shows nothing, a template's partials."""
    text = "---\nformat:\n  typst:\n    template-partials: [show.typ]\n---\n\n"
    text += "See <section_sampling> there.\n\n"
    text += "```{python}\n#| label: fig-a\n#| fig-cap: One\nx = 1\n```\n"
    made = plain_document(tmp_path, text, runs=True)
    assert made.told == [
        "index.qmd:4: warning: the embedded engine does not keep the format option "
        "'template-partials'",
        "index.qmd:7: warning: `<section_sampling>` reads as an HTML tag, so that neither page nor "
        "PDF shows it",
        "index.qmd:9: warning: cell 1 'fig-a' shows nothing that its caption could stand at",
    ]
    assert "there." in made.typst


def test_columns_get_room_by_what_they_hold(tmp_path: Path) -> None:
    """Codes and paths break after hyphens and slashes, and sentences get most of the room."""
    cells = (
        "`quotation-has-its-locator-here`",
        "many words that say what this catches " * 4,
        "chapters/of/the-report/on/cycling.qmd",
        '`figure("name_of_the_figure_here")`',
    )
    text = f"| Rule | Catches | File | Fix |\n|---|---|---|---|\n| {' | '.join(cells)} |\n"
    made = plain_document(tmp_path, text)
    shares = re.search(r"columns: \((.+?)\)", made.typst)
    assert shares
    rule, catches, file, _fix = (float(it.strip(" %")) for it in shares[1].split(","))
    assert catches > max(rule, file)


def test_page_about_somebody_has_their_image_and_links(tmp_path: Path) -> None:
    """And shortcodes print the colours and logos of a brand, of the light mode or of the dark."""
    text = """\
---
title: About
image: owl.png
about: {template: jolla, image-alt: An owl, links: [{text: Post, href: "https://example.org"}]}
brand:
  light:
    color: {palette: {sky: "#82aeef"}, primary: sky}
    logo: {images: {sun: {path: sun.png, alt: A sun}}, small: sun}
  dark: {color: {primary: "#415777"}, logo: {small: moon.png}}
---

[Sky]{style="color: {{< brand color primary >}}"} and {{< brand color primary dark >}}.

{{< brand logo small >}} {{< brand logo large >}}
"""
    made = plain_document(tmp_path, text, dict.fromkeys(("owl.png", "sun.png"), b"GIF89a"))
    assert "index.qmd:14: warning: no part of the brand 'logo large'" in made.told
    assert 'alt="An owl"' in made.html
    assert '<a href="https://example.org">Post</a>' in made.html
    assert 'style="color: #82aeef"' in made.html
    assert "and #415777." in spoken(made.html)
    assert 'alt="A sun"' in made.html


def test_what_quarto_would_fetch_is_a_link(tmp_path: Path) -> None:
    """Images and frames of the network; TeX and what raw blocks ask for are told, a page begins."""
    text = """\
---
title: A page
---

![A cat](https://example.org/a.png)

![The map](https://example.org/b.png){#fig-map fig-alt="Where cats live"}

See @fig-map and ![a dog](https://example.org/c.png) on {{< meta
title >}} in \\LaTeX there.

<iframe src="https://example.org/d" title="A film"></iframe>

\\newpage

{{< include more.md fixup=true >}}

```{=html}
<p><img src="https://example.org/e.png" alt="A bird"> <a href="https://example.org/f">More</a></p>
```
"""
    made = plain_document(tmp_path, text, {"more.md": "Included.\n"})
    image = "warning: the image of the network 'https://example.org/{}.png' is a link here"
    assert made.told == [
        f"index.qmd:5: {image.format('a')}",
        f"index.qmd:7: {image.format('b')}",
        f"index.qmd:9: {image.format('c')}",
        "index.qmd:9: warning: `\\LaTeX` is TeX, which neither page nor PDF shows",
        "index.qmd:12: warning: the page of the network 'https://example.org/d' is a link here",
        "index.qmd:19: warning: the PDF lacks what a raw block `{=html}` holds",
        "index.qmd:19: warning: a raw block asks another host for 'https://example.org/e.png' "
        "while the page is read",
    ]
    for address, words in (
        ("a.png", "https://example.org/a.png"), ("b.png", "Where cats live"),
        ("c.png", "a dog"), ("d", "A film"),
    ):  # fmt: skip
        assert f'href="https://example.org/{address}">{words}</a>' in made.html
    assert "on A page in there." in spoken(made.html)
    assert "Figure 1: The map" in spoken(made.html)
    assert "Included." in made.html
    assert "#pagebreak(weak: true)" in made.typst


@pytest.mark.parametrize("files", [{}, {"_quarto.yml": PROJECT}], ids=["alone", "in a project"])
def test_works_with_slips_are_cited(tmp_path: Path, files: dict[str, str]) -> None:
    """Names that commas run together, a span of years; what pandoc refuses stops the render."""
    work = "@book{map, author = {Brown, A., Jr.}, title = {Maps}, year = {2010-2015}, "
    bib = {"a.bib": work + "publisher = {P}}\n"}
    text = "---\nbibliography: a.bib\n---\n\nSee @map.\n"
    made = plain_document(tmp_path, text, {**files, **bib})
    assert [it.code for it in made.problems] == ["name-is-readable", "year-is-a-year"]
    assert "(2010-2015)" in spoken(made.html)
    refused = plain_document(tmp_path, text, {**files, "a.bib": "@book{, title = {Maps}}\n"})
    assert [it.code for it in refused.problems if it.severity == "error"] == ["reference-has-key"]


def test_blocks_in_items_and_tags_of_word_hold_text(tmp_path: Path) -> None:
    text = "::: {.list-table}\n- - ::: {.wide}\n    One\n    :::\n  - Two\n:::\n\n"
    made = plain_document(tmp_path, text + '<p class="MsoNormal">Of Word<o:p></o:p></p>\n')
    assert made.told == []
    assert "<table" in made.html
    assert "Of Word" in made.html
    assert "Of Word" in made.typst


def test_a_book_may_list_markdown(tmp_path: Path) -> None:
    project = "project: {type: book}\nbook: {title: A, chapters: [index.md, b.md]}\n"
    for name, content in {"_quarto.yml": project, "index.md": "Text.\n", "b.md": "# B\n"}.items():
        (tmp_path / name).write_text(content)
    report, problems = read_report(tmp_path)
    assert (problems, list(report.chapters)) == ([], ["index.md", "b.md"])


@pytest.mark.parametrize("is_plain", [True, False])
def test_letters_that_our_fonts_lack_are_the_machines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_plain: bool
) -> None:
    """In documents that bring nothing of ours; what no font has is told in any."""
    asked: list[bool] = []
    ours = fonts()

    def noted(*, of_machine: bool = False) -> Fonts:
        asked.append(of_machine)
        return ours

    monkeypatch.setattr(typeset, "fonts", noted)
    text = '#set document(title: "A")\n#metadata(none)<imprint-text>\n= A\nNone has \u1b83.\n'
    publication = Publication("a", False, (), {}, "a", "a.qmd")
    pdf = set_pdf(Book(publication, (), text, (), (), is_plain=is_plain), tmp_path, 0)
    assert asked == ([False, True] if is_plain else [False])
    assert list(pdf.told("a")) == ["a: no font has \u1b83: the PDF prints □"]


def test_name_too_long_for_a_file_is_that_of_none(tmp_path: Path) -> None:
    """Of an image, and of what code may mean by a table of data."""
    name = "x" * 300
    made = plain_document(tmp_path, f"![A bee]({name}.svg)\n\n```{{python}}\na = '{name}'\n```\n")
    assert made.told == [f"index.qmd:1: warning: there is no image '{name}.svg'"]


def test_a_pdf_that_cannot_be_accessible_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Raw Typst may hold an image without words for it."""
    (tmp_path / "a.qmd").write_text(
        "---\ntitle: A\n---\n\n```{=typst}\n#square()\n```\n\n"
        "```{=typst}\n#image(bytes(\"<svg xmlns='http://www.w3.org/2000/svg' width='9' "
        'height=\'9\'/>"), format: "svg")\n```\n'
    )
    monkeypatch.chdir(tmp_path)
    assert main(["render", "a.qmd", "--to", "pdf"]) == 0
    assert "warning: the PDF of 'a' is not accessible: PDF/UA-1 error: missing alt" in (
        capsys.readouterr().out
    )
    assert (tmp_path / "a.pdf").is_file()


def test_theorems_callouts_and_listings_have_numbers(tmp_path: Path) -> None:
    text = """\
---
crossref: {lst-title: Program}
---

::: {#thm-line}
## Line
The equation.
:::

::: proof
It follows from @thm-line, @nte-mine and @lst-sum.
:::

::: {#nte-mine .callout-note collapse="true"}
## Mine
A note.
:::

```{#lst-sum .python lst-cap="A *sum*" filename="sum.py"}
1 + 1
```
"""
    made = plain_document(tmp_path, text)
    assert made.told == []
    assert "<strong>Theorem\u00a01 (Line)</strong> " in made.html
    assert "<strong>Proof</strong>. " in made.html
    assert '<details id="nte-mine" class="callout callout-note">' in made.html
    assert "Note\u00a01: Mine" in made.html
    assert '<span class="float-number">Program\u00a01:</span> A <em>sum</em>' in made.html
    assert "<code>sum.py</code>" in made.html
    for name in ("Theorem\u00a01", "Note\u00a01", "Program\u00a01"):
        assert f'class="quarto-xref">{name}</a>' in made.html
    assert "#strong[Theorem~1 (Line)] The equation." in made.typst
    for label in ("<thm-line>", "<nte-mine>", "<lst-sum>"):
        assert made.typst.count(label) == 2, label


def test_code_and_blocks_are_for_their_formats(tmp_path: Path) -> None:
    """A block that pandoc reads in another format is read; code is hidden as anything else."""
    text = """\
```{.python .content-visible when-format="html"}
only_for_screen = 1
```

```{.python .content-hidden when-format="html"}
only_for_paper = 1
```

```{=pandoc-reader-markdown}
A sentence that *disappears*.
```

```{=pandoc-reader-gfm}
| bee | sting |
|-----|-------|
| red | one |
```

Of `<b>two</b>`{=pandoc-reader-html} kinds, `SmallCaps [Str "both"]`{=pandoc-native} small.
"""
    made = plain_document(tmp_path, text)
    assert made.told == []
    assert ">one</td>" in made.html
    assert "Of <strong>two</strong> kinds, " in made.html
    assert "kinds, both small." in spoken(made.html) and "smallcaps[both]" in made.typst
    assert ("only_for_screen" in made.html, "only_for_paper" in made.html) == (True, False)
    assert ("only_for_screen" in made.typst, "only_for_paper" in made.typst) == (False, True)
    assert "A sentence that <em>disappears</em>." in made.html


@pytest.mark.parametrize(
    ("date", "wanted", "lang", "printed"),
    [
        ("2026-02-11", "", "fr", "11 février 2026"),
        ("2026-02-11", "", "de-CH", "11. Februar 2026"),
        ("2026-02-11", "full", "cy", "Mercher, 11 Chwefror 2026"),
        ("2026-02-11", "", "es", "11 de febrero de 2026"),
        ("2/11/2026", "", "en", "11 February 2026"),
        ("February 11, 2026", "iso", "en", "2026-02-11"),
        ("11 February 2026", "MMM D, YYYY", "en", "Feb 11, 2026"),
        ("2026-02-11", "[Week of] dddd D", "en", "Week of Wednesday 11"),
        ("Spring 2026", "", "fr", "Spring 2026"),
        ("13/13/2026", "", "en", "13/13/2026"),
        ("2026/02/11", "", "en", "11 February 2026"),
        ("02-11-2026", "", "en", "11 February 2026"),
        ("Feb 11, 2026", "", "en", "11 February 2026"),
        ("2026-02-11T10:05:00Z", "", "en", "11 February 2026"),
        ("2026-02-11 22:05", "D MMM, h:mm A", "en", "11 Feb, 10:05 PM"),
    ],
)
def test_dates_are_written_in_their_language(
    date: str, wanted: str, lang: str, printed: str
) -> None:
    assert format_date(date, wanted, lang) == printed


def test_every_language_has_every_word() -> None:
    """What one lacks would print in English among its own words."""
    assert sorted(it.stem for it in FOLDER.iterdir()) == sorted(LANGUAGES)
    english = words_of("en")
    for lang in LANGUAGES:
        own = tomllib.loads((FOLDER / f"{lang}.toml").read_text(encoding="utf-8"))
        assert own.keys() == english.keys(), lang
        assert (len(own["months"]), len(own["weekdays"])) == (12, 7), lang


def test_words_of_the_engine_are_those_of_the_language(tmp_path: Path) -> None:
    text = """\
---
lang: fr
date: last-modified
number-sections: true
language: {callout-note-title: Remarque}
---

## Un {#sec-un}

::: {.callout-note}
Une note.
:::

| a |
|---|
| 1 |

: Une légende {#tbl-une}

Voir @tbl-une et @sec-un.

::: {#thm-a}
Vrai.
:::
"""
    made = plain_document(tmp_path, text)
    assert made.told == [
        "index.qmd:2: warning: buttons and menus of a text in 'fr' are English",
    ]
    assert "Remarque" in made.html
    assert "<strong>Théorème\u00a01</strong>" in made.html
    assert '<span class="float-number">Table\u00a01:</span> Une légende' in made.html


def test_what_front_matter_tells_readers_is_printed(tmp_path: Path) -> None:
    """Where authors work, abstract, keywords, DOI and licence stand before the text."""
    text = """\
---
title: A title
author:
  - name: {given: Ann, family: Lee}
    orcid: 0000-0002-1825-0097
    email: ann@example.org
    affiliations: [{ref: leeds}, Elsewhere]
  - Bob Ray
affiliations:
  - {id: leeds, name: University of Leeds, department: School of Bees}
abstract: An *abstract* of <b>bees</b>.
keywords: [bees, honey]
doi: 10.1000/xyz
license: {text: CC BY, url: "https://creativecommons.org/licenses/by/4.0/"}
copyright: {holder: Ann Lee, year: 2010}
---

Text.
"""
    made = plain_document(tmp_path, text)
    assert made.told == []
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", made.html))
    assert words.lstrip().startswith(
        "Ann Lee, School of Bees, University of Leeds; Elsewhere; ann@example.org; "
        "ORCID 0000-0002-1825-0097"
    ), words
    for line in (
        "Abstract An abstract of &lt;b&gt;bees&lt;/b&gt;.",
        "Keywords bees, honey", "DOI 10.1000/xyz",
        "Reuse CC BY", "Copyright © 2010 Ann Lee",
    ):  # fmt: skip
        assert line in words, line
    assert "#strong[Abstract] An #emph[abstract]" in made.typst
    assert '<a href="https://doi.org/10.1000/xyz">' in made.html


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({"author": "Ann Lee"}, ("Ann Lee",)),
        (
            {"authors": [{"name": {"given": "Ann", "family": "Lee"}}, "Bob Ray"]},
            ("Ann Lee", "Bob Ray"),
        ),
        ({"author": {"given": "Ann", "family": "Lee"}}, ("Ann Lee",)),
        ({"author": {"name": {"literal": "The Bees"}, "email": "a@example.org"}}, ("The Bees",)),
        ({"author": [{"email": "a@example.org"}, ""]}, ()),
    ],
)
def test_authors_have_their_names_in_every_form(
    given: dict[str, object], names: tuple[str, ...]
) -> None:
    assert author_names(given) == names
    publication = Publication("a", False, (), given, "a", "_quarto.yml")
    printed = typst_metadata(publication, ()).get("by-author", [])
    assert [it["name"]["literal"] for it in printed] == list(names)


def test_a_notebook_prints_what_is_stored_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As under Quarto: its code does not run, and may ask for what is not there."""
    output = {"output_type": "stream", "name": "stdout", "text": ["forty-", "two\n"]}
    code = {"source": ["import nowhere"], "outputs": [output], "execution_count": 3}
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": ["# A title\n", "\n", "Text."]},
        {"cell_type": "code", "metadata": {}, **code},
    ]
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    (tmp_path / "a.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["render", "a.ipynb", "--to", "html"]) == 0
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "forty-two" in page
    assert "nowhere" in page


def test_tables_of_lists_and_markdown_within_html_are_read(tmp_path: Path) -> None:
    text = """\
::: {.list-table #tbl-bees}
Of bees

- - Kind
  - Number
- - wild
  - *many*
:::

See @tbl-bees.

```{=html}
<table><tr><td><span data-qmd="A *word* of [us](https://example.org)"></span></td></tr>
<tr><td><span data-qmd-base64="KipCb2xkKio=">x</span></td></tr></table>
```
"""
    made = plain_document(tmp_path, text)
    assert made.told == []
    assert '<span class="float-number">Table\u00a01:</span> Of bees' in made.html
    assert re.search(r"<th[^>]*>\s*Kind\s*</th>", made.html)
    assert re.search(r"<td[^>]*>\s*<em>many</em>\s*</td>", made.html)
    assert 'A <em>word</em> of <a href="https://example.org">us</a>' in made.html
    assert "<strong>Bold</strong>" in made.html


def test_a_page_break_at_the_end_stands_in_no_block(tmp_path: Path) -> None:
    """Typst takes none within what holds together."""
    made = plain_document(tmp_path, "Text.\n\n{{< pagebreak >}}\n\nMore.\n")
    assert made.typst.split() == ["index.qmd", "Text.", "#pagebreak(weak:", "true)", "More."]


def test_table_gives_its_caption_to_the_block_around_it(tmp_path: Path) -> None:
    """One that has no caption of its own takes it; beside one, both are printed once."""
    table = "| A |\n|---|\n| 1 |\n\n: Shares of the year\n"
    made = plain_document(tmp_path, f"::: {{#tbl-a}}\n\n{table}\n:::\n\nSee @tbl-a.\n")
    for text in (made.html, made.typst):
        assert text.count("Shares of the year") == 1
    assert "Table 1: Shares" in spoken(made.html)
    made = plain_document(tmp_path, f"::: {{#tbl-a}}\n\n{table}\nBoth years\n\n:::\n")
    assert "Table 1: Both years" in spoken(made.html)
    for text in (made.html, made.typst):
        assert text.count("Shares of the year") == 1


def test_condition_holds_for_any_of_its_formats(tmp_path: Path) -> None:
    """Written several times, one of them is enough."""
    condition = '.content-CLASS when-format="html" when-format="docx"'
    text = "".join(
        f"::: {{{condition.replace('CLASS', name)}}}\n\nThe {name} text.\n\n:::\n\n"
        for name in ("visible", "hidden")
    )
    others = 'data-d="1" data-a="2" data-c="3" data-b="4"'
    text += f"```{{.python {condition.replace('CLASS', 'visible')} {others}}}\nshown\n```\n\n"
    made = plain_document(tmp_path, text + "Both.\n")
    assert others in made.html, "other attributes stand in their order"
    assert "visible text" in made.html and "hidden text" not in made.html
    assert "hidden text" in made.typst and "visible text" not in made.typst


def test_condition_holds_for_figures_and_callouts(tmp_path: Path) -> None:
    """They are one thing for readers, whatever else the block is."""
    text = '::: {#fig-a .content-hidden when-format="html"}\n![A bee](a.png)\n\nOf print\n:::\n\n'
    text += '::: {.callout-note .content-visible when-format="html"}\nOf pages\n:::\n'
    made = plain_document(tmp_path, text, {"a.png": b"GIF89a"})
    assert "Of pages" in made.html and "Of print" not in made.html
    assert "Of print" in made.typst and "Of pages" not in made.typst


def test_contents_stand_where_a_shortcode_asks_for_them(tmp_path: Path) -> None:
    """And no longer where they are written; an identifier of nothing is told."""
    text = "::: {#later}\nFirst written.\n:::\n\nThen this.\n\n{{< contents later >}}\n\nEnd.\n"
    made = plain_document(tmp_path, text)
    assert made.told == []
    assert spoken(made.html) == "Then this. First written. End."
    assert made.typst.index("Then this") < made.typst.index("First written")
    made = plain_document(tmp_path, text.replace("contents later", "contents never"))
    assert made.told == ["index.qmd:7: warning: no division has the identifier 'never'"]
