"""A photo is written anew with its pixels and nothing else: Pillow plays the phone, and judges what is left."""

import io
import struct
import time
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps, PngImagePlugin

from chalicelib.photos.jpeg import MOST_SEGMENTS
from chalicelib.photos.picture import LONGEST_SIDE, NoPicture, Picture, TooManyPixels
from chalicelib.photos.rewrite import rewritten

SECRET = b"52.7734"  # of where it was taken; must be nowhere in what is left
GPS, ORIENTATION, MAKE, USER_COMMENT = 0x8825, 0x0112, 0x010F, 0x9286


def drawn(mode="RGB", size=(48, 32)):
    """Different in every corner, so that it shows which way is up."""
    image = Image.new("RGB", size, (30, 90, 160))
    image.paste((220, 40, 30), (0, 0, size[0] // 2, size[1] // 2))
    return image.convert(mode)


def exif(orientation=None):
    """As a phone writes it: place, device, remarks, a small picture of its own."""
    told = Image.Exif()
    told[MAKE] = "Burgernet " + SECRET.decode()
    told[USER_COMMENT] = SECRET
    if orientation:
        told[ORIENTATION] = orientation
    told.get_ifd(GPS).update({1: "N", 2: (52.0, 46.0, 24.24), 3: "E", 4: (5.0, 24.0, 37.8), 29: SECRET.decode()})
    return told


def saved(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def opened(picture):
    image = Image.open(io.BytesIO(picture.content))
    image.load()
    return image


def phone_jpeg(orientation=None, **options):
    return saved(
        drawn(),
        "JPEG",
        exif=exif(orientation),
        comment=SECRET,
        xmp=b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>",
        icc_profile=b"profile of " + SECRET,
        **options,
    )


JPEGS = {
    "baseline": phone_jpeg(),
    "progressive": phone_jpeg(progressive=True),
    "restarts": phone_jpeg(restart_marker_blocks=1),
    "grey": saved(drawn("L"), "JPEG", exif=exif()),
    "four-colours": saved(drawn("CMYK"), "JPEG", exif=exif()),
    "a-film-behind-it": phone_jpeg() + b"\0\0\0\x18ftypmp42" + SECRET,
}


@pytest.mark.parametrize("content", JPEGS.values(), ids=JPEGS)
def test_of_a_jpeg_the_pixels_stay_and_nothing_else(content):
    assert SECRET in content
    picture = rewritten(content)
    assert (picture.media_type, picture.width, picture.height) == ("image/jpeg", 48, 32)
    assert SECRET not in picture.content
    left, before = opened(picture), Image.open(io.BytesIO(content))
    assert left.tobytes() == before.tobytes()
    assert dict(left.getexif()) == {}
    assert left.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "adobe", "adobe_transform"} | (
        {"progressive", "progression"}
    )


def segment(marker, payload):
    return bytes([0xFF, marker]) + struct.pack(">H", len(payload) + 2) + payload


FRAME = {"baseline": b"\xff\xc0", "progressive": b"\xff\xc2"}
HIDING = SECRET * 4
UNUSED = {
    "codes": segment(0xC4, b"\x13" + bytes([0] * 7 + [len(HIDING)] + [0] * 8) + HIDING),
    "divisors": segment(0xDB, b"\x03" + HIDING.ljust(64, b"\x01")),
    "remark": segment(0xFE, HIDING),
    "profile": segment(0xE2, b"ICC_PROFILE\0\x01\x01" + HIDING),
    "colours": segment(0xEE, HIDING),
}


@pytest.mark.parametrize("hidden", UNUSED.values(), ids=UNUSED)
@pytest.mark.parametrize("kind", FRAME)
@pytest.mark.parametrize("times", [1, 20])
def test_what_no_scan_uses_stays_behind(kind, hidden, times):
    whole = JPEGS[kind]
    for place in (2, whole.index(FRAME[kind]), whole.rindex(b"\xff\xd9")):
        picture = rewritten(whole[:place] + hidden * times + whole[place:])
        assert picture == rewritten(whole)


def test_of_tables_that_follow_each_other_the_last_is_used_and_no_other():
    whole = JPEGS["baseline"]
    first = whole.index(b"\xff\xdb\x00\x43\x00")
    before = segment(0xDB, b"\0" + HIDING.ljust(64, b"\x01"))
    assert rewritten(whole[:first] + before + whole[first:]) == rewritten(whole)
    after = rewritten(whole[: first + 69] + before + whole[first + 69 :])
    assert whole[first : first + 69] not in after.content


@pytest.mark.parametrize(
    "hidden",
    [
        segment(0xC4, HIDING),
        segment(0xC4, b"\0" + bytes([2] + [0] * 15) + b"\0\1" + HIDING),
        segment(0xC4, b"\0" + bytes(16)),
        segment(0xC4, b"\4" + bytes([1] + [0] * 15) + b"\0"),
        segment(0xDB, b"\0" + bytes(63)),
        segment(0xDB, b"\0" + bytes(64) + b"\x20"),
        segment(0xDB, b"\4" + bytes(64)),
        segment(0xDD, b"\0\1" + HIDING),
        HIDING,
    ],
)
def test_a_table_that_holds_anything_else_is_none(hidden):
    with pytest.raises(NoPicture):
        rewritten(JPEGS["baseline"][:2] + hidden + JPEGS["baseline"][2:])


def test_a_scan_says_what_it_draws_and_has_all_its_tables():
    whole = JPEGS["baseline"]
    scan, codes = whole.index(b"\xff\xda"), whole.index(b"\xff\xc4")
    length = 2 + int.from_bytes(whole[codes + 2 : codes + 4], "big")
    for broken in (
        whole[: scan + 4] + b"\x02" + whole[scan + 5 :],
        whole[: scan + 4] + b"\0" + whole[scan + 5 :],
        whole[: scan + 5] + b"\x09" + whole[scan + 6 :],
        whole[:codes] + whole[codes + length :],
    ):
        with pytest.raises(NoPicture):
            rewritten(broken)


def chunk(kind, payload):
    return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", zlib.crc32(kind + payload))


def test_a_png_has_the_colours_that_its_pixels_may_have_once():
    whole = saved(drawn("P"), "PNG")
    palette, pixels = whole.index(b"PLTE") - 4, whole.index(b"IDAT") - 4
    for hidden in (chunk(b"PLTE", HIDING), chunk(b"tRNS", bytes(257)), chunk(b"tRNS", b"\1") * 2):
        with pytest.raises(NoPicture):
            rewritten(whole[:pixels] + hidden + whole[pixels:])
    with pytest.raises(NoPicture):
        rewritten(whole[:palette] + chunk(b"PLTE", HIDING * 40) + whole[pixels:])
    with pytest.raises(NoPicture):
        rewritten(whole[:-12] + chunk(b"tRNS", HIDING) + whole[-12:])
    assert opened(rewritten(whole[:pixels] + chunk(b"tRNS", b"\1") + whole[pixels:])).info["transparency"] is not None


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(2, 9))
@pytest.mark.parametrize("little", [True, False])
def test_which_way_is_up_is_all_that_stays_of_exif(kind, orientation, little):
    told = exif(orientation)
    told.endian = "<" if little else ">"
    glass = drawn("RGBA")
    glass.putalpha(70)
    for image in (drawn(), drawn("L")) if kind == "JPEG" else (drawn(), glass):
        content = saved(image, kind, exif=told, **({"lossless": True} if kind == "WEBP" else {}))
        picture = rewritten(content)
        assert SECRET not in picture.content
        assert dict(opened(picture).getexif()) == {ORIENTATION: orientation}
        turned = [ImageOps.exif_transpose(Image.open(io.BytesIO(it))) for it in (content, picture.content)]
        assert turned[0].tobytes() == turned[1].tobytes()


@pytest.mark.parametrize("orientation", [0, 1, 9, 65_535])
def test_a_way_up_that_is_none_is_upright(orientation):
    assert b"Exif" not in rewritten(phone_jpeg(orientation)).content


def test_of_a_png_the_pixels_stay_and_nothing_else():
    remarks = PngImagePlugin.PngInfo()
    remarks.add_text("Location", SECRET.decode())
    remarks.add_itxt("Author", SECRET.decode(), zip=False)
    for mode in ("RGBA", "RGB", "P", "L", "1", "LA", "I;16"):
        image = drawn("L").convert(mode) if mode in {"LA", "I;16"} else drawn(mode)
        content = saved(image, "PNG", pnginfo=remarks, exif=exif(), icc_profile=b"of " + SECRET) + SECRET
        assert SECRET in content
        picture = rewritten(content)
        assert (picture.media_type, picture.width, picture.height) == ("image/png", 48, 32)
        assert SECRET not in picture.content
        left = opened(picture)
        assert (left.mode, left.tobytes()) == (image.mode, image.tobytes())
        assert left.info.keys() <= {"transparency"}


def test_of_a_webp_the_pixels_stay_and_nothing_else():
    for mode in ("RGB", "RGBA"):
        image = drawn(mode)
        if mode == "RGBA":
            image.putpixel((3, 3), (1, 2, 3, 40))
        for lossless in (True, False):
            content = saved(image, "WEBP", lossless=lossless, exif=exif(), xmp=SECRET, icc_profile=SECRET)
            assert SECRET in content
            picture = rewritten(content)
            assert (picture.media_type, picture.width, picture.height) == ("image/webp", 48, 32)
            assert SECRET not in picture.content
            left, before = opened(picture), Image.open(io.BytesIO(content))
            assert left.convert("RGBA").tobytes() == before.convert("RGBA").tobytes()
            assert not {"exif", "xmp", "icc_profile"} & left.info.keys()


def test_what_is_no_still_picture_of_a_kind_is_refused():
    frames = [drawn(), drawn().rotate(180)]
    heic = b"\0\0\0\x18ftypheic" + bytes(40)
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    animated = saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=40)
    for content in (b"", b"\xff\xd8\xff", b"%PDF-1.7", svg, heic, saved(drawn(), "GIF"), animated):
        with pytest.raises(NoPicture):
            rewritten(content)


def test_what_is_cut_off_anywhere_is_refused():
    wholes = [JPEGS["baseline"], JPEGS["progressive"], saved(drawn(), "PNG"), saved(drawn(), "WEBP", exif=exif())]
    for whole in wholes:
        for length in range(len(whole) - 1):
            with pytest.raises(NoPicture):
                rewritten(whole[:length])


def bomb_jpeg(width, height):
    content = bytearray(phone_jpeg())
    frame = content.index(b"\xff\xc0")
    content[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(content)


@pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (LONGEST_SIDE + 1, 1), (9_000, 9_000)])
def test_few_bytes_that_unfold_into_many_pixels_are_refused(width, height):
    with pytest.raises(TooManyPixels):
        rewritten(bomb_jpeg(width, height))


def test_nor_may_a_png_unfold_into_many():
    with pytest.raises(TooManyPixels):
        rewritten(saved(Image.new("1", (9_000, 9_000)), "PNG"))


def test_a_picture_without_pixels_or_with_too_many_scans_is_refused():
    with pytest.raises(NoPicture):
        rewritten(bomb_jpeg(0, 8))
    whole = JPEGS["baseline"]
    scan = whole[whole.index(b"\xff\xda") : whole.rindex(b"\xff\xd9")]
    with pytest.raises(NoPicture):
        rewritten(whole.replace(scan, scan * 101))


def test_nor_is_one_that_is_made_of_crumbs():
    whole, empty = JPEGS["baseline"], b"\xff\xfe\x00\x02"
    assert rewritten(whole[:2] + empty * (MOST_SEGMENTS - 100) + whole[2:]) == rewritten(whole)
    with pytest.raises(NoPicture):
        rewritten(whole[:2] + empty * MOST_SEGMENTS + whole[2:])


def webp_of(width, height):
    content = bytearray(saved(drawn(), "WEBP"))
    size = content.index(b"\x9d\x01\x2a") + 3
    content[size : size + 4] = struct.pack("<HH", width, height)
    return bytes(content)


@pytest.mark.parametrize(("width", "height"), [(0, 8), (8, 0), (0, 0)])
def test_nor_is_a_webp_without_pixels(width, height):
    with pytest.raises(NoPicture):
        rewritten(webp_of(width, height))


def test_what_fills_the_end_of_a_scan_goes_however_much_it_is():
    whole = JPEGS["baseline"]
    end = whole.rindex(b"\xff\xd9")
    filled = whole[:end] + b"\xff" * 80_000 + whole[end:]
    unending = whole[:end] + b"\xff" * 80_000 + b"\0"
    begun = time.process_time()
    assert rewritten(filled) == rewritten(whole)
    with pytest.raises(NoPicture):
        rewritten(unending)
    assert time.process_time() - begun < 2  # by the square of it, 25 s each; and 8 MB may come


def test_a_photo_of_a_telephone_may_be_as_large_as_they_come():
    assert Picture(b"", "image/jpeg", 8_064, 6_048).width == 8_064


@settings(max_examples=300)
@given(which=st.sampled_from([*JPEGS.values(), saved(drawn(), "PNG"), saved(drawn(), "WEBP")]), data=st.data())
def test_whatever_is_sent_is_a_picture_or_refused(which, data):
    content = bytearray(which)
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        picture = rewritten(bytes(content))
    except NoPicture:
        return
    assert rewritten(picture.content) == picture  # nothing is left that a second look would take away
