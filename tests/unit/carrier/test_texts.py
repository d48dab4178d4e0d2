"""What a text weighs, and how a template is filled in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.carrier import rendering, sms_parts


@pytest.mark.parametrize(
    ("text", "encoding", "parts"),
    [
        ("x" * 160, "GSM-7", 1),
        ("x" * 161, "GSM-7", 2),
        ("x" * 306, "GSM-7", 2),
        ("x" * 307, "GSM-7", 3),
        ("€" * 80, "GSM-7", 1),
        ("x" * 159 + "€", "GSM-7", 2),
        ("x" * 152 + "€" + "x" * 152, "GSM-7", 3),  # the euro sign is not cut in half
        ("ë" * 70, "UCS-2", 1),
        ("ë" * 71, "UCS-2", 2),
        ("ë" * 134, "UCS-2", 2),
        ("ë" * 135, "UCS-2", 3),
        ("🚲" * 35, "UCS-2", 1),
        ("ë" * 66 + "🚲" + "ë" * 66, "UCS-2", 3),
        ("é", "GSM-7", 1),
    ],
)
def test_parts(text, encoding, parts):
    counted = sms_parts.count(text)
    assert (counted.encoding, counted.parts) == (encoding, parts)


@pytest.mark.parametrize(
    ("template", "values", "text"),
    [
        ("geen", {}, "geen"),
        ("{{a}}{{b}}", {"a": "1", "b": "2"}, "12"),
        ("{{ a }} en {{{a}}}", {"a": "<x>"}, "<x> en <x>"),
        ("{{a.b}}", {"a": {"b": "diep"}}, "diep"),
        ("{{n}} {{t}} {{z}}", {"n": 3, "t": True, "z": None}, "3 true "),
        ("{ {a} }", {}, "{ {a} }"),
    ],
)
def test_rendering(template, values, text):
    assert rendering.parse(template).render(values) == text


@given(st.text(), st.text())
def test_a_value_is_never_read_as_a_template(before, value):
    literal = before.replace("{", "")
    assert rendering.parse(literal + "{{a}}").render({"a": value}) == literal + value


@pytest.mark.parametrize("values", [{}, {"a": "x"}, {"a": {"c": 1}}])
def test_what_is_missing_is_named(values):
    assert rendering.parse("{{a.b}}").missing(values) == "a.b"


@pytest.mark.parametrize("template", ["{{#if a}}", "{{/if}}", "{{> part}}", "{{}}", "{{a b}}", "{{!-- x --}}"])
def test_what_cannot_be_rendered_is_refused(template):
    with pytest.raises(rendering.TemplateRefused):
        rendering.parse(template)
