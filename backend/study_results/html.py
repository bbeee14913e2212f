"""The report as one page that needs nothing else: no scripts, no fonts, no pictures from elsewhere."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from html import escape

from backend.study_results.blocks import Block, Heading, Picture, Report, Table, Words
from backend.study_results.figures import as_svg

# Also for those who open the file from a disk: nothing is fetched and nothing is run.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
_STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 58rem; padding: 2rem 1.5rem 4rem; background: #fff; color: #1b1f24;
  font: 16px/1.55 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 .75rem; }
h2 { font-size: 1.3rem; margin: 2.5rem 0 .75rem; padding-bottom: .25rem; border-bottom: 1px solid #c9d0d6; }
h3 { font-size: 1.05rem; margin: 1.75rem 0 .5rem; }
p { margin: .5rem 0; overflow-wrap: anywhere; }
h1, h2, h3, caption, figcaption, li { overflow-wrap: anywhere; }
.marks { list-style: none; margin: 0 0 1.25rem; padding: .6rem .9rem; border-left: 4px solid #8a4b00;
  background: #fff6e5; }
.marks li { font-weight: 600; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 0; }
dt { color: #5b6570; }
dd { margin: 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: .75rem 0 .25rem; font-size: .8125rem; line-height: 1.4; }
caption { text-align: left; font-weight: 600; padding: .25rem 0; }
th, td { padding: .3rem .5rem; border-bottom: 1px solid #c9d0d6; vertical-align: top; text-align: right;
  font-variant-numeric: tabular-nums; white-space: nowrap; }
thead th { border-bottom: 2px solid #5b6570; vertical-align: bottom; }
thead th { white-space: normal; }
.words { text-align: left; overflow-wrap: anywhere; min-width: 4rem; white-space: normal; }
tbody th { font-weight: 400; }
.notes { color: #454e57; font-size: .8125rem; margin: .25rem 0 1rem; padding-left: 1.1rem; }
figure { margin: 1rem 0; }
figure img { max-width: 100%; height: auto; }
figcaption { font-size: .8125rem; font-weight: 600; }
footer { margin-top: 3rem; padding-top: .75rem; border-top: 1px solid #c9d0d6; font-weight: 600; }
@page { size: A4; margin: 16mm; }
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  table, .notes, figcaption { font-size: 7.5pt; }
  .wide { overflow: visible; }
  figure, tr { break-inside: avoid; }
  h2, h3, caption { break-after: avoid; }
  thead { display: table-header-group; }
}
"""


def as_html(report: Report) -> bytes:
    """UTF-8. Everything that somebody typed is escaped."""
    title = escape(report.title)
    marks = "".join(f"<li>{escape(mark)}</li>" for mark in report.marks)
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in report.facts)
    body = "\n".join(part for block in report.blocks for part in _block(block))
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Vitrine">
<title>{title} – reader study report</title>
<style>{_STYLE}</style>
</head>
<body>
<header>
<h1>{title}</h1>
<ul class="marks">{marks}</ul>
<dl>{facts}</dl>
</header>
<main>
{body}
</main>
<footer>{escape(report.marks[0])}</footer>
</body>
</html>
""".encode()


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        yield f"<h{block.depth + 1}>{escape(block.text)}</h{block.depth + 1}>"
    elif isinstance(block, Words):
        yield f"<p>{escape(block.text)}</p>"
    elif isinstance(block, Table):
        yield from _table(block)
    else:
        yield _picture(block)


def _table(table: Table) -> Iterator[str]:
    yield f'<div class="wide"><table><caption>{escape(table.caption)}</caption><thead><tr>'
    for place, name in enumerate(table.columns):
        yield f'<th scope="col"{_words(table, place)}>{escape(name)}</th>'
    yield "</tr></thead><tbody>"
    for row in table.rows:
        first, *rest = row
        cells = "".join(f"<td{_words(table, place)}>{escape(cell)}</td>" for place, cell in enumerate(rest, 1))
        yield f'<tr><th scope="row"{_words(table, 0)}>{escape(first)}</th>{cells}</tr>'
    yield "</tbody></table></div>"
    if table.notes:
        yield f'<ul class="notes">{"".join(f"<li>{escape(note)}</li>" for note in table.notes)}</ul>'


def _words(table: Table, place: int) -> str:
    return ' class="words"' if place < table.words else ""


def _picture(picture: Picture) -> str:
    data = base64.b64encode(as_svg(picture.draw())).decode()
    return (
        f'<figure><figcaption>{escape(picture.caption)}</figcaption><img alt="{escape(picture.alt)}" '
        f'src="data:image/svg+xml;base64,{data}"></figure>'
    )
