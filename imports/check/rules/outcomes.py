"""What Canvas refuses in an outcomes CSV. Messages: `lib/outcomes/csv_importer.rb` and `lib/outcomes/import.rb`.

Ruby shows lists as `["a", "b"]`; `{list}` and `{tier}` are worked out by whoever applies the rule.
"""

from imports.check.rules.base import Rule, Severity

_REFUSED, _ROWS, _IGNORED, _SUSPICIOUS = Severity


def _row(slug: str, cause: str, cure: str, says: str) -> Rule:
    return Rule(f"outcome.{slug}", _ROWS, cause, cure, says)


def _file(slug: str, cause: str, cure: str, says: str) -> Rule:
    return Rule(f"outcome.{slug}", _REFUSED, cause, cure, says)


_METHODS = (
    '["decaying_average", "weighted_average", "standard_decaying_average", "n_mastery", "highest", "latest", "average"]'
)

RULES = (
    _file("no-data", "The file holds no line.", "Export it anew.", "File has no data"),
    _file("header-only", "The file has a header and no rows.", "Export it anew.", "File has no outcomes data"),
    _file("malformed", "The quotation marks of the file do not match.", "Mend the cell on this line.",
          "Invalid CSV File"),
    _file("header-empty", "A header before the ratings is empty, as where the line ends in a comma; Canvas stumbles.",
          "Name the column, or take it out.", "An unexpected error has occurred: see error report"),
    _file("headers-after-ratings", "`ratings` must be the last header; those after it must be empty.",
          "Move `ratings` to the end.", "Invalid fields after ratings: {list}"),
    _file("headers-missing", "A column is missing that outcome files must have.", "Add the column.",
          "Missing required fields: {list}"),
    _file("headers-unknown", "Outcome files have no such column; names count to the letter, without spaces.",
          "Correct the header or take the column out.", "Invalid fields: {list}"),
    _row("not-utf-8", "The row holds a byte that is not UTF-8.", "Export the file as UTF-8.",
         "Not a valid utf-8 string: {value}"),
    _row("rating-points-missing", "A rating has a description and no points.", "Give every rating its points.",
         "Points for rating tier {tier} not present"),
    _row("rating-points-unreadable", "The points of a rating are not a number.", "Write a number.",
         'Invalid value for rating tier {tier} threshold: "{value}"'),
    _row("ratings-unordered", "A rating has more points than the one before it.", "Put the highest rating first.",
         "Points for tier {tier} must be less than points for prior tier ({points} is greater than {prior})"),
    _row("mastery-points-unreadable", "The mastery points are not a number.", "Write a number.",
         'Invalid value for mastery points: "{value}"'),
    _row("friendly-description-too-long", "The friendly description has more than 255 characters.", "Shorten it.",
         "Friendly description is too long (maximum is 255 characters)"),
    _row("vendor-guid-missing", "The row has no value in `vendor_guid`.", "Fill in `vendor_guid`.",
         'The "vendor_guid" field is required'),
    _row("title-missing", "The row has no value in `title`.", "Fill in `title`.", 'The "title" field is required'),
    _row("vendor-guid-spaces", "`vendor_guid` holds a space.", "Take the space out, here and where it is a parent.",
         'The "vendor_guid" field must have no spaces'),
    _row("workflow-state-unknown", "`workflow_state` is neither empty nor one of the two words.",
         "Write `active` or `deleted`.", '"workflow_state" must be either "active" or "deleted"'),
    _row("object-type-unknown", "`object_type` is neither `outcome` nor `group`, which count to the letter.",
         "Write `outcome` or `group`.", 'Invalid object_type: "{value}"'),
    _row("group-fields", "A group has no ratings and no way of calculating mastery.", "Empty these cells.",
         "Invalid fields for a group: {list}"),
    _row("course-id-elsewhere", "An import into a course cannot reach other courses.", "Empty `course_id`.",
         "Cannot import to other courses"),
    _row("course-not-found", "`course_id` is not the number of a course; a SIS id will not do.",
         "Write the number that the address of the course's page ends with.",
         "Course with canvas id {value} not found"),
    _row("outcome-fields", "An outcome has no `course_id` of its own.", "Empty `course_id`.",
         'Invalid fields for an outcome: ["course_id"]'),
    _row("parents-late", "A parent group comes after this row.", "Put the group's row before it.",
         "Parent references not found prior to this row: {list}"),
    _row("parents-refused", "The row of a parent group is itself refused.", "Mend that row, and this one is well.",
         "Parent references not found prior to this row: {list}"),
    _row("parents-unknown", "A parent group is not in the file; that Canvas has it is not enough.",
         "Add the group's row before this one.", "Parent references not found prior to this row: {list}"),
    _row("parents-cyclic", "The group is below itself.", "Correct `parent_guids` of one of the groups.",
         "Parent references not found prior to this row: {list}"),
    _row("group-parents", "A group can have one parent only.", "Leave one.",
         "An outcome group can only have one parent"),
    _row("group-twice", "The group stands in the file before.", "Leave one of the rows.",
         'Group "{value}" has already appeared in this import'),
    _row("outcome-twice", "The outcome stands in the file before.", "Leave one row and name all parents in it.",
         'Outcome "{value}" has already appeared in this import'),
    _row("calculation-method-unknown", "Canvas has no such way of calculating mastery.", "Use one that it has.",
         f"Calculation method calculation_method must be one of the following: {_METHODS}"),
    _row("calculation-int-unused", "This way of calculating mastery takes no number.", "Empty `calculation_int`.",
         "Calculation int A calculation value is not used with this calculation method"),
    _row("calculation-int-out-of-range", "The number does not fit the way of calculating mastery.",
         "Choose a number in the range.",
         "Calculation int '{int}' is not a valid value for this calculation method. "
         "The value must be between '{least}' and '{most}'"),
    _row("title-too-long", "The title has more than 255 characters.", "Shorten it.",
         "{label} is too long (maximum is 255 characters)"),
    _row("name-too-long", "`vendor_guid` or `display_name` has more than 255 characters.", "Shorten it.",
         "{label} is too long (maximum is 255 characters)"),
    Rule("outcome.rows-blank", _IGNORED, "The file holds a header and nothing but blank rows; Canvas imports nothing.",
         "Export it anew."),
    Rule("outcome.decimal-comma", _SUSPICIOUS,
         "Canvas passes over commas in numbers: it reads `1,5` as 15.",
         "Write a point before decimals."),
    Rule("outcome.calculation-int-doubtful", _SUSPICIOUS,
         "Below 50 the number does not fit this method where the account has the newer decaying average.",
         "Write 50 to 99, or `decaying_average`."),
    Rule("outcome.ratings-wiped", _SUSPICIOUS,
         "`mastery_points` without ratings, other than 3, leaves the outcome without any rating.",
         "Write the ratings too."),
)  # fmt: skip
