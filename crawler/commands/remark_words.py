"""What `canhbao check` says of watches, in Vietnamese and English: what is so, and what to change."""

from crawler.match.remarks import Remark
from crawler.wording import Language

WORDS: dict[str, tuple[str, str]] = {
    "never": (
        "không bài nào khớp được: các điều kiện trái nhau; bỏ bớt một điều kiện",
        "can never match: its conditions contradict each other; remove one of them",
    ),
    "never-because": (
        "không bài nào khớp được: có “{term}” là có “{other}”, mà “{other}” bị loại; bỏ “{other}” khỏi phần loại trừ, hoặc ghi nó dài hơn",
        "can never match: where “{term}” stands, “{other}” stands too, which must not occur; remove “{other}” from what is excluded, or exclude a longer phrase",
    ),
    "dead": (
        "“{term}” không bao giờ có tác dụng: các điều kiện khác loại nó; bỏ nó, hoặc nới các điều kiện kia",
        "“{term}” can never count, other conditions rule it out; remove it, or loosen those",
    ),
    "dead-because": (
        "“{term}” không bao giờ có tác dụng: có nó là có “{other}”, mà “{other}” bị loại; bỏ một trong hai, hoặc loại một cụm dài hơn",
        "“{term}” can never count: where it stands, “{other}” stands too, which must not occur; remove one of them, or exclude a longer phrase",
    ),
    "no-portal": (
        "chưa có báo nào của {province} trong cấu hình; thêm báo (canhbao discover URL), hoặc bỏ tỉnh này",
        "no enabled portal is of {province}; add one (canhbao discover URL), or remove the province",
    ),
    "no-portal-in-both": (
        "không bài nào khớp được: không báo nào trong portals thuộc các tỉnh trong provinces; bỏ một trong hai",
        "can never match: none of these portals is of the provinces; remove one of the two keys",
    ),
    "unknown-portal": (
        "báo {portal} không có trong cấu hình, hoặc đang tắt{advice}; sửa mã báo",
        "portal {portal} is not configured, or switched off{advice}; correct the id",
    ),
    "unknown-section": (
        "chưa bài nào đã lưu thuộc chuyên mục “{section}”{advice}; ghi đúng tên như báo ghi",
        "no stored article is in a section “{section}”{advice}; write it as the portal does",
    ),
    "nothing-to-count": (
        "không bài nào khớp được: không có từ nào để đếm; thêm từ cần tìm, hoặc bỏ khóa này",
        "can never match: there is no term whose mentions could be counted; add one, or remove this key",
    ),
    "no-weight": (
        "không bài nào đạt min_score: mọi nơi mà các từ có thể đứng đều có trọng số 0; cho một nơi trọng số lớn hơn 0",
        "can never reach min_score: wherever its terms can stand, they weigh 0; give one of the fields a weight",
    ),
    "without": (
        "khớp với mọi bài không chứa các từ bị loại; thêm từ bắt buộc phải có vào nhánh chỉ có NOT",
        "matches every article in which none of its terms occur; add what must occur beside the NOT",
    ),
    "always": ("khớp với mọi bài; bỏ bớt một nhánh OR", "matches every article; remove one side of the OR"),
    "ordinary": (
        "“{term}” có trong hầu như mọi bài; ghi cụm từ dài hơn",
        "“{term}” stands in nearly every article; write a longer phrase",
    ),
    "folds": (
        "“{term}” không dấu nên cũng khớp với {readings}; ghi đủ dấu, hoặc nếu vốn không dấu thì đặt trong ngoặc kép: {quoted}",
        "“{term}” has no marks and also finds {readings}; type it with its marks, or where it has none, in quotation marks: {quoted}",
    ),
    "folds-in-store": (
        "“{term}” không dấu; trong các bài mới lưu, nó khớp {n} chỗ: {readings}; ghi đủ dấu, hoặc nếu vốn không dấu thì đặt trong ngoặc kép: {quoted}",
        (
            "“{term}” has no marks; in the latest stored articles it finds {n} places: {readings}; type it with its marks, or where it has none, "
            "in quotation marks: {quoted}"
        ),
    ),
    "bare-twin": (
        "“{term}” chỉ khớp với văn bản viết không dấu, vì đã có “{other}”; bỏ nó, hoặc ghi marks: ignore để không xét dấu nữa",
        "“{term}” finds only text typed without marks, since “{other}” carries them; remove it, or write marks: ignore to find any",
    ),
    "ambiguous": (
        "{short} có nhiều nghĩa ({meanings}) và sẽ khớp với nghĩa bất kỳ; ghi đủ chữ, ví dụ “{example}”: bài nào định nghĩa {short} như vậy vẫn được tìm thấy",
        (
            "{short} stands for several things ({meanings}) and is found whichever is meant; write the words, e.g. “{example}”: "
            "articles that define {short} so are found all the same"
        ),
    ),
    "capitals": (
        "“{term}” cũng khớp với chữ thường “{word}”, vì không phân biệt chữ hoa; ghi thêm chữ đứng cạnh, ví dụ một cụm hai chữ",
        "“{term}” also finds the word “{word}”, since letter case makes no difference; write it with a neighbour, as a phrase of two words",
    ),
    "could-be-short": (
        "“{term}” còn được viết là “{other}”, và chữ viết tắt đang tắt; bỏ abbreviations: false để tìm cả hai",
        "“{term}” is also written “{other}”, and short forms are switched off; remove abbreviations: false to find both",
    ),
    "same": (
        "“{term}” chỉ khác “{other}” về cách viết, vốn được coi là một; bỏ một trong hai",
        "“{term}” is “{other}” in another spelling, which is found anyway; remove one of the two",
    ),
    "same-short": (
        "“{term}” và “{other}” tìm cùng những bài, vì chữ viết tắt được hiểu sẵn; bỏ một trong hai",
        "“{term}” and “{other}” find the same articles, since short forms are known; remove one of the two",
    ),
    "swallowed": (
        "“{term}” là thừa: có nó là có “{other}”; bỏ nó, hoặc bỏ “{other}” nếu nghĩa ấy quá rộng",
        "“{term}” adds nothing: where it stands, “{other}” stands too; remove it, or “{other}” if that is too wide",
    ),
    "needed-anyway": (
        "“{term}” là thừa: có “{other}” là có nó; bỏ nó",
        "“{term}” is needed anyway: it stands wherever “{other}” does; remove it",
    ),
}
"""By the code of a remark."""


def say_remark(language: Language, remark: Remark) -> str:
    return WORDS[remark.code][0 if language == "vi" else 1].format(**remark.facts)
