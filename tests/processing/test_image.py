"""From the bytes of an image file to 28×28 pixels."""

import io
import itertools
import resource
import struct
import subprocess
import sys
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from app.errors import BodyMalformed, InputInvalid, RequestInvalid, TooLarge
from app.processing.image import (
    MAX_COEFFICIENT_PIXELS,
    MAX_PIXELS,
    MAX_WEBP_PIXELS,
    STRIP_PIXELS,
    WORKING_SIDE,
    decode_grey,
    media_type_of,
    to_digit,
    unpacked_bytes,
)


def difference(one, other) -> float:
    """How much two digits differ, as a share of their ink; a shift by one pixel, where rounding fell apart, is none."""
    shifts = itertools.product((-1, 0, 1), repeat=2)
    return min(float(np.abs(np.roll(one, shift, (0, 1)) - other).sum()) for shift in shifts) / (one.sum() + other.sum())


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_claiming(width: int, height: int) -> bytes:
    """A PNG whose header promises so many pixels, and little else."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + pixels + chunk(b"IEND", b"")


@pytest.fixture(scope="session")
def claiming(seven, encoded):
    """Makes a small file of a form whose header promises so many pixels."""
    ink = seven()
    files = {
        "BMP": encoded(ink, "BMP"),
        "JPEG": encoded(ink, "JPEG"),
        "progressive JPEG": encoded(ink, "JPEG", progressive=True),
        "CMYK JPEG": encoded(ink.convert("CMYK"), "JPEG"),
        "WebP": encoded(ink, "WEBP"),
        "lossless WebP": encoded(ink, "WEBP", lossless=True),
        "transparent WebP": encoded(Image.merge("LA", (ink, ink)).convert("RGBA"), "WEBP"),
    }

    def claim(form: str, width: int, height: int) -> bytes:
        data = bytearray(files[form])
        if form == "BMP":
            data[18:26] = struct.pack("<ii", width, height)
        elif form.endswith("JPEG"):
            start = data.index(b"\xff\xc2" if form.startswith("progressive") else b"\xff\xc0")
            data[start + 5 : start + 9] = struct.pack(">HH", height, width)
        elif form == "WebP":
            data[26:30] = struct.pack("<HH", width, height)
        elif form == "lossless WebP":
            data[21:25] = struct.pack("<I", width - 1 | height - 1 << 14)
        else:
            data[24:30] = struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
        return bytes(data)

    return claim


@pytest.fixture(scope="session")
def digit(seven, levels):
    """The drawn seven, prepared."""
    return to_digit(levels(seven()))


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "BMP"])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_every_format_gives_the_same_digit(seven, encoded, digit, form, mode):
    data = encoded(seven().convert(mode), form)
    assert media_type_of(data) == f"image/{form.lower()}"
    assert difference(to_digit(decode_grey(data)), digit) < 0.03


@pytest.mark.parametrize("mode", ["P", "1", "LA", "RGBA", "CMYK", "I;16"])
def test_every_colour_mode_gives_the_same_digit(seven, encoded, digit, mode):
    image = seven()
    if mode == "I;16":
        data = encoded(Image.fromarray(np.asarray(image).astype(np.uint16) * 257))
    else:
        data = encoded(image.convert(mode), "JPEG" if mode == "CMYK" else "PNG")
    assert difference(to_digit(decode_grey(data)), digit) < 0.03


def test_sixteen_bits_that_hold_only_eight_are_read_as_eight(seven, encoded, digit):
    data = encoded(Image.fromarray(np.asarray(seven()).astype(np.uint16)))
    assert difference(to_digit(decode_grey(data)), digit) < 0.03


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_a_transparent_paper_is_white_whatever_colour_it_hides(seven, encoded, digit, mode):
    ink = seven()
    opacity = Image.fromarray(255 - np.asarray(ink))
    image = Image.merge("LA", (Image.new("L", ink.size, 0), opacity))
    if mode == "P":
        palette = Image.fromarray((np.asarray(ink) < 128).astype(np.uint8), "L")
        palette.putpalette([0, 0, 0, 0, 0, 0])
        data = encoded(palette, transparency=0)
    else:
        data = encoded(image.convert(mode))
    assert difference(to_digit(decode_grey(data)), digit) < 0.05


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_that_a_camera_turned_is_turned_back(seven, encoded, digit, form):
    for orientation, turned in ((3, 180), (6, 90), (8, 270)):
        exif = Image.Exif()
        exif[0x0112] = orientation
        data = encoded(seven().rotate(turned), form, exif=exif)
        assert difference(to_digit(decode_grey(data)), digit) < 0.05, orientation


@pytest.mark.parametrize("orientation", range(10))
def test_every_orientation_is_undone_as_pillow_undoes_it(seven, encoded, levels, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = seven(side=100, box=60).crop((0, 0, 100, 70))
    expected = image.copy()
    expected.getexif()[0x0112] = orientation
    data = encoded(image.convert("RGB"), exif=exif)
    assert np.array_equal(decode_grey(data), levels(ImageOps.exif_transpose(expected)))


@pytest.mark.parametrize("mode", ["RGBA", "LA", "RGB", "P"])
def test_a_picture_of_many_strips_is_turned_to_grey_as_in_one_piece(encoded, mode):
    side = 700
    ramp = Image.linear_gradient("L").resize((side, side))
    image = Image.merge("RGBA", (ramp, ramp.rotate(90), ramp.rotate(180), ramp.rotate(270))).convert(mode)
    assert side * side > STRIP_PIXELS
    colours = image.convert("RGBA")
    expected = Image.alpha_composite(Image.new("RGBA", image.size, "white"), colours).convert("L")
    expected.thumbnail((WORKING_SIDE, WORKING_SIDE), Image.Resampling.BOX)
    assert np.array_equal(decode_grey(encoded(image)), np.asarray(expected, np.float32) / 255)


def test_sixteen_bits_are_told_from_eight_by_the_whole_picture(encoded):
    levels = np.full((700, 700), 200, np.uint16)
    levels[-1, -1] = 65535
    assert decode_grey(encoded(Image.fromarray(levels)))[:64].max() == 0


def test_dark_on_light_and_light_on_dark_are_the_same_digit(seven, levels, digit):
    for ink, paper in ((255, 0), (40, 220), (200, 30), (128, 255), (128, 0), (0, 128), (255, 128)):
        assert difference(to_digit(levels(seven(ink=ink, paper=paper))), digit) < 0.01, (ink, paper)


@pytest.mark.parametrize(("left", "top"), [(2, 2), (78, 2), (2, 78), (78, 78)])
def test_where_the_digit_stands_is_no_matter(seven, levels, digit, left, top):
    assert difference(to_digit(levels(seven(left=left, top=top))), digit) < 0.01


@pytest.mark.parametrize(("side", "box"), [(60, 40), (100, 90), (400, 100), (1000, 700), (3000, 1500)])
def test_how_large_the_digit_is_is_no_matter(seven, encoded, digit, side, box):
    data = encoded(seven(side=side, box=box, left=(side - box) // 2, top=(side - box) // 2))
    assert difference(to_digit(decode_grey(data)), digit) < 0.12


def test_the_digit_fills_twenty_pixels_and_its_mass_is_in_the_middle(digit):
    assert digit.shape == (28, 28)
    assert digit.dtype == np.float32
    assert digit.max() == 1
    assert digit.min() == 0
    rows, columns = (np.flatnonzero(digit.any(axis=axis)) for axis in (1, 0))
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
    for axis in (0, 1):
        assert abs(digit.sum(axis=1 - axis) @ np.arange(28) / digit.sum() - 13.5) <= 0.5


def test_a_picture_that_is_already_as_mnists_stays_nearly_itself(digit):
    assert difference(to_digit(digit), digit) < 0.08
    assert difference(to_digit(to_digit(digit)), to_digit(digit)) < 0.08


def test_a_digit_whose_mass_is_far_from_its_middle_stays_inside():
    grey = np.zeros((40, 40), np.float32)
    grey[5:35, 20] = 1
    grey[30:35, 8:32] = 1
    digit = to_digit(grey)
    rows = np.flatnonzero(digit.any(axis=1))
    assert rows[-1] <= 27
    assert len(rows) == 20


@pytest.mark.parametrize("shape", [(300, 3), (3, 300)])
def test_a_line_keeps_its_proportions(shape):
    grey = np.ones((320, 320), np.float32)
    grey[10 : 10 + shape[0], 10 : 10 + shape[1]] = 0
    digit = to_digit(grey)
    extents = sorted(int(digit.any(axis=axis).sum()) for axis in (0, 1))
    assert extents == [1, 20]
    assert digit.max() == 1


def test_large_pictures_are_scaled_down_to_the_working_side(seven, encoded):
    grey = decode_grey(encoded(seven(side=1000).crop((0, 0, 1000, 500))))
    assert grey.shape == (WORKING_SIDE // 2, WORKING_SIDE)
    assert grey.dtype == np.float32


@pytest.mark.parametrize("paper", [0, 90, 255])
@pytest.mark.parametrize("side", [1, 2, 28, 300])
def test_a_blank_picture_is_refused(encoded, paper, side):
    grey = decode_grey(encoded(Image.new("L", (side, side), paper)))
    with pytest.raises(InputInvalid, match="expected a picture of a digit; received a blank picture"):
        to_digit(grey)


@pytest.mark.parametrize("keep", [0.3, 0.6, 0.95])
def test_a_truncated_picture_is_damaged(seven, encoded, keep):
    noise = np.random.default_rng(1).integers(0, 255, (64, 64), dtype=np.uint8)
    data = encoded(Image.fromarray(noise))
    with pytest.raises(BodyMalformed, match="damaged or cut short"):
        decode_grey(data[: int(len(data) * keep)])


@pytest.mark.parametrize(
    "data", [b"", b"just text", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"BM", b"\xff\xd8\xff", b"GIF89a"]
)
def test_what_is_no_image_is_refused(data):
    with pytest.raises(BodyMalformed):
        decode_grey(data)


def test_text_that_says_it_is_a_png_is_refused():
    data = b"\x89PNG\r\n\x1a\n" + b"this is only text " * 10
    assert media_type_of(data) == "image/png"
    with pytest.raises(BodyMalformed):
        decode_grey(data)


def test_a_format_that_pillow_could_read_but_we_do_not_is_refused(seven, encoded):
    for form in ("GIF", "TIFF"):
        data = encoded(seven(), form)
        assert media_type_of(data) is None
        with pytest.raises(BodyMalformed, match="expected a PNG, JPEG, WebP or BMP image; received something else"):
            decode_grey(data)


@pytest.mark.parametrize(("width", "height"), [(7100, 7100), (10_000, 10_000), (30_000, 30_000), (50_000_001, 1)])
def test_a_bomb_is_refused_by_its_header_without_taking_the_memory(width, height):
    data = png_claiming(width, height)
    assert unpacked_bytes(data) == width * height
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(TooLarge, match="expected an image of at most 50,000,000 pixels"):
        decode_grey(data)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 * 1024


@pytest.mark.parametrize(
    ("form", "limit"),
    [
        ("BMP", MAX_PIXELS),
        ("JPEG", MAX_PIXELS),
        ("progressive JPEG", MAX_COEFFICIENT_PIXELS),
        ("CMYK JPEG", MAX_COEFFICIENT_PIXELS),
        ("WebP", MAX_WEBP_PIXELS),
        ("lossless WebP", MAX_WEBP_PIXELS),
        ("transparent WebP", MAX_WEBP_PIXELS),
    ],
)
def test_each_forms_limit_is_checked_before_memory_is_taken(claiming, form, limit):
    height = 10_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(
        TooLarge, match=f"at most {limit:,} pixels.*; received {limit // height + 1}×{height}; scale it"
    ):
        decode_grey(claiming(form, limit // height + 1, height))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 * 1024
    allowed = claiming(form, limit // height, height)
    with pytest.raises(BodyMalformed, match="damaged or cut short"):
        decode_grey(allowed[: len(allowed) * 6 // 10])


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from Linux's /proc")
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "I;16"])
def test_a_picture_takes_at_most_five_bytes_per_pixel_and_a_strip(tmp_path, mode):
    size, file = (3000, 4000), tmp_path / "picture"
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = Image.new(mode, size) if mode == "I;16" else Image.new("L", size).convert(mode)
    picture.save(file, "PNG", compress_level=1, exif=exif)
    script = f"""
from app.processing.image import decode_grey

def peak_bytes():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")) * 1024

data = open({str(file)!r}, "rb").read()
decode_grey(open({str(file.with_suffix(".small"))!r}, "rb").read())
before = peak_bytes()
decode_grey(data)
print(peak_bytes() - before)
"""
    picture.crop((0, 0, 9, 9)).save(file.with_suffix(".small"), "PNG", exif=exif)
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert int(done.stdout) < 5.1 * size[0] * size[1] + 16 * STRIP_PIXELS


def test_of_other_formats_the_most_that_is_read_is_assumed(seven, encoded):
    assert unpacked_bytes(encoded(seven(side=100))) == 10_000
    assert unpacked_bytes(encoded(seven(), "JPEG")) == MAX_PIXELS


def test_damaged_metadata_damage_the_picture_not_the_server(seven, encoded):
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "a description"
    data = bytearray(encoded(seven(), "JPEG", exif=exif))
    start = data.index(b"Exif")
    failures = []
    generator = np.random.default_rng(2)
    for _ in range(300):
        broken = bytearray(data)
        for place in generator.integers(start, start + 80, 3):
            broken[place] = generator.integers(0, 256)
        try:
            decode_grey(bytes(broken))
        except RequestInvalid as error:
            failures.append(error)
    assert failures


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "BMP"])
def test_whatever_bytes_are_changed_a_picture_is_read_or_refused(seven, encoded, form):
    data = encoded(seven(side=40, box=24, left=8, top=8), form)
    generator = np.random.default_rng(3)
    for _ in range(150):
        broken = bytearray(data)
        for place in generator.integers(0, len(broken), generator.integers(1, 8)):
            broken[place] = generator.integers(0, 256)
        try:
            to_digit(decode_grey(bytes(broken)))
        except RequestInvalid:
            continue


def test_pillows_warnings_stay_inside(seven, encoded):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with pytest.raises(TooLarge):
            decode_grey(png_claiming(10_000, 10_000))
    assert caught == []


@pytest.fixture
def odd_photograph(seven, encoded):
    """A photograph whose Exif data point behind their end: Pillow warns, and it can be read."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x0131] = "the programme that wrote it"
    data = bytearray(encoded(seven().rotate(90), "JPEG", exif=exif))
    start = data.index(b"\x01\x31", data.index(b"Exif")) + 8
    data[start : start + 4] = struct.pack(">I", 60_000)
    return bytes(data)


def test_odd_metadata_are_no_matter_and_no_warning(seven, encoded, digit, odd_photograph):
    with pytest.warns(UserWarning, match="Truncated File Read"):
        Image.open(io.BytesIO(odd_photograph)).getexif().get(0x0112)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert difference(to_digit(decode_grey(odd_photograph)), digit) < 0.05
    assert caught == []


def test_decoding_on_several_threads_gives_the_same_and_leaves_pythons_filters_in_order(seven, encoded, odd_photograph):
    files = [encoded(seven(), form) for form in ("PNG", "JPEG", "WEBP", "BMP")] + [odd_photograph]
    expected = [decode_grey(data) for data in files]
    filters = list(warnings.filters)
    with ThreadPoolExecutor(8) as threads:
        decoded = list(threads.map(decode_grey, files * 20))
    assert all(map(np.array_equal, decoded, expected * 20))
    assert list(warnings.filters) == filters


def test_red_ink_is_ink(encoded):
    picture = np.full((60, 60, 3), 255, np.uint8)
    picture[10:50, 28:34] = (200, 30, 30)
    digit = to_digit(decode_grey(encoded(Image.fromarray(picture))))
    assert [int(digit.any(axis=axis).sum()) for axis in (1, 0)] == [20, 3]
