"""The forecast fills in by itself, and follows the options."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.visitor import Visitor


def test_the_forecast_appears_beside_the_options_and_follows_them(
    rhea: Visitor, new_account: str, clean: list[Path]
) -> None:
    rhea.drop(new_account, clean)
    forecast = rhea.page.locator("#forecast")
    enrollments = forecast.locator("tr", has_text="Enrollment").first
    expect(enrollments).to_contain_text("132", timeout=20_000)
    expect(forecast).to_contain_text("Easel has not imported anything here yet")
    rhea.page.locator("summary", has_text="Diffing").click()
    rhea.page.get_by_label("Start the data set anew").check()
    expect(forecast).to_contain_text("The options cannot go together")
    rhea.page.get_by_label("Data set", exact=True).fill("nightly")
    rhea.page.get_by_label("Data set", exact=True).blur()
    expect(forecast.locator("tr", has_text="Enrollment").first).to_contain_text("132", timeout=20_000)
