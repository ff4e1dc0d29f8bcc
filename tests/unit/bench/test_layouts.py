"""Letters of every payer carry what makes a request findable."""

import random
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
import zxingcpp

from bench.drawing.charts import draw_chart, page_showing
from bench.drawing.headers import HEADERS
from bench.drawing.identity import DATE_FORMS, NAME_FORMS, print_date, print_name
from bench.drawing.letters import LAYOUTS, Layout, Letter
from bench.drawing.mailing import MILS, design, draw_letter, own_letter
from bench.drawing.paint import paint_grey
from bench.drawing.payers import OTHERS, OURS
from bench.drawing.sheet import Imprint, Sheet, Words
from bench.drawing.symbols import Symbol, damage, stamp
from bench.registry import Registry, draw_registry


@lru_cache
def registry() -> Registry:
    return draw_registry(3, 300)


def words(sheet: Sheet) -> str:
    return " ".join(mark.text for mark in sheet.marks if isinstance(mark, Words))


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda item: item.__name__)
def test_every_layout_prints_id_member_and_claim(layout: Layout) -> None:
    request = registry().requests[5]
    sheet = Sheet(y=44.0)

    layout(sheet, Letter((request,), OURS[1], None, "Case No."), random.Random(1))

    text = words(sheet)
    assert request.request_id in text
    assert request.claim_number in text
    assert request.member_last_name in text
    assert request.member_id in text or layout.__name__ == "foot_letter"


@pytest.mark.parametrize("symbology", MILS)
@pytest.mark.parametrize("turns", [0, 1])
def test_a_symbol_is_readable_until_it_is_damaged(symbology: str, turns: int) -> None:
    whole, scratched = Sheet(), Sheet()
    symbol = Symbol("MRR-4820193", symbology, MILS[symbology], 40, turns)

    for sheet in (whole, scratched):
        stamp(sheet, 120, 200, symbol)
    damage(scratched, 120, 200, symbol, random.Random(2))

    assert [item.text for item in zxingcpp.read_barcodes(paint_grey(whole, 200))] == ["MRR-4820193"]
    assert not any(item.text == "MRR-4820193" for item in zxingcpp.read_barcodes(paint_grey(scratched, 200)))


def test_a_request_always_has_the_same_letter() -> None:
    request = registry().requests[9]

    one, two = (draw_letter((request,), random.Random(seed), with_symbol=False) for seed in (1, 2))

    assert one == two


def test_all_layouts_and_symbologies_occur() -> None:
    letters = [design((request,), with_symbol=True) for request in registry().requests]

    layouts = {layout.__name__ for _, layout in letters}
    symbologies = {letter.symbol.symbology for letter, _ in letters if letter.symbol}

    assert len(layouts) == len(LAYOUTS) == 8
    assert symbologies == set(MILS)
    assert len({house.name for house in (*OURS, *OTHERS)}) >= 7


def test_our_own_letter_is_what_the_worker_renders() -> None:
    request = registry().requests[0]

    sheet = own_letter(request)

    assert isinstance(sheet.marks[0], Imprint)
    found = {item.text for item in zxingcpp.read_barcodes(paint_grey(sheet, 200))}
    assert found == {request.request_id}


@pytest.mark.parametrize("header", HEADERS)
def test_every_header_prints_all_facts_of_the_page(header: str) -> None:
    request = registry().requests[7]
    person, provider = registry().person(request), registry().provider(request)
    chart = draw_chart(person, provider, (request.service_from, request.service_to), random.Random(header))
    chart = replace(chart, style=replace(chart.style, header=header))

    text = words(page_showing(chart, (True, True, True, True), (1, 2), random.Random(4)))

    assert print_name(person, chart.style.name_form) in text
    assert print_date(person.born, chart.style.birth_form) in text
    assert chart.account in text


def test_names_and_dates_come_in_every_form() -> None:
    request = next(item for item in registry().requests if registry().person(item).middle)
    person = registry().person(request)

    names = {print_name(person, form) for form in NAME_FORMS}
    dates = {print_date(person.born, form) for form in DATE_FORMS}

    assert len(names) == len(NAME_FORMS)
    assert len(dates) == len(DATE_FORMS)


def test_there_are_more_than_ten_record_layouts_and_eight_faces() -> None:
    request = registry().requests[7]
    person, provider = registry().person(request), registry().provider(request)
    spans = (request.service_from, request.service_to)

    styles = [draw_chart(person, provider, spans, random.Random(seed)).style for seed in range(200)]

    assert len({style.header for style in styles}) >= 10
    assert len({style.face.family for style in styles}) >= 8
    assert np.min([style.face.size for style in styles]) >= 8
