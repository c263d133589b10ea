"""Small pieces of HTML, from rows and sentences; every text in them is escaped here. Classes are in style.css."""

from collections.abc import Iterable, Sequence
from html import escape

from derm_xai.language import _, decimal
from derm_xai.notes.findings import Findings
from derm_xai.present.blind import Beside
from derm_xai.present.look_alikes import LookAlikeRow
from derm_xai.present.reading import read_words
from derm_xai.present.reasons import ReasonRow
from derm_xai.present.rows import DifferentialRow, LedgerRow, LedgerTable
from derm_xai.present.verdict import Check, Part
from derm_xai.present.words import URGENCY, signed
from derm_xai.vocabulary import Urgency

LEAST_WHISKER = 0.025
"""A narrower interval would be drawn as a blot; its numbers stand beside it."""


def icon(name: str) -> str:
    """Return a Material Symbol, which Streamlit brings along; hidden from screen readers, since words stand beside it."""
    return f'<span class="icon" aria-hidden="true" translate="no">{escape(name)}</span>'


def urgency_box(urgency: Urgency, parts: Iterable[Part]) -> str:
    """Return the answer to "how urgent", with what it rests on. Screen readers say it when it appears, the urgent at once."""
    look = URGENCY[urgency]
    colours = f"--ink:{look.light.ink};--ground:{look.light.ground};--ink-dark:{look.dark.ink};--ground-dark:{look.dark.ground}"
    role = "alert" if urgency.rank >= Urgency.SAME_DAY.rank else "status"
    head = f'<div role="{role}"><h2>{icon(look.icon)}{escape(_(look.words))}</h2></div>'
    return f'<section class="urgency" style="{colours}">{head}{"".join(map(_part, parts))}</section>'


def _part(part: Part) -> str:
    note = f'<li class="source">{escape(part.note)}</li>' if part.note else ""
    items = _items(part.lines) + "".join(map(_rule, part.rules)) + note
    return f'<div class="part"><span class="tag">{escape(part.tag)}</span><ul>{items}</ul></div>'


def _items(lines: Iterable[str]) -> str:
    return "".join(f"<li>{escape(line)}</li>" for line in lines)


def _rule(row: ReasonRow) -> str:
    facts = f"{escape(row.facts[:1].upper() + row.facts[1:])}." if row.facts else escape(row.text)
    text = f"{escape(row.text)} " if row.facts else ""
    return f'<li><b>{escape(row.rule_id)}</b> {facts} <span class="source">{text}{escape(row.source)}.</span></li>'


def differential_table(rows: Iterable[DifferentialRow], *, voices: bool) -> str:
    """Return the differential as a table with bars; `voices` adds what photo and notes say alone."""
    caption = _("Diagnoses, most probable first, with 5th to 95th percentile of the Monte Carlo samples")
    words = "".join(f"<th>{escape(name)}</th>" for name in (_("Diagnosis"), _("ICD-10"), _("In set")))
    alone = (_("Photo alone"), _("Notes alone")) if voices else ()
    numbers = "".join(f'<th class="num">{escape(name)}</th>' for name in (_("Chance"), _("Interval, %"), *alone))
    body = "".join(_differential_row(row, voices) for row in rows)
    return (
        f'<table class="rows differential"><caption class="aside">{escape(caption)}</caption><thead><tr>{words}'
        '<th class="bars" aria-hidden="true"><span class="ends"><span>0</span><span>50</span><span>100</span></span></th>'
        f"{numbers}</tr></thead><tbody>{body}</tbody></table>"
    )


def _differential_row(row: DifferentialRow, voices: bool) -> str:
    malignant = escape(_("malignant"))
    marks = f'<span class="mark">{malignant}</span>' if row.malignant else ""
    inside = f'<span aria-hidden="true">{"●" if row.in_set else ""}</span><span class="aside">{_yes_no(row.in_set)}</span>'
    alone = f'<td class="num">{row.photo_alone}</td><td class="num">{row.notes_alone}</td>' if voices else ""
    bar = f'<div class="track"><i class="fill" style="width:{100 * row.value:.1f}%"></i>{_whisker(row.low, row.high)}</div>'
    return (
        f'<tr><th scope="row">{escape(row.name)}{marks}</th><td class="code">{escape(row.code)}</td>'
        f'<td class="set">{inside}</td><td class="bars" aria-hidden="true">{bar}</td>'
        f'<td class="num strong">{row.percent}</td><td class="num">{row.interval}</td>{alone}</tr>'
    )


def _whisker(low: float, high: float) -> str:
    if high - low < LEAST_WHISKER:
        return ""
    return f'<i class="whisker" style="left:{100 * low:.1f}%;width:{100 * (high - low):.1f}%"></i>'


def _yes_no(value: bool) -> str:
    return escape(_("yes") if value else _("no"))


def ledger(table: LedgerTable) -> str:
    """Return the ledger as a table whose last line says whether it adds up."""
    scale = max(0.1, abs(table.score), *(abs(row.mean) for row in table.rows))
    score = LedgerRow(_("Score"), "", table.score, table.spread)
    equal = _("The lines above add up to {total}, which equals the score.")
    other = _("The lines above add up to {total}, which differs from the score.")
    check = (equal if table.adds_up else other).format(total=signed(table.total))
    lines = "".join(_ledger_line(row, scale) for row in table.rows)
    head = _ledger_head(_("The lines of a score, in log-odds"), _("Line of the ledger"))
    return (
        f'<table class="rows ledger">{head}'
        f"<tbody>{lines}</tbody><tfoot>{_ledger_line(score, scale)}"
        f'<tr class="check"><td colspan="5">{escape(check)}</td></tr></tfoot></table>'
    )


def contributions(rows: Sequence[LedgerRow]) -> str:
    """Return what each recorded field adds, as a table with bars; a sentence where nothing is recorded."""
    if not rows:
        return quiet(_("Nothing is recorded in the fields that the model reads, so the notes add nothing."))
    scale = max(0.1, *(abs(row.mean) for row in rows))
    body = "".join(_ledger_line(row, scale, spread=False) for row in rows)
    head = _ledger_head(_("What each recorded field adds to a score, in log-odds"), _("Recorded field"), spread=False)
    return f'<table class="rows ledger notes">{head}<tbody>{body}</tbody></table>'


def _ledger_head(caption: str, first: str, *, spread: bool = True) -> str:
    ends = "".join(f"<span>{escape(end)}</span>" for end in (_("against"), _("for")))
    numbers = (_("Log-odds"), _("Spread")) if spread else (_("Log-odds"),)
    last = "".join(f'<th class="num">{escape(name)}</th>' for name in numbers)
    return (
        f'<caption class="aside">{escape(caption)}</caption><thead><tr><th>{escape(first)}</th><td></td>'
        f'<th class="bars" aria-hidden="true"><span class="ends">{ends}</span></th>{last}</tr></thead>'
    )


def _ledger_line(row: LedgerRow, scale: float, *, spread: bool = True) -> str:
    width = 50 * min(1.0, abs(row.mean) / scale)
    side = "for" if row.mean >= 0 else "against"
    plus_minus = f"± {decimal(row.spread, 2)}" if row.spread is not None else ""
    last = f'<td class="num quiet">{plus_minus}</td>' if spread else ""
    return (
        f'<tr><th scope="row">{escape(row.label)}</th><td class="quiet">{escape(row.detail)}</td>'
        '<td class="bars" aria-hidden="true"><div class="track two">'
        f'<i class="fill {side}" style="width:{width:.1f}%"></i></div></td>'
        f'<td class="num strong">{signed(row.mean)}</td>{last}</tr>'
    )


def check_list(checks: Iterable[Check]) -> str:
    """Return the checks as questions and answers; what needs care says so in words."""
    words = escape(_("take care"))
    care = f'<span class="care">{icon("warning")}{words}</span> '
    lines = "".join(f"<dt>{escape(c.question)}</dt><dd>{care if c.care else ''}{escape(c.finding)}</dd>" for c in checks)
    return f'<dl class="pairs">{lines}</dl>'


def pairs(rows: Iterable[tuple[str, str]]) -> str:
    """Return names and values as a list."""
    return f'<dl class="pairs">{"".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in rows)}</dl>'


def bullets(lines: Iterable[str], *, kind: str = "plain") -> str:
    """Return sentences as a list; `kind` is a class of style.css."""
    return f'<ul class="{kind}">{_items(lines)}</ul>'


def look_alike(row: LookAlikeRow) -> str:
    """Return a condition that looks alike, and what tells it apart."""
    return f"<p><b>{escape(row.question)}</b></p>{bullets(row.lines)}"


def beside(rows: Iterable[Beside]) -> str:
    """Return two answers to each question, side by side, and how they compare."""
    head = "".join(f"<th>{escape(words)}</th>" for words in (_("Question"), _("You"), _("The system"), _("Compared")))
    body = "".join(
        f'<tr><th scope="row">{escape(row.question)}</th>'
        f"<td>{escape(row.reader)}</td><td>{escape(row.system)}</td><td>{escape(row.verdict)}</td></tr>"
        for row in rows
    )
    label = escape(_("Your answer and the system's"))
    # what scrolls has to be reached by keyboard
    box = f'<div class="wide" tabindex="0" role="group" aria-label="{label}">'
    return f'{box}<table class="rows beside"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def synthetic() -> str:
    """Return the mark of a result that rests on a drawn photo."""
    mark, words = escape(_("SYNTHETIC")), escape(_("A photo drawn by code and an invented patient."))
    return f'<p class="quiet"><span class="mark strong">{mark}</span> {words}</p>'


def care(text: str) -> str:
    """Return a sentence that asks for care, in words and with an icon."""
    return f'<p class="care">{icon("warning")}{escape(text)}</p>'


def quiet(text: str) -> str:
    """Return a sentence in the quieter colour."""
    return f'<p class="quiet">{escape(text)}</p>'


def on_paper(text: str) -> str:
    """Return a sentence that is printed, where the screen has a control that says the same."""
    return f'<p class="on-paper">{escape(text)}</p>'


def note(text: str, findings: Findings) -> str:
    """Return the note with the words marked that findings were read from, and the findings."""
    read = _("Read: {findings}. The model scores only what is in the form; rules count both.").format(
        findings=read_words(findings)
    )
    spans = sorted((span.start, span.end) for finding in findings.findings for span in finding.spans)
    parts, done = [], 0
    for start, end in spans:
        if start >= done:
            parts.append(f"{escape(text[done:start])}<mark>{escape(text[start:end])}</mark>")
            done = end
    return f'<div class="note"><p>{"".join(parts)}{escape(text[done:])}</p>{quiet(read)}</div>'
