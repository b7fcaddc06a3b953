"""Vietnamese as it was written before Unicode. Built from the shape of the letters, apart from the tables it tests."""

import unicodedata

GRAVE, HOOK, TILDE, ACUTE, DOT = "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"
TONES = (GRAVE, HOOK, TILDE, ACUTE, DOT)

ABC_SMALL = {
    # A letter, its own byte, and those of its five toned forms in the order of TONES: TCVN 5712:1993, table of the VN3 set.
    "a": (0x61, "B5 B6 B7 B8 B9"), "ă": (0xA8, "BB BC BD BE C6"), "â": (0xA9, "C7 C8 C9 CA CB"), "e": (0x65, "CC CE CF D0 D1"),
    "ê": (0xAA, "D2 D3 D4 D5 D6"), "i": (0x69, "D7 D8 DC DD DE"), "o": (0x6F, "DF E1 E2 E3 E4"), "ô": (0xAB, "E5 E6 E7 E8 E9"),
    "ơ": (0xAC, "EA EB EC ED EE"), "u": (0x75, "EF F1 F2 F3 F4"), "ư": (0xAD, "F5 F6 F7 F8 F9"), "y": (0x79, "FA FB FC FD FE"),
    "đ": (0xAE, ""),
}  # fmt: skip
ABC_CAPITALS = {
    # The same for capitals: A1 to A7 are of VN3, the toned ones of VN1.
    "A": (0x41, "80 81 82 83 84"), "Ă": (0xA1, "AF BA BF C0 85"), "Â": (0xA2, "C1 C2 C3 C4 86"), "E": (0x45, "87 88 89 8A 8B"),
    "Ê": (0xA3, "C5 CD D9 DA 8C"), "I": (0x49, "8D 8E 8F 90 91"), "O": (0x4F, "92 93 94 95 96"), "Ô": (0xA4, "DB E0 F0 FF 97"),
    "Ơ": (0xA5, "98 99 9A 9B 9C"), "U": (0x55, "9D 9E 9F 01 02"), "Ư": (0xA6, "04 05 06 11 12"), "Y": (0x59, "13 14 15 16 17"),
    "Đ": (0xA7, ""),
}  # fmt: skip
VNI_TONES = {GRAVE: "ø", HOOK: "û", TILDE: "õ", ACUTE: "ù", DOT: "ï", "": ""}
VNI_ON_HAT = {GRAVE: "à", HOOK: "å", TILDE: "ã", ACUTE: "á", DOT: "ä", "": "â"}
VNI_ON_BREVE = {GRAVE: "è", HOOK: "ú", TILDE: "ü", ACUTE: "é", DOT: "ë", "": "ê"}
VNI_I = {GRAVE: "ì", HOOK: "æ", TILDE: "ó", ACUTE: "í", DOT: "ò", "": "i"}


def parts(char: str) -> tuple[str, str]:
    """The letter and its tone: ấ is â and an acute."""
    pieces = unicodedata.normalize("NFD", char)
    tone = "".join(piece for piece in pieces if piece in TONES)
    return unicodedata.normalize("NFC", "".join(piece for piece in pieces if piece not in TONES)), tone


def tcvn3(text: str) -> bytes:
    """The punctuation of Windows stands where it stands in windows-1252, as in the ABC fonts."""
    return b"".join(map(_abc, text))


def _abc(char: str) -> bytes:
    letter, tone = parts(char)
    row = ABC_SMALL.get(letter) or ABC_CAPITALS.get(letter)
    if row is None:
        return char.encode("cp1252")
    return bytes([int(row[1].split()[TONES.index(tone)], 16) if tone else row[0]])


def vni(text: str) -> bytes:
    return "".join(map(_vni, text)).encode("cp1252")


def _vni(char: str) -> str:
    letter, tone = parts(char)
    small = letter.lower()
    match small:
        case "a" | "e" | "o" | "u":
            code = small + VNI_TONES[tone]
        case "â" | "ê" | "ô":
            code = {"â": "a", "ê": "e", "ô": "o"}[small] + VNI_ON_HAT[tone]
        case "ă":
            code = "a" + VNI_ON_BREVE[tone]
        case "ơ" | "ư":
            code = {"ơ": "ô", "ư": "ö"}[small] + VNI_TONES[tone]
        case "i":
            code = VNI_I[tone]
        case "y":
            code = "î" if tone == DOT else "y" + VNI_TONES[tone]
        case "đ":
            code = "ñ"
        case _:
            return char
    return code.upper() if letter.isupper() else code
