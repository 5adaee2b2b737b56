#!/usr/bin/env python3
"""Cuts Noto Sans CJK SC to the characters that are written on stamped copies.

See README.md beside this file. Usage: build.py [SOURCE.ttc] [UNIHAN_OTHERMAPPINGS.bz2]
"""
import bz2
import hashlib
import io
import pathlib
import sys

from fontTools import subset
from fontTools.ttLib import TTCollection

SOURCE = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
UNIHAN = "/usr/share/unicode/Unihan_OtherMappings.txt.bz2"
FAMILY = "Noto Sans CJK SC"
HERE = pathlib.Path(__file__).resolve().parent

# Inclusive ranges beside the lists. The font has not all of them; what it lacks is left out.
RANGES = [
    (0x20, 0x7E), (0xA0, 0xFF),  # ASCII, Latin-1
    (0x2010, 0x2027), (0x2030, 0x203E),  # dashes, quotation marks, • … ‰ ′ ″ ※
    (0x20AC, 0x20AC), (0x2103, 0x2103), (0x2109, 0x2109), (0x2116, 0x2116), (0x2122, 0x2122),  # € ℃ ℉ № ™
    (0x2153, 0x215E), (0x2160, 0x216B), (0x2170, 0x2179),  # fractions, Ⅰ ⅰ
    (0x2190, 0x2193), (0x2212, 0x2212), (0x2260, 0x2265),  # arrows, − ≠ ≤ ≥
    (0x2460, 0x249B),  # ① ⑴ ⒈
    (0x25A0, 0x25A1), (0x25B2, 0x25B3), (0x25C6, 0x25C7), (0x25CB, 0x25CB), (0x25CE, 0x25CF),  # ■ □ ▲ △ ◆ ◇ ○ ◎ ●
    (0x2605, 0x2606), (0x2640, 0x2640), (0x2642, 0x2642), (0x2713, 0x2714), (0x00D7, 0x00D7),  # ★ ☆ ♀ ♂ ✓ ✔
    (0x3000, 0x3017), (0x301C, 0x301E), (0x3020, 0x3029),  # CJK punctuation, 〇 〓 〡
    (0x3220, 0x3229), (0x3280, 0x3289), (0x3231, 0x3231), (0x32A3, 0x32A3),  # ㈠ ㊀ ㈱ ㊣
    (0x338E, 0x338F), (0x339C, 0x33A1), (0x33C4, 0x33C4), (0x33CE, 0x33CE), (0x33D1, 0x33D2), (0x33D5, 0x33D5),  # ㎎ ㎏ ㎡
    (0xFE30, 0xFE31), (0xFE33, 0xFE44), (0xFE49, 0xFE52), (0xFE54, 0xFE57), (0xFE59, 0xFE66), (0xFE68, 0xFE6B),
    (0xFF01, 0xFF5E), (0xFFE0, 0xFFE5),  # full width forms
]


def gb2312():
    """The 7,445 characters of GB 2312, with its Greek, Cyrillic, kana and box drawing."""
    found = set()
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                found.add(ord(bytes([row, cell]).decode("gb2312")))
            except UnicodeDecodeError:
                pass
    assert len(found) == 7445, len(found)
    return found


def tongyong(path):
    """The 8,105 characters of 通用规范汉字表 (2013), as Unihan's field kTGH lists them."""
    found = set()
    for line in bz2.open(path, "rt", encoding="utf-8"):
        fields = line.rstrip("\n").split("\t")
        if len(fields) == 3 and fields[1] == "kTGH" and fields[2].startswith("2013:"):
            found.add(int(fields[0][2:], 16))
    assert len(found) == 8105, len(found)
    return found


def big5():
    """The 5,401 characters of Big5's first level: shops write their names in the old forms."""
    found = set()
    for row in range(0xA4, 0xC7):
        for cell in list(range(0x40, 0x7F)) + list(range(0xA1, 0xFF)):
            if (row, cell) <= (0xC6, 0x7E):
                found.add(ord(bytes([row, cell]).decode("big5")))
    assert len(found) == 5401, len(found)
    return found


def face(path):
    for font in TTCollection(path, lazy=True).fonts:
        if font["name"].getDebugName(1) == FAMILY:
            return font
    sys.exit(f"{path} has no {FAMILY}")


def main():
    source = sys.argv[1] if len(sys.argv) > 1 else SOURCE
    unihan = sys.argv[2] if len(sys.argv) > 2 else UNIHAN
    lists = gb2312() | tongyong(unihan) | big5() | {ord("囍")}
    wanted = lists | {c for low, high in RANGES for c in range(low, high + 1)}
    font = face(source)
    has = set(font.getBestCmap())
    missing = sorted(lists - has)
    options = subset.Options()
    options.hinting = False  # drawn at 14 pixels and more, with grey edges
    options.layout_features = []  # no substitutions and no kerning: the program knows none
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.notdef_outline = True
    options.desubroutinize = False
    options.drop_tables += ["BASE", "GPOS", "GSUB", "VORG", "vhea", "vmtx", "DSIG", "GDEF"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted & has)
    cutter.subset(font)
    font["head"].modified = font["head"].created  # the same source gives the same bytes
    font.recalcTimestamp = False
    out = io.BytesIO()
    font.save(out)
    data = out.getvalue()
    (HERE / "NotoSansSC-fieldsync.otf").write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    (HERE / "SHA256").write_text(f"{digest}  NotoSansSC-fieldsync.otf\n")
    print(f"{len(wanted & has)} characters, {len(data)} bytes, sha256 {digest}")
    print(f"in the lists and not in the font: {[chr(c) for c in missing]}")


main()
