"""A practice site on a clock that stands still, with two accounts and two courses; and a course full of students."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.api.routes import ROUTES
from sandbox.http.practice import Practice as Answering
from sandbox.http.server import PracticeServer
from sandbox.site import Sites
from tests.sandbox.engine.practice import Practice, csv
from tests.sandbox.outcomes.classroom import TOKEN, Classroom
from tests.sandbox.outcomes.desk import Desk, group, outcome

UNIVERSITY = {
    "accounts.csv": csv(
        "account_id,parent_account_id,name,status",
        "arts,,Faculty of Arts,active",
        "law,,Faculty of Law,active",
    ),
    "courses.csv": csv(
        "course_id,short_name,long_name,account_id,status",
        "music,MUS 1,Music,arts,active",
        "torts,TOR 1,Torts,law,active",
    ),
}
# By sortable name: Eve, Dot, Cy, Bea, Ann. Ann and Bea are active, Bea in two sections, Cy concluded, Dot inactive,
# Eve is active in a and concluded in b.
PEOPLE = {
    "sections.csv": csv("section_id,course_id,name,status", "a,music,Music A,active", "b,music,Music B,active"),
    "users.csv": csv(
        "user_id,login_id,first_name,last_name,status",
        "ann,z-ann,Ann,Young,active",
        "bea,y-bea,Bea,Xu,active",
        "cy,x-cy,Cy,Moss,active",
        "dot,w-dot,Dot,Ash,active",
        "eve,v-eve,Eve,Ábel,active",
        "tea,tea,Thea,Teacher,active",
        "obs,obs,Olga,Observer,active",
    ),
    "enrollments.csv": csv(
        "course_id,section_id,user_id,role,status,associated_user_id",
        "music,a,ann,student,active,",
        "music,a,bea,student,active,",
        "music,b,bea,student,active,",
        "music,b,cy,student,completed,",
        "music,a,dot,student,inactive,",
        "music,a,eve,student,active,",
        "music,b,eve,student,completed,",
        "music,a,tea,teacher,active,",
        "music,a,obs,observer,active,ann",
    ),
}


@pytest.fixture
def sites(tmp_path: Path) -> Iterator[Sites]:
    opened = Sites(tmp_path / "data", manual_clock=True)
    yield opened
    opened.close()


@pytest.fixture
def desk(sites: Sites, tmp_path: Path) -> Desk:
    site = sites.get(TOKEN)
    assert site is not None
    assert Practice(site, tmp_path).send_zip(UNIVERSITY)["workflow_state"] == "imported"
    return Desk(site, tmp_path)


@pytest.fixture
def classroom(desk: Desk, sites: Sites, tmp_path: Path) -> Iterator[Classroom]:
    """The course Music with five students and the outcomes o1 (highest), o2 (highest), o3 (at mastery twice)."""
    sent = Practice(desk.site, tmp_path).send_zip(PEOPLE)
    assert sent["workflow_state"] == "imported", sent.get("processing_warnings")
    music = desk.course("Music")
    scale = ("4", "Best", "3", "Good", "2", "Fair", "1", "Weak", "0", "None")
    rows = (
        group("g"),
        outcome("o1", *scale, title="Zeal", calculation_method="highest", parent_guids="g", mastery_points="3"),
        outcome("o2", *scale, title="Art", calculation_method="highest", mastery_points="3"),
        outcome("o3", *scale, title="Mind", calculation_method="n_mastery", calculation_int="2", mastery_points="3"),
    )
    assert desk.errors(*rows, into=music) == []
    server = PracticeServer("127.0.0.1", 0, Answering(sites, ROUTES, throttle=False), tmp_path / "incoming")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield Classroom(desk, server.address, music)
    server.shutdown()
    thread.join()
    server.server_close()
