"""`python manage.py make_samples --students N`: a complete set of SIS files of an invented university."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from imports.samples import University, write_folder, write_zip


class Command(BaseCommand):
    help = "Write a complete, realistic set of SIS CSV files of any size. The same size and seed give the same files."
    requires_system_checks = ()  # it touches nothing but the files it writes

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--students", type=int, required=True, help="how many students; ten enrollments each")
        parser.add_argument("--seed", type=int, default=1, help="another number gives another university")
        parser.add_argument("--out", type=Path, help="folder to write to (default: samples in the data directory)")
        parser.add_argument(
            "--zip", dest="as_zip", action="store_true", help="write one archive, sis.zip, in place of six files"
        )

    def handle(self, *, students: int, seed: int, out: Path | None, as_zip: bool, **_options: Any) -> None:
        if students < 1:
            raise CommandError("--students must be at least 1")
        university = University(students, seed)
        folder = out or settings.DATA_DIR / "samples"
        paths = [write_zip(university, folder / "sis.zip")] if as_zip else write_folder(university, folder)
        for path in paths:
            self.stdout.write(f"{path}  {path.stat().st_size:,} bytes")
