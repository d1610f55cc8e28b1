import re

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command

from consultations.models import Consultation

pytestmark = pytest.mark.django_db


def prepare(capsys):
    call_command("prepare")
    return capsys.readouterr().out


def test_first_staff_account_can_sign_in_with_the_password_shown(capsys):
    shown = re.search(r"Staff account: staff, password (\S+) ", prepare(capsys))

    user = get_user_model().objects.get(username="staff")
    assert user.check_password(shown[1])
    assert user.is_superuser
    assert len(shown[1]) >= 16


def test_password_is_shown_once(capsys):
    prepare(capsys)

    assert "Staff account: staff\n" in prepare(capsys)


def test_no_account_is_made_beside_one_that_is_there(capsys):
    get_user_model().objects.create_superuser("grace")

    assert "Staff account: grace\n" in prepare(capsys)
    assert not get_user_model().objects.filter(username="staff").exists()


def test_call_is_a_rehearsal(capsys):
    prepare(capsys)

    assert Consultation.objects.get().is_rehearsal


def test_call_has_its_real_dates_when_asked(capsys, monkeypatch):
    monkeypatch.setenv("REHEARSAL", "no")

    prepare(capsys)

    consultation = Consultation.objects.get()
    assert not consultation.is_rehearsal
    assert consultation.closes_at.year == 2018


def test_static_files_are_collected_when_they_changed(capsys, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    (tmp_path / "source").mkdir()
    settings.STATICFILES_DIRS = [tmp_path / "source"]
    settings.STATIC_ROOT = tmp_path / "static"

    assert "Collecting" in prepare(capsys)
    assert "Collecting" not in prepare(capsys)

    (tmp_path / "source" / "new.css").write_text("body {}")
    assert "Collecting" in prepare(capsys)
    assert (settings.STATIC_ROOT / "new.css").exists()
