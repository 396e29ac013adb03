"""Words that would do harm where they were read as code, in every place of a report that has words.

`hostile` writes a report which holds one of the payloads in each place. Another `turn` moves them
on by so many places, so that in as many turns as there are payloads each has stood everywhere.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import yaml

from imprint.core.escaping import escape
from reports import ReportFolder, copy_report

PAYLOADS = (
    # HTML
    "p. 4]<img src=x onerror=alert()>[@key",
    "<script>alert(1)</script>",
    "--></script></style></title></template></textarea><svg onload=alert(1)>",
    "' autofocus onfocus='alert(1)\" onmouseover=\"alert(1)",
    "<javascript:alert(1)> <a href='vbscript:x'>y</a>",
    "&lt;img src=x onerror=alert&#40;1&#41;&gt; &#x3c;b>",
    # Markdown
    "[click](javascript:alert(1))",
    "![x](data:text/html,y){onerror=alert(1)}",
    '"]{.stat data-stat="x"} onmouseover="alert(1)',
    "; see @jones_2009 and **bold** ~~gone~~ | a | b",
    "{{< meta title >}} and {{< include /etc/passwd >}}",
    '`#read("/etc/passwd")`{=typst} `<b>`{=html}',
    # Typst
    '#panic("x") $eval(1)$ @smith_2010_survey',
    '*/ ] ) #import "/etc/passwd": * /* // <label> \\u{41}',
    # Lua, TeX, JSON, CSS, the shell, and templates
    "]] os.execute('id') --[[ %s %1 %%",
    r"\input{/etc/passwd} \href{javascript:alert(1)}{x} \write18{id} $\def\x{\x\x}\x$",
    '"],"__proto__":{"a":1},"b":["</script> \\u003cscript\\u003e \\" \\',
    "</style>*{background:url(https://example.org/x)} @import 'https://example.org';",
    "$(id) `id` ; rm -r x | id > x && id '",
    '=HYPERLINK("javascript:alert(1)") {{ self.x }} {% include "/etc/passwd" %} <%= 1 %> ${7*7}',
)
"""Each prints as it stands, wherever words are data."""

PLACES_OF_WORKS = ("title", "publisher", "address", "note", "edition", "series", "abstract",
                   "keywords", "howpublished", "subtitle", "isbn", "annote")  # fmt: skip
"""With the author thirteen, which twenty payloads go through: each stands in every one."""
WORDS_OF_ROWS = ("survey", "population", "measure", "response", "as_reported", "locator", "period",
                 "theme", "note", "editor_note")  # fmt: skip
_TEX = str.maketrans(
    {
        **{mark: f"{{\\{mark}}}" for mark in "%#$&_"},
        **{mark: f"\\{mark}" for mark in "{}"},
        "\\": r"{\textbackslash}",
        "~": r"{\textasciitilde}",
        "^": r"{\textasciicircum}",
        "<": r"{\textless}",
        ">": r"{\textgreater}",
        '"': r"{\textquotedbl}",
    }
)
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'


def hostile(folder: Path, turn: int = 0) -> ReportFolder:
    """The minimal report with payloads in data, works, metadata, captions, names and comments."""
    words = _words(turn)
    made = copy_report("minimal", folder)
    _write_data(made, words)
    _write_works(made, words)
    _write_metadata(made, words)
    _write_figure(made, words)
    named = "it's “odd” & <b onclick=x> #1 100%.svg"
    made.write(f"figures/{named}", DRAWING).write("x.svg", DRAWING)
    return made.write("chapters/harm.qmd", _chapter(words, named))


def _words(turn: int) -> Iterator[str]:
    return (PAYLOADS[number % len(PAYLOADS)] for number in count(turn))


def _write_data(made: ReportFolder, words: Iterator[str]) -> None:
    package = json.loads((made.folder / "data/datapackage.json").read_text(encoding="utf-8"))
    statistics = package["resources"][0]
    fields = statistics["schema"]["fields"]
    fields.append({"name": "editor_note", "type": "string", "description": "For editors."})
    for field in fields:
        if field["name"] in WORDS_OF_ROWS:
            field.pop("constraints", None)
            field |= {"title": next(words), "description": next(words)}
    package |= {"title": next(words), "description": next(words)}
    harm = [{"name": "source", "type": "string", "imprint:references": "references.bib"}]
    harm += [
        {"name": name, "type": "string", "title": next(words)} for name in ("locator", "words")
    ]
    package["resources"].append(
        {**statistics, "name": "harm", "path": "harm.csv", "title": next(words)}
        | {"description": next(words), "schema": {"fields": harm}}
    )
    made.write("data/datapackage.json", json.dumps(package))
    text = (made.folder / "data/statistics.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    numbers = {"value": "5", "unit": "percent", "qualifier": "exact", "source": "smith_2010_survey"}
    rows += [
        {"id": f"harm-{number}", **numbers} | {name: next(words) for name in WORDS_OF_ROWS}
        for number in range(len(PAYLOADS))
    ]
    made.write("data/statistics.csv", _csv([field["name"] for field in fields], rows))
    rows = [
        {"source": "smith_2010_survey", "locator": payload, "words": payload}
        for payload in PAYLOADS
    ]
    made.write("data/harm.csv", _csv([field["name"] for field in harm], rows))


def _csv(columns: list[str], rows: list[dict[str, str]]) -> str:
    file = io.StringIO()
    writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def _write_works(made: ReportFolder, words: Iterator[str]) -> None:
    entries = []
    for number in range(len(PAYLOADS)):
        fields = {name: next(words).translate(_TEX) for name in PLACES_OF_WORKS}
        people = f"{{{{{next(words).translate(_TEX)}}}}}"
        lines = [f"  {name} = {{{{{value}}}}}," for name, value in fields.items()]
        entries.append(
            "\n".join([f"@book{{harm_{number},", f"  author = {people},", *lines, "  year = 2010}"])
        )
    comment = next(words).translate(_TEX)
    text = (made.folder / "references.bib").read_text(encoding="utf-8")
    made.write("references.bib", "\n\n".join([text, f"@comment{{{comment}}}", *entries, ""]))


def _write_metadata(made: ReportFolder, words: Iterator[str]) -> None:
    settings = yaml.safe_load((made.folder / "_quarto.yml").read_text(encoding="utf-8"))
    book = settings["book"]
    book |= {name: next(words) for name in ("title", "subtitle", "author", "description")}
    book["chapters"].insert(-1, "chapters/harm.qmd")
    settings |= {"abstract": next(words), "keywords": [next(words), next(words)]}
    settings["imprint"] = {
        **{name: next(words) for name in ("label", "series", "publisher", "citation", "note")},
        "licence": next(words),
        "organisations": [next(words)],
        # Markdown, so that `@` would cite a work
        "values": {"harm": next(words).replace("@", ""), "list": [next(words)]},
    }
    settings["crossref"] |= {f"{kind}-prefix": next(words) for kind in ("fig", "tbl", "sec")}
    settings["crossref"]["custom"][0]["reference-prefix"] = next(words)
    made.write("_quarto.yml", yaml.safe_dump(settings, allow_unicode=True, sort_keys=False))


def _write_figure(made: ReportFolder, words: Iterator[str]) -> None:
    drawn = [next(words) for _ in range(4)]
    made.write(
        "figures/harm.py",
        f"""\
from imprint.author.calls import escape, figure_rows
from imprint.charts import bar_chart


def rows():
    return figure_rows({{f"harm-{{number}}": words for number, words in enumerate({drawn!r})}})


def draw(rows):
    return bar_chart(rows)


def caption(rows):
    return escape({next(words)!r})


def alt(rows):
    return {next(words)!r}
""",
    )


def _chapter(words: Iterator[str], image: str) -> str:
    statistics = " ".join(f'`{{python}} stat("harm-{n}")`' for n in range(len(PAYLOADS)))
    works = " ".join(f"[@harm_{n}]" for n in range(len(PAYLOADS)))
    encoded = image.translate({ord("<"): "%3C", ord(">"): "%3E", ord("%"): "%25"})
    columns = {"words": escape(next(words)), "source": "Source", "locator": escape(next(words))}
    return f"""---
description: {json.dumps(next(words))}
---

# Harm {{#sec-harm}}

<!-- {next(words).replace("-->", "")} -->

```{{python}}
from imprint import figure, stat, table
from imprint.author.calls import data_rows, escape
from imprint.core.escaping import Markdown, attribute
ROWS = data_rows("harm")
```

```{{python}}
table("harm", columns={columns!r}, caption={escape(next(words))!r}, label="tbl-harm")
```

See @tbl-harm, @sec-harm and {{{{< meta imprint.values.harm >}}}}.

{statistics} {works}

`{{python}} [row["words"] for row in ROWS]`

`{{python}} ROWS[0]["words"]`

```{{python}}
from html import escape as escape_html
class Frame:
    def __repr__(self):
        return "A frame"
    def _repr_html_(self):
        rows = (f"<tr><td>{{escape_html(row['words'])}}</td></tr>" for row in ROWS)
        head = "<tr><th>" + escape_html({next(words)!r}) + "</th></tr>"
        return f"<table><thead>{{head}}</thead><tbody>{{''.join(rows)}}</tbody></table>"
Frame()
```

```{{python}}
#| error: true
for row in ROWS:
    print(row["words"])
raise ValueError({next(words)!r})
```

```{{python}}
Markdown("\\n\\n".join(
    f"![A caption {{escape(row['words'])}}](/x.svg)"
    f'{{{{#fig-harm{{number}} fig-alt="{{attribute(row["words"])}}"}}}}'
    for number, row in enumerate(ROWS)
))
```

```{{python}}
figure("harm")
```

![Odd](<../figures/{encoded}>){{fig-alt="Odd"}}
"""
