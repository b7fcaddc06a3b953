"""The real article of the workplace's seed folder, put back into the page it came from: Báo Đồng Tháp of the .aspx era."""

from html import escape
from pathlib import Path

SEED = Path(__file__).resolve().parents[1] / "../shared/seed/baodongthap-cong-tac-dan-van-2022-01-13.txt"
URL = "https://www.baodongthap.vn/chinh-tri/cong-tac-dan-van-tiep-tuc-co-su-doi-moi-ve-noi-dung-hinh-thuc-103377.aspx"
PICTURE = "/database/image/2022/01/13/dan-van.jpg"

_PAGE = """<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head id="Head1"><meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<title>
	{title} - Báo Đồng Tháp Online
</title>
<meta name="author" content="Báo Đồng Tháp" /><meta name="description" content="{lead}" />
</head>
<body>
<form method="post" action="./chi-tiet.aspx" id="form1">
<div class="aspNetHidden"><input type="hidden" name="__VIEWSTATE" id="__VIEWSTATE" value="/wEPDwUKMTY1NDU2MTA1MmRk" /></div>
<div id="header"><div class="today">Thứ sáu, 02/10/2026</div>
<ul id="menu"><li><a href="/chinh-tri.aspx">Chính trị</a></li><li><a href="/kinh-te.aspx">Kinh tế</a></li></ul></div>
<div id="content"><div class="left">
<div class="contentView">
<h1>{title}</h1>
<div class="date"><span id="cphContent_ucNewsDetails_lblPostedDate">{date}</span></div>
{body}
<p style="text-align: right;"><strong>{author}</strong></p>
</div>
<div class="comment"><h3>{comment}</h3><div><input type="text" placeholder="Họ tên" /><textarea rows="4"></textarea>
<input type="submit" value="Gửi" /></div></div>
<div class="other"><h3>Các tin khác</h3><ul><li><a href="/chinh-tri/hoi-nghi-khac-103376.aspx">Hội nghị khác</a> (12/01/2022)</li></ul></div>
</div></div>
</form>
</body></html>
"""


def seed_page(text: str) -> str:
    """The article text, as it was pasted from the page, in that page's markup. Two blank lines are where its photograph stood."""
    before, _, after = text.strip().partition("\n\n\n")
    title, date, lead, *paragraphs = before.split("\n\n")
    caption, *rest, author, comment = after.strip().split("\n\n")
    body = [f"<p>{escape(paragraph)}</p>" for paragraph in (lead, *paragraphs)]
    body.append(f'<p style="text-align: center;"><img src="{PICTURE}" alt="" /><br />\n<em>{escape(caption)}</em></p>')
    body.extend(f"<p>{escape(paragraph)}</p>" for paragraph in rest)
    return _PAGE.format(
        title=escape(title),
        lead=escape(lead[:150]),
        date=escape(date),
        body="\n".join(body),
        author=escape(author),
        comment=escape(comment),
    )
