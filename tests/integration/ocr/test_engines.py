"""The engine that stays, the one inside this process, and the one started for one question read alike."""

import os
import signal
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from tests.builders.pages import SANS
from worker.errors import MissingToolError
from worker.ocr.embedded import EmbeddedEngine
from worker.ocr.engines import Engine
from worker.ocr.images import Pixels
from worker.ocr.resident import NAMES_AT_ONCE, EngineLostError, ResidentEngine
from worker.ocr.tesseract import AS_IT_IS, SINGLE_LINE, read_lines

SAYINGS = ("Patient: Janet Brown", "Date of birth 03/04/1951", "Progress Note")
PATIENT_S = 60.0


def line(text: str) -> Pixels:
    picture = Image.new("L", (700, 48), 255)
    ImageDraw.Draw(picture).text((10, 8), text, font=ImageFont.truetype(str(SANS), 24), fill=0)
    return np.asarray(picture)


def written(images: list[Pixels], folder: Path) -> list[Path]:
    names = [folder / f"{k}.pgm" for k in range(len(images))]
    for name, image in zip(names, images, strict=True):
        cv2.imwrite(str(name), image)
    return names


def said(rows: list[str]) -> str:
    return " ".join(row.split("\t")[11] for row in rows if row.startswith("5\t"))


@pytest.fixture
def resident() -> ResidentEngine:
    return ResidentEngine("eng", (*SINGLE_LINE, *AS_IT_IS))


def test_one_process_answers_question_after_question(resident: ResidentEngine, tmp_path: Path) -> None:
    names = written([line(text) for text in SAYINGS], tmp_path)

    first = resident.rows(names, tmp_path, PATIENT_S)
    pid = resident.pid
    again = resident.rows(names[::-1], tmp_path, PATIENT_S)

    assert [said(rows) for rows in first] == list(SAYINGS)
    assert [said(rows) for rows in again] == list(SAYINGS[::-1])
    assert resident.pid == pid
    resident.close()


def test_more_images_than_the_pipes_hold_are_read_in_their_order(resident: ResidentEngine, tmp_path: Path) -> None:
    count = 2 * NAMES_AT_ONCE + 5
    names = written([line(str(1000 + k)) for k in range(count)], tmp_path)

    rows = resident.rows(names, tmp_path, PATIENT_S)

    assert [said(one) for one in rows] == [str(1000 + k) for k in range(count)]
    resident.close()


def test_a_process_that_died_is_lost_and_the_next_question_starts_another(
    resident: ResidentEngine, tmp_path: Path
) -> None:
    names = written([line(SAYINGS[0])], tmp_path)
    resident.rows(names, tmp_path, PATIENT_S)
    os.kill(resident.pid or 0, signal.SIGKILL)

    with pytest.raises(EngineLostError):
        resident.rows(names, tmp_path, PATIENT_S)

    assert said(resident.rows(names, tmp_path, PATIENT_S)[0]) == SAYINGS[0]
    resident.close()


def test_an_image_that_cannot_be_read_is_told_and_not_taken_for_an_empty_line(
    resident: ResidentEngine, tmp_path: Path
) -> None:
    (tmp_path / "0.pgm").write_bytes(b"no picture")

    with pytest.raises(EngineLostError):
        resident.rows([tmp_path / "0.pgm"], tmp_path, PATIENT_S)


def test_a_process_that_does_not_answer_in_time_is_ended(resident: ResidentEngine, tmp_path: Path) -> None:
    names = written([line(SAYINGS[0])], tmp_path)
    resident.rows(names, tmp_path, PATIENT_S)
    os.kill(resident.pid or 0, signal.SIGSTOP)

    with pytest.raises(EngineLostError):
        resident.rows(names, tmp_path, 0.3)

    assert resident.pid is None


@pytest.mark.parametrize("engine", list(Engine))
def test_both_engines_read_clean_lines_letter_by_letter(engine: Engine) -> None:
    found = read_lines([line(text) for text in SAYINGS], timeout_s=PATIENT_S, engine=engine)

    assert [" ".join(word.text for word in words) for words in found] == list(SAYINGS)
    place = found[0][1].box
    assert abs(place.left - 115) < 25
    assert 0 < place.height < 40


def test_the_embedded_engine_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(MissingToolError, match="tesseract"):
        EmbeddedEngine("eng")
