"""The tables of outcomes: what is taught (groups, outcomes, links), what is assessed (assignments, alignments,
results), how it is scored (scales, methods), and the imports that brought it.

`context_type` is `Account` or `Course`, `rubric_criterion` a JSON object (see `sandbox.outcomes.records`), `data` JSON.
An alignment's `content_type` is `Assignment`, `Rubric`, `AssessmentQuestionBank` or `LiveAssessments::Assessment`; its
`assignment_id` is the assignment itself, or the one whose quiz draws from the question bank.
"""

OUTCOME_TABLES = """
CREATE TABLE learning_outcome_groups (
    id INTEGER PRIMARY KEY,
    context_type TEXT NOT NULL,
    context_id INTEGER NOT NULL,
    learning_outcome_group_id INTEGER,
    title TEXT NOT NULL,
    description TEXT,
    vendor_guid TEXT,
    workflow_state TEXT NOT NULL,
    outcome_import_id INTEGER,
    created_at TEXT NOT NULL
);
CREATE INDEX groups_of_context ON learning_outcome_groups (context_type, context_id, vendor_guid);
CREATE INDEX groups_of_group ON learning_outcome_groups (learning_outcome_group_id);
CREATE INDEX groups_of_import ON learning_outcome_groups (outcome_import_id);
CREATE TABLE learning_outcomes (
    id INTEGER PRIMARY KEY,
    context_type TEXT,
    context_id INTEGER,
    short_description TEXT NOT NULL,
    display_name TEXT,
    description TEXT,
    vendor_guid TEXT,
    calculation_method TEXT,
    calculation_int INTEGER,
    rubric_criterion TEXT,
    workflow_state TEXT NOT NULL,
    outcome_import_id INTEGER,
    created_at TEXT NOT NULL
);
CREATE INDEX outcomes_by_guid ON learning_outcomes (vendor_guid);
CREATE TABLE outcome_friendly_descriptions (
    learning_outcome_id INTEGER NOT NULL,
    context_type TEXT NOT NULL,
    context_id INTEGER NOT NULL,
    description TEXT NOT NULL,
    PRIMARY KEY (learning_outcome_id, context_type, context_id)
);
CREATE TABLE outcome_links (
    id INTEGER PRIMARY KEY,
    context_type TEXT NOT NULL,
    context_id INTEGER NOT NULL,
    learning_outcome_group_id INTEGER NOT NULL,
    learning_outcome_id INTEGER NOT NULL,
    workflow_state TEXT NOT NULL
);
CREATE INDEX links_of_context ON outcome_links (context_type, context_id, learning_outcome_id);
CREATE INDEX links_of_group ON outcome_links (learning_outcome_group_id);
CREATE INDEX links_of_outcome ON outcome_links (learning_outcome_id);
CREATE TABLE assignments (
    id INTEGER PRIMARY KEY,
    course_id INTEGER NOT NULL,
    title TEXT NOT NULL,
    submission_types TEXT NOT NULL,
    workflow_state TEXT NOT NULL,
    post_manually INTEGER NOT NULL DEFAULT 0,
    quiz_id INTEGER
);
CREATE INDEX assignments_of_course ON assignments (course_id);
CREATE TABLE outcome_alignments (
    id INTEGER PRIMARY KEY,
    learning_outcome_id INTEGER NOT NULL,
    course_id INTEGER NOT NULL,
    content_type TEXT NOT NULL,
    content_id INTEGER NOT NULL,
    assignment_id INTEGER,
    title TEXT NOT NULL,
    workflow_state TEXT NOT NULL
);
CREATE INDEX alignments_of_course ON outcome_alignments (course_id, learning_outcome_id);
CREATE INDEX alignments_of_outcome ON outcome_alignments (learning_outcome_id);
CREATE TABLE learning_outcome_results (
    id INTEGER PRIMARY KEY,
    course_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    learning_outcome_id INTEGER NOT NULL,
    alignment_id INTEGER NOT NULL,
    assignment_id INTEGER,
    quiz_id INTEGER,
    title TEXT,
    score REAL,
    possible REAL,
    percent REAL,
    mastery INTEGER,
    attempt INTEGER,
    hide_points INTEGER NOT NULL DEFAULT 0,
    hidden INTEGER NOT NULL DEFAULT 0,
    posted INTEGER NOT NULL DEFAULT 1,
    submitted_at TEXT,
    assessed_at TEXT,
    workflow_state TEXT NOT NULL
);
CREATE INDEX results_of_user ON learning_outcome_results (course_id, user_id, learning_outcome_id);
CREATE INDEX results_of_outcome ON learning_outcome_results (course_id, learning_outcome_id, user_id);
CREATE INDEX results_anywhere ON learning_outcome_results (learning_outcome_id);
CREATE TABLE outcome_scales (
    context_type TEXT NOT NULL,
    context_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (context_type, context_id, kind)
);
CREATE TABLE outcome_positions (
    user_id INTEGER NOT NULL,
    course_id INTEGER NOT NULL,
    learning_outcome_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (user_id, course_id, learning_outcome_id)
);
CREATE TABLE gradebook_settings (
    user_id INTEGER NOT NULL,
    course_id INTEGER NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (user_id, course_id)
);
CREATE TABLE outcome_imports (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    context_type TEXT NOT NULL,
    context_id INTEGER NOT NULL,
    learning_outcome_group_id INTEGER,
    user_id INTEGER,
    filename TEXT NOT NULL,
    workflow_state TEXT NOT NULL,
    progress INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);
CREATE INDEX outcome_imports_by_state ON outcome_imports (workflow_state, id);
CREATE TABLE outcome_import_errors (
    id INTEGER PRIMARY KEY,
    outcome_import_id INTEGER NOT NULL,
    row INTEGER NOT NULL,
    message TEXT NOT NULL,
    failure INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX outcome_import_errors_by_import ON outcome_import_errors (outcome_import_id, row);
CREATE TABLE latest_outcome_imports (
    context_type TEXT NOT NULL,
    context_id INTEGER NOT NULL,
    outcome_import_id INTEGER NOT NULL,
    PRIMARY KEY (context_type, context_id)
);
"""
