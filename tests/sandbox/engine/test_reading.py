"""How files are read: rows, values, headers, archives."""

import gzip
import io
import stat
import tarfile
import zipfile

import pytest

from canvas.formats import SIS_KINDS, SisKind
from tests.sandbox.engine.practice import Practice, csv, zipped

ACCOUNTS = "account_id,parent_account_id,name,status"
GOOD = csv(ACCOUNTS, "new,,New,active")


def names(practice: Practice) -> dict[str, str]:
    return {account["sis_source_id"]: account["name"] for account in practice.all("accounts") if account["id"] != 1}


@pytest.mark.parametrize(
    "content, read",
    [
        (GOOD, {"new": "New"}),
        ("\ufeff" + GOOD, {"new": "New"}),
        (GOOD.replace("\n", "\r\n"), {"new": "New"}),
        (csv("STATUS,Name,Parent_Account_ID,account_id", "active,New,,new"), {"new": "New"}),
        (csv(ACCOUNTS + ",,extra", "new,,New,active,x,y,z"), {"new": "New"}),
        (csv(ACCOUNTS, "  new ,, New  ,active"), {"new": "New"}),
        (csv(ACCOUNTS, 'new,,"Say ""hi"", twice",active'), {"new": 'Say "hi", twice'}),
        (csv(ACCOUNTS, 'new,,"two\nlines",active'), {"new": "two\nlines"}),
        (csv(ACCOUNTS, "", ",,,", "new,,New,active"), {"new": "New"}),
        (csv("", ACCOUNTS, "new,,New,active"), {"new": "New"}),
        (csv("account_id,parent_account_id,name,status,name", "new,,New,active,Other"), {"new": "New"}),
        (csv(ACCOUNTS, "new,,Zoë 数学,active"), {"new": "Zoë 数学"}),
    ],
)
def test_a_row_is_read(practice: Practice, content: str, read: dict[str, str]) -> None:
    assert practice.send(content)["workflow_state"] == "imported"
    assert names(practice) == read


def test_a_header_with_spaces_is_recognised_but_its_column_is_empty(practice: Practice) -> None:
    done = practice.send(csv("account_id,parent_account_id, name ,status", "new,,New,active"))
    assert done["processing_warnings"] == [["upload.csv", "No name given for account new, skipping"]]


def test_rows_are_numbered_by_records(practice: Practice) -> None:
    practice.send(csv(ACCOUNTS, "", 'one,,"two\nlines",active', ",,,", "odd,ghost,Odd,active"))
    assert [error["row"] for error in practice.errors()] == [4]


def test_an_empty_file_is_passed_over(practice: Practice) -> None:
    done = practice.send_zip({"empty.csv": "", "blank.csv": "\n\n"})
    assert done["workflow_state"] == "imported"
    assert "csv_attachments" not in done


def test_a_header_alone_is_supplied_but_not_completed(practice: Practice) -> None:
    done = practice.send(csv(ACCOUNTS))
    assert done["workflow_state"] == "imported"
    assert done["data"]["supplied_batches"] == ["account"]
    assert done["data"]["completed_importers"] == []


@pytest.mark.parametrize("kind", SIS_KINDS, ids=lambda kind: kind.name)
def test_every_kind_is_recognised_by_its_columns(practice: Practice, kind: SisKind) -> None:
    columns = [column.name for column in kind.columns if column.required] + [min(needs) for needs in kind.needs]
    assert practice.send(csv(",".join(columns)))["data"]["supplied_batches"] == [kind.name]


@pytest.mark.parametrize(
    "header, taken_for",
    [
        ("course_id,term_id,name", "term"),
        ("user_id,account_id,status", "admin"),
        ("course_id,user_id,role", "enrollment"),
    ],
)
def test_the_first_kind_that_fits_wins(practice: Practice, header: str, taken_for: str) -> None:
    assert practice.send(csv(header))["data"]["supplied_batches"] == [taken_for]


@pytest.mark.parametrize("header", ["user_id,first_name,last_name", "course_id,name"])
def test_headers_that_fit_no_kind_fail(practice: Practice, header: str) -> None:
    assert practice.send(csv(header, "x,y,z"))["workflow_state"] == "failed_with_messages"


def test_files_are_imported_in_the_order_of_their_kinds(practice: Practice) -> None:
    done = practice.send_zip(
        {
            "1.csv": csv("section_id,course_id,name,status", "s,c,S,active"),
            "2.csv": csv("course_id,short_name,long_name,account_id,status", "c,C,C,new,active"),
            "3.csv": GOOD,
        }
    )
    assert done["workflow_state"] == "imported"
    assert done["data"]["completed_importers"] == ["account", "course", "section"]


def test_a_hundred_repeated_lines_are_taken_out(practice: Practice) -> None:
    rows = ["new,,New,active"] * 101 + ["odd,ghost,Odd,active"]
    done = practice.send(csv(ACCOUNTS, *rows))
    assert [file["display_name"] for file in done["csv_attachments"]] == ["upload_deduplicated.csv"]
    assert done["data"]["counts"]["accounts"] == 1
    assert [error["row"] for error in practice.errors()] == [3]


def test_a_few_repeated_lines_stay(practice: Practice) -> None:
    done = practice.send(csv(ACCOUNTS, *["new,,New,active"] * 40))
    assert done["data"]["counts"]["accounts"] == 40
    assert [file["display_name"] for file in done["csv_attachments"]] == ["upload.csv"]


def test_passwords_are_not_kept_with_the_attachment(practice: Practice) -> None:
    done = practice.send(csv("user_id,login_id,password,status", "ada,ada,hush,active"), "users.csv")
    (file,) = done["csv_attachments"]
    assert file["display_name"] == "users_filtered.csv"
    kept = list(practice.site.files.rglob("*filtered*"))
    assert [path.read_text() for path in kept] == ["user_id,login_id,status\nada,ada,active\n"]
    assert done["data"]["counts"]["users"] == 1


def test_folders_of_an_archive_are_looked_into(practice: Practice) -> None:
    done = practice.send_zip({"deep/er/accounts.csv": csv(ACCOUNTS, "odd,ghost,Odd,active")})
    assert done["processing_warnings"][0][0] == "deep/er/accounts.csv"
    assert [file["display_name"] for file in done["csv_attachments"]] == ["accounts.csv"]


def test_a_large_archive_names_files_without_their_folders(practice: Practice) -> None:
    rows = [f"a{n},,A,active" for n in range(60)]
    done = practice.send_zip({"deep/accounts.csv": csv(ACCOUNTS, *rows, "odd,ghost,Odd,active")})
    assert done["processing_warnings"][0][0] == "accounts.csv"


def test_other_files_in_an_archive_are_warned_about(practice: Practice) -> None:
    done = practice.send_zip({"accounts.csv": GOOD, "read me.txt": "hello", "more.zip": zipped({"a.csv": GOOD})})
    assert done["workflow_state"] == "imported_with_messages"
    assert done["processing_warnings"] == [
        ["more.zip", "Skipping unknown file type"],
        ["read me.txt", "Skipping unknown file type"],
    ]


@pytest.mark.parametrize(
    "name", ["__MACOSX/a.csv", ".hidden.csv", ".git/a.csv", "Desktop DB", "../outside.csv", "/etc/outside.csv"]
)
def test_some_entries_are_passed_over_in_silence(practice: Practice, name: str) -> None:
    done = practice.send_zip({name: "nonsense\n1\n", "accounts.csv": GOOD})
    assert done["workflow_state"] == "imported"


def test_links_in_an_archive_are_passed_over(practice: Practice) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        link = zipfile.ZipInfo("accounts.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert practice.send(packed.getvalue(), "upload.zip")["workflow_state"] == "imported"


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_a_tape_archive_is_understood(practice: Practice, mode: str) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=mode) as archive:  # type: ignore[call-overload]  # the mode is a parameter
        member = tarfile.TarInfo("accounts.csv")
        member.size = len(GOOD)
        archive.addfile(member, io.BytesIO(GOOD.encode()))
    assert practice.send(packed.getvalue(), "upload.zip")["workflow_state"] == "imported"
    assert names(practice) == {"new": "New"}


@pytest.mark.parametrize(
    "content",
    [GOOD.encode(), b"", gzip.compress(GOOD.encode(), mtime=0), b"PK\x05\x06" + b"\0" * 8],
    ids=["a CSV", "nothing", "a single file in gzip", "a cut archive"],
)
def test_a_zip_that_is_none_fails(practice: Practice, content: bytes) -> None:
    assert practice.send(content, "upload.zip")["workflow_state"] == "failed_with_messages"


def test_an_archive_that_grows_a_hundredfold_fails(practice: Practice) -> None:
    done = practice.send_zip({"accounts.csv": csv(ACCOUNTS, *["new,,New,active"] * 100_000)})
    assert done["workflow_state"] == "failed_with_messages"
    assert practice.states("accounts") == {}


def test_an_archive_of_more_than_100000_files_fails(practice: Practice) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(100_001):
            archive.writestr(zipfile.ZipInfo(str(number)), b"")
    done = practice.send(packed.getvalue(), "upload.zip")
    assert done["workflow_state"] == "failed_with_messages"
    assert done["processing_errors"][0][0] is None


@pytest.mark.parametrize("filename", ["upload.csv", "upload.CSV", "a.b.Csv"])
def test_an_extension_may_be_written_in_any_case(practice: Practice, filename: str) -> None:
    assert practice.send(GOOD, filename)["data"]["counts"]["accounts"] == 1
