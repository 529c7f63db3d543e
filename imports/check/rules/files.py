"""What can be wrong with a file or its header. Messages: Canvas's CSV importers."""

from imports.check.rules.base import Rule, Severity

_REFUSED, _ROWS, _IGNORED, _SUSPICIOUS = Severity

NOT_UTF8 = "Invalid UTF-8"
MALFORMED = "Malformed CSV"
NO_HEADERS = "Couldn't find Canvas CSV import headers"

RULES = (
    Rule(
        "file.utf-16",
        _REFUSED,
        "The file is written in UTF-16, as “Unicode text” from a spreadsheet is, or in UTF-32.",
        "Use the converted file that is offered beside the file, or save it as “CSV UTF-8”.",
        NOT_UTF8,
    ),
    Rule(
        "file.utf-16-unmarked",
        _REFUSED,
        "Every second byte of the file is NUL: it is written in UTF-16 without a mark that says so.",
        "Use the converted file that is offered beside the file, or save it as “CSV UTF-8”.",
        NO_HEADERS,
    ),
    Rule(
        "file.windows-1252",
        _REFUSED,
        "The file is not UTF-8; by its bytes it is Windows-1252, as an older spreadsheet saves CSV.",
        "Use the converted file that is offered beside the file, or save it as “CSV UTF-8”.",
        NOT_UTF8,
    ),
    Rule(
        "file.not-utf-8",
        _REFUSED,
        "A byte of the file belongs to no UTF-8 character, and the file as a whole to no encoding that is known here.",
        "Export it anew as UTF-8; the line shows where the first bad byte is.",
        NOT_UTF8,
    ),
    Rule(
        "file.stray-quote",
        _REFUSED,
        "A quotation mark stands inside a cell that does not begin with one.",
        "Put the cell in quotation marks and double those inside it.",
        MALFORMED,
    ),
    Rule(
        "file.text-after-quote",
        _REFUSED,
        "Text follows the closing quotation mark of a cell.",
        "Double the quotation marks that belong to the text.",
        MALFORMED,
    ),
    Rule(
        "file.unclosed-quote",
        _REFUSED,
        "A quotation mark opens a cell and none closes it.",
        "Close the cell that begins on this line.",
        MALFORMED,
    ),
    Rule(
        "file.mixed-line-ends",
        _REFUSED,
        "The lines of the file do not all end the same way.",
        "Save the file with one sort of line end; a stray carriage return often comes from a text with line breaks.",
        MALFORMED,
    ),
    Rule(
        "file.kind-unknown",
        _REFUSED,
        "No kind of file has these headers.",
        "Complete or correct the first line.",
        NO_HEADERS,
    ),
    Rule(
        "file.locked",
        _REFUSED,
        "The file is locked with a password inside the ZIP.",
        "Make the ZIP again without a password.",
    ),
    Rule(
        "file.damaged",
        _REFUSED,
        "The file cannot be unpacked from the ZIP.",
        "Make the ZIP again.",
    ),
    Rule(
        "file.not-csv",
        _IGNORED,
        "A file of the ZIP is not a .csv file; Canvas skips it with a warning.",
        "Leave it out of the ZIP.",
        "Skipping unknown file type",
    ),
    Rule(
        "file.empty",
        _IGNORED,
        "The file is empty; Canvas passes over it without a word.",
        "Leave it out, or export it anew.",
    ),
    Rule(
        "file.header-only",
        _SUSPICIOUS,
        "The file has a header and no rows; in a full batch or a diff that means that everything of its kind goes.",
        "Make sure that the export was complete.",
    ),
    Rule(
        "file.kind-trap",
        _SUSPICIOUS,
        "By its headers Canvas takes the file for something else than it seems to be.",
        "Look at the kind that was found; rename or complete the headers where it is the wrong one.",
    ),
    Rule(
        "file.stray-mark",
        _SUSPICIOUS,
        "A byte-order mark stands in the middle of the file, as when two files were joined; it becomes part of a cell.",
        "Join the files again without the second mark and its header line.",
    ),
    Rule(
        "file.deduplicated",
        _SUSPICIOUS,
        "A hundred or more lines are repeated: newer Canvas drops them first, and row numbers in its messages shift.",
        "Export without repetitions.",
    ),
    Rule(
        "file.kind-twice",
        _SUSPICIOUS,
        "Several files of one kind are in an upload that is diffed: Canvas pairs them by name with the last ones.",
        "Send one file of each kind, or keep number and names of the files the same each time.",
    ),
    Rule(
        "header.spaces",
        _IGNORED,
        "A header has spaces around it: Canvas recognises the file by it but reads its column as empty.",
        "Take the spaces out of the first line.",
    ),
    Rule(
        "header.column-twice",
        _IGNORED,
        "Two columns have the same header; Canvas reads the first.",
        "Take one of them out.",
    ),
    Rule(
        "header.column-unknown",
        _IGNORED,
        "Files of this kind have no such column; Canvas ignores it.",
        "Take it out, or correct its header.",
    ),
    Rule(
        "header.column-missing",
        _ROWS,
        "A column is missing without which Canvas refuses every row.",
        "Add the column.",
    ),
    Rule(
        "header.column-expected",
        _SUSPICIOUS,
        "A column that the format asks for is missing.",
        "Add the column, if need be with empty cells.",
    ),
    Rule(
        "header.password",
        _SUSPICIOUS,
        "The file holds passwords, which are personal secrets; they stay in every copy of it.",
        "Leave the column out where people sign in elsewhere.",
    ),
)
