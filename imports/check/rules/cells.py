"""What can be odd about a cell or a row, whatever the kind of file. Canvas says nothing about these."""

from imports.check.rules.base import Rule, Severity

_REFUSED, _ROWS, _IGNORED, _SUSPICIOUS = Severity

RULES = (
    Rule(
        "row.short",
        _SUSPICIOUS,
        "The row has fewer cells than the header; Canvas reads the missing ones as empty.",
        "Look for a lost comma or a line that was broken in two.",
    ),
    Rule(
        "row.long",
        _IGNORED,
        "The row has more cells than the header; Canvas ignores those at the end.",
        "Look for a comma inside a cell without quotation marks.",
    ),
    Rule(
        "row.header-repeated",
        _SUSPICIOUS,
        "The header stands once more among the rows, as when files were joined; Canvas takes it for a row.",
        "Take the line out.",
    ),
    Rule(
        "row.repeated",
        _IGNORED,
        "The same row stands in the upload more than once.",
        "Leave it once.",
    ),
    Rule(
        "row.conflict",
        _SUSPICIOUS,
        "Two rows are about the same thing and say different things; the last one wins.",
        "Leave the right one.",
    ),
    Rule(
        "row.deletion-skipped",
        _IGNORED,
        "The import is told to skip deletions, so this row has no effect.",
        "Leave `skip_deletes` off where the row should count.",
    ),
    Rule(
        "row.status-inexact",
        _SUSPICIOUS,
        "The status only begins like one that Canvas knows, and Canvas takes it for that one.",
        "Write the status exactly.",
    ),
    Rule(
        "row.reference-unsure",
        _SUSPICIOUS,
        "The upload has things of this sort but not this one, and nothing is known of what the account holds.",
        "Make sure that the account has it, or correct the id.",
    ),
    Rule(
        "cell.leading-zeros-lost",
        _SUSPICIOUS,
        "There is no such id, but there is one that differs by zeros at its front, which spreadsheets drop.",
        "Format the column as text and export again.",
    ),
    Rule(
        "cell.spreadsheet-number",
        _SUSPICIOUS,
        "The id is written as a number with an exponent: a spreadsheet rounded it.",
        "Format the column as text and export again.",
    ),
    Rule(
        "cell.spreadsheet-error",
        _SUSPICIOUS,
        "The cell holds the error of a spreadsheet's formula.",
        "Mend the formula and export again.",
    ),
    Rule(
        "cell.date-rearranged",
        _SUSPICIOUS,
        "Day and month of the date can be taken for each other, as spreadsheets write dates; Canvas takes the first "
        "number for the day.",
        "Write dates as 2026-08-24T00:00:00Z.",
    ),
    Rule(
        "cell.control-character",
        _SUSPICIOUS,
        "The cell holds a NUL or another character that cannot be seen.",
        "Take the character out.",
    ),
    Rule(
        "cell.invisible-character",
        _SUSPICIOUS,
        "The id holds a space or mark that looks like nothing, and so is another id than it seems.",
        "Type the id anew.",
    ),
    Rule(
        "cell.garbled-text",
        _SUSPICIOUS,
        "The text was read in the wrong encoding at some point: its accented letters are garbled.",
        "Export anew from where the text still looks right.",
    ),
)
