"""What files hold that no database takes."""

import json

from hypothesis import given
from hypothesis import strategies as st

from imports.storable import storable, storable_document

ANY_TEXT = st.text(st.characters())
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | ANY_TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(ANY_TEXT, inner),
)


@given(ANY_TEXT)
def test_what_is_stored_has_neither_nul_nor_half_a_character(text: str) -> None:
    kept = storable(text)

    assert "\x00" not in kept
    assert kept.encode().decode() == kept
    assert storable(kept) == kept


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00")))
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert storable(text) == text


@given(DOCUMENTS)
def test_a_document_keeps_its_shape(document: object) -> None:
    kept = json.dumps(storable_document(document), ensure_ascii=False)

    assert "\\u0000" not in kept
    assert kept.encode()


def test_a_nul_is_seen_where_it_was() -> None:
    assert storable_document({"a\x00": ["b\x00", ("c\udcff", 1, None)]}) == {"a␀": ["b␀", ["c?", 1, None]]}
