"""What the clients find: two accounts, a course with two sections and three people, and two outcomes."""

import io
import zipfile
from typing import Any

from tests.servers.practice import Practice
from tests.servers.processes import wait_for

FILES = {
    "accounts.csv": (
        "account_id,parent_account_id,name,status\narts,,Faculty of Arts,active\nmusic,arts,School of Music,active\n"
    ),
    "terms.csv": "term_id,name,status,start_date,end_date\nT1,Autumn,active,2026-09-01,2026-12-20\n",
    "courses.csv": (
        "course_id,short_name,long_name,account_id,term_id,status\nC1,MUS 1,Harmony,music,T1,published\n"
        "C2,MUS 2,Counterpoint,music,T1,active\n"
    ),
    "sections.csv": "section_id,course_id,name,status\nS1,C1,Monday,active\nS2,C1,Tuesday,active\n",
    "users.csv": (
        "user_id,login_id,first_name,last_name,email,status\nann,ann.y,Ann,Young,ann@example.edu,active\n"
        "bea,bea.x,Bea,Xu,bea@example.edu,active\ntea,tea.t,Thea,Teacher,tea@example.edu,active\n"
    ),
    "enrollments.csv": (
        "section_id,user_id,role,status\nS1,ann,student,active\nS2,bea,student,active\nS1,tea,teacher,active\n"
    ),
}
OUTCOMES = (
    "vendor_guid,object_type,title,parent_guids,calculation_method,mastery_points,ratings\n"
    "g1,group,Musicianship,,,,\n"
    "o1,outcome,Hears intervals,g1,highest,3,4,Excellent,3,Good,0,None\n"
    "o2,outcome,Reads at sight,g1,latest,3,4,Excellent,3,Good,0,None\n"
)
ENDED = ("imported", "imported_with_messages", "failed", "failed_with_messages", "aborted")


def packed() -> bytes:
    """The files in one archive."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, content in FILES.items():
            archive.writestr(name, content)
    return memory.getvalue()


def populate(practice: Practice) -> None:
    """Send the files and wait until they are in."""
    batch = practice.send("university.zip", packed())

    def ended() -> Any:
        found = practice.api("GET", f"accounts/self/sis_imports/{batch['id']}")
        return found if found["workflow_state"] in ENDED else None

    assert wait_for(ended)["workflow_state"] == "imported"
