"""The folder of pages that is deployed."""

import pytest

from infra import site


@pytest.fixture
def folders(tmp_path):
    web, installed = tmp_path / "web", tmp_path / "installed"
    (web / "third-party").mkdir(parents=True)
    (web / "index.html").write_text("home")
    (web / "third-party" / "package-lock.json").write_text("{}")
    for package, names in site.USED.items():
        for name in names:
            file = installed / package / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(name)
    return web, installed


def test_pages_and_the_files_of_others_stand_side_by_side(tmp_path, folders):
    web, installed = folders
    target = site.build(tmp_path / "site", web, installed)
    assert (target / "index.html").read_text() == "home"
    assert (target / "third-party/leaflet/leaflet.js").read_text() == "dist/leaflet.js"
    assert (target / "third-party/leaflet/LICENSE").exists()
    assert not list(target.rglob("package*.json"))


def test_what_was_there_before_is_gone(tmp_path, folders):
    target = tmp_path / "site"
    target.mkdir()
    (target / "old.html").write_text("old")
    assert not (site.build(target, *folders) / "old.html").exists()


def test_a_file_that_is_not_installed_stops_it(tmp_path, folders):
    web, installed = folders
    (installed / "leaflet/dist/leaflet.js").unlink()
    with pytest.raises(FileNotFoundError):
        site.build(tmp_path / "site", web, installed)
