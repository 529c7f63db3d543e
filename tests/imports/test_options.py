"""Options of an import: read from text, checked alone and together."""

import pytest

from imports.options import BY_NAME, OptionsRefused, clean


@pytest.mark.parametrize("yes", ["1", "yes", "true", "on", "T", "Y"])
def test_what_canvas_takes_for_yes_is_yes(yes: str) -> None:
    assert clean({"skip_deletes": yes}) == {"skip_deletes": True}


@pytest.mark.parametrize("no", ["", "0", "no", "false", "off"])
def test_what_is_not_wanted_is_left_out_because_canvas_takes_presence_for_consent(no: str) -> None:
    assert clean({"multi_term_batch_mode": no}) == {}


@pytest.mark.parametrize(
    "given, guilty",
    [
        ({"batch_mode": "1"}, "batch_mode_term_id"),
        ({"batch_mode_term_id": "5"}, "batch_mode_term_id"),
        (
            {"batch_mode": "1", "batch_mode_term_id": "5", "multi_term_batch_mode": "1", "change_threshold": "9"},
            "multi_term_batch_mode",
        ),
        ({"multi_term_batch_mode": "1"}, "change_threshold"),
        (
            {"batch_mode": "1", "batch_mode_term_id": "5", "diffing_data_set_identifier": "sis"},
            "diffing_data_set_identifier",
        ),
        ({"change_threshold": "10"}, "change_threshold"),
        ({"batch_mode_enrollment_drop_status": "completed"}, "batch_mode_enrollment_drop_status"),
        ({"add_sis_stickiness": "1"}, "add_sis_stickiness"),
        ({"clear_sis_stickiness": "1"}, "clear_sis_stickiness"),
        (
            {"override_sis_stickiness": "1", "add_sis_stickiness": "1", "clear_sis_stickiness": "1"},
            "add_sis_stickiness",
        ),
        ({"diffing_remaster_data_set": "1"}, "diffing_remaster_data_set"),
        ({"diff_row_count_threshold": "9"}, "diff_row_count_threshold"),
        ({"diffing_drop_status": "deleted"}, "diffing_drop_status"),
        ({"diffing_user_remove_status": "suspended"}, "diffing_user_remove_status"),
    ],
)
def test_a_combination_that_canvas_ignores_or_punishes_is_refused(given: dict[str, str], guilty: str) -> None:
    with pytest.raises(OptionsRefused) as refused:
        clean(given)

    assert list(refused.value.problems) == [guilty]


@pytest.mark.parametrize(
    "name, value",
    [
        ("change_threshold", "0"),
        ("change_threshold", "101"),
        ("change_threshold", "ten"),
        ("diff_row_count_threshold", "-1"),
        ("diffing_data_set_identifier", "x" * 129),
        ("diffing_drop_status", "gone"),
        ("skip_deletes", "perhaps"),
        ("no_such_option", "1"),
    ],
)
def test_a_value_that_canvas_would_misread_is_refused(name: str, value: str) -> None:
    with pytest.raises(OptionsRefused) as refused:
        clean({name: value})

    assert name in refused.value.problems


def test_a_whole_diffing_run_passes_with_values_of_their_own_types() -> None:
    given = {
        "diffing_data_set_identifier": " registrar-nightly ",
        "diffing_drop_status": "completed",
        "change_threshold": "5",
        "diff_row_count_threshold": "1000",
    }

    assert clean(given) == {
        "diffing_data_set_identifier": "registrar-nightly",
        "diffing_drop_status": "completed",
        "change_threshold": 5,
        "diff_row_count_threshold": 1000,
    }


def test_every_documented_option_of_the_post_is_offered() -> None:
    documented = {
        "batch_mode",
        "batch_mode_term_id",
        "multi_term_batch_mode",
        "skip_deletes",
        "override_sis_stickiness",
        "add_sis_stickiness",
        "clear_sis_stickiness",
        "update_sis_id_if_login_claimed",
        "diffing_data_set_identifier",
        "diffing_remaster_data_set",
        "diffing_drop_status",
        "diffing_user_remove_status",
        "batch_mode_enrollment_drop_status",
        "change_threshold",
        "diff_row_count_threshold",
    }

    assert set(BY_NAME) == documented
