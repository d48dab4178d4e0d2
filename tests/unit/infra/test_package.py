"""An operator's own prices go into the package, and a table that previews could not reckon with does not."""

import pytest

from chalicelib.channels import prices
from infra.package import PackageError, build, put_together

OWN = prices.FILE.read_text().replace("90000", "71500")


def test_a_package_holds_the_prices_that_it_was_given(tmp_path):
    (tmp_path / "dependencies").mkdir()
    put_together(tmp_path / "tree", tmp_path / "dependencies", OWN)
    assert (tmp_path / "tree" / "chalicelib" / "channels" / "prices.csv").read_text() == OWN


@pytest.mark.parametrize("text", ["", OWN.replace("71500", "0.0715"), None])
def test_no_package_is_made_of_prices_that_cannot_be_used(tmp_path, text):
    file = tmp_path / "prices.csv"
    if text is not None:
        file.write_text(text)
    with pytest.raises(PackageError, match=r"prices\.csv: "):
        build(price_file=file)
