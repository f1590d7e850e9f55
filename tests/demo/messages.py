"""The mails of one morning at a public bureau, as real programs write them."""

import struct
import zipfile
import zlib
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, localtime, make_msgid
from io import BytesIO

DESK = "support@it.example.org"
FORWARDED = "kefu@supplier.example.net"


class Person:
    def __init__(self, name, mailbox, department):
        self.name = name
        self.mailbox = mailbox
        self.address = f"{mailbox}@{department}.example.org"


WANG = Person("王芳", "wangfang", "finance")
LI = Person("李䶮", "liyan", "archive")
MILLER = Person("Jane Miller", "jane.miller", "liaison")
CHEN = Person("陈晓梅", "chenxiaomei", "personnel")
GARCIA = Person("Luis Garcia", "luis.garcia", "statistics")
ZHAO = Person("赵国强", "zhaoguoqiang", "statistics")
SUN = Person("孙秘书", "sunli", "office")
ZHANG = Person("张伟", "zhangwei", "legal")
HE = Person("何静", "hejing", "planning")
PATEL = Person("Anita Patel", "anita.patel", "press")
MONITOR = Person("Nagios @ monitor01", "nagios", "monitor01")
PEOPLE = (WANG, LI, MILLER, CHEN, GARCIA, ZHAO, SUN, ZHANG, HE, PATEL)


class Sent:
    """One mail of the demonstration, and in a few words what it is."""

    def __init__(self, what, sender, mail, to=DESK, envelope=None):
        self.what = what
        self.sender = sender
        self.to = to
        self.envelope = sender.address if envelope is None else envelope
        self.raw = mail if isinstance(mail, bytes) else mail.as_bytes(policy=SMTP)
        self.subject = _subject(mail)


def _subject(mail):
    if isinstance(mail, bytes):
        from email import message_from_bytes, policy
        mail = message_from_bytes(mail, policy=policy.default)
    return str(mail["Subject"])


def _mail(sender, subject, to=DESK, **headers):
    mail = EmailMessage()
    mail["From"] = f'"{sender.name}" <{sender.address}>'
    mail["To"] = to
    mail["Subject"] = subject
    mail["Date"] = format_datetime(localtime())
    mail["Message-ID"] = make_msgid(domain=sender.address.split("@")[1])
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    return mail


def finance_down():
    mail = _mail(WANG, "紧急:财务系统登录不上,影响今天发工资")
    mail.set_content("""\
信息中心的老师:

您好!今天上午 8:40 起财务系统一直登录不上,输入用户名密码后提示
“ORA-12541: TNS: 无监听程序”,全科 12 个人都是这样。
今天下午 4 点前必须把工资数据报给银行,请尽快处理。

王芳
财务处 会计科  电话 6120
""", charset="utf-8", cte="base64")
    return Sent("Chinese, UTF-8", WANG, mail)


def printer_gb18030():
    mail = _mail(LI, "")
    del mail["Subject"]
    mail["Subject"] = "档案室打印机卡纸"
    mail.set_content("""\
各位同事:
    三楼档案室的打印机(型号 HP M506,资产号 DA-0317)从昨天下午开始一直卡纸,
换过纸盒也没有用,面板上显示 13.A3。不急,但是这周内要打印归档目录。
    请派人来看一下,谢谢!
                                    档案室 李䶮
""", charset="gb18030", cte="base64")
    return Sent("Chinese, GB18030", LI, mail)


def vpn_english():
    mail = _mail(MILLER, "VPN disconnects every ten minutes", X_Mailer="Apple Mail (2.3774)")
    mail.set_content("""\
Hello,

since Monday my VPN connection drops about every ten minutes when I work from
home. The client says "Reconnecting (gateway timeout)" and then asks for the
password again. My colleague on the same floor has the same problem.

Laptop: LT-2291, Windows 11, client 5.1.2. It is a nuisance but I can work.

Kind regards,
Jane Miller
Liaison Office, room 402
""")
    return Sent("English", MILLER, mail)


def new_account_html():
    mail = _mail(CHEN, "申请新员工账号", X_Mailer="Microsoft Outlook 16.0")
    mail.set_content("""\
<html><head><style>p.MsoNormal {font-family: 宋体; margin: 0cm}</style></head>
<body lang="ZH-CN"><div class="WordSection1">
<p class="MsoNormal">各位老师好:</p>
<p class="MsoNormal">下周一(1 日)有两位新同事到人事处报到,请帮忙开通<b>办公系统和邮箱账号</b>:</p>
<table border="1"><tr><th>姓名</th><th>工号</th><th>岗位</th></tr>
<tr><td>刘洋</td><td>20931</td><td>人事专员</td></tr>
<tr><td>马丽</td><td>20932</td><td>档案专员</td></tr></table>
<p class="MsoNormal">谢谢!</p><p class="MsoNormal">人事处&nbsp;陈晓梅</p>
</div></body></html>
""", subtype="html", charset="utf-8", cte="base64")
    return Sent("HTML only", CHEN, mail)


def shared_folder_both():
    mail = _mail(GARCIA, "Shared drive S: is full, cannot save")
    mail.set_content("""\
Hi,

when we save to S:\\statistics\\2024 we get "There is not enough space on the
disk". Nobody in the department can save since about 9:15. Some of us have
unsaved work open.

Luis Garcia
""")
    mail.add_alternative("""\
<html><body><p>Hi,</p><p>when we save to <code>S:\\statistics\\2024</code> we get
<i>There is not enough space on the disk</i>. Nobody in the department can save since
about 9:15. <b>Some of us have unsaved work open.</b></p><p>Luis Garcia</p></body></html>
""", subtype="html")
    return Sent("text with HTML", GARCIA, mail)


def totals_with_files():
    mail = _mail(ZHAO, "月报导出的合计数不对(附截图和表格)")
    mail.set_content("""\
您好:

统计系统里导出的三月份月报,“合计”一栏和明细加起来不一样,差 1,280。
截图和导出的表格见附件,用黄色标出来了。麻烦帮忙核对一下数据。

统计处 赵国强
""", charset="utf-8", cte="base64")
    mail.add_attachment(screenshot(), maintype="image", subtype="png", filename="屏幕截图.png")
    mail.add_attachment(
        spreadsheet([("科目", "明细", "合计"), ("差旅", "8420", "8420"), ("办公", "3300", "4580")]),
        maintype="application",
        subtype="vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        filename="三月月报.xlsx")
    return Sent("screenshot and spreadsheet attached", ZHAO, mail)


def forwarded():
    original = EmailMessage()
    original["From"] = f"客服中心 <{FORWARDED}>"
    original["To"] = "office@office.example.org"
    original["Subject"] = "发给贵单位的邮件被退回"
    original["Date"] = format_datetime(localtime())
    original["Message-ID"] = make_msgid(domain="supplier.example.net")
    original.set_content("""\
您好!昨天起我们发给贵单位的邮件都被退回,提示 550 5.7.1 rejected by policy。
请贵单位的信息部门检查一下邮件网关设置。
""", charset="utf-8", cte="base64")
    mail = _mail(SUN, "转发: 发给贵单位的邮件被退回")
    mail.set_content("""\
信息中心:
供应商反映发给我们的邮件被退回,原邮件见附件,请处理并直接答复我。
办公室 孙丽
""", charset="utf-8", cte="base64")
    mail.add_attachment(original)
    return Sent("forwarded, the original attached", SUN, mail)


def out_of_office():
    mail = _mail(ZHANG, "自动答复: 关于信息系统停机维护的通知", Auto_Submitted="auto-replied",
                 X_Auto_Response_Suppress="All", In_Reply_To="<notice-0412@it.example.org>")
    mail.set_content("""\
您好!我正在外地出差,下周三回到办公室,期间不能及时查看邮件。
急事请联系法规处值班电话 6188。  张伟
""", charset="utf-8", cte="base64")
    return Sent("out of office", ZHANG, mail)


def phishing():
    mail = _mail(HE, "收到可疑邮件,是不是钓鱼邮件?")
    mail.set_content("""\
老师好:
刚才收到一封“邮箱升级通知”,让我点链接重新输入邮箱密码,发件人看着不像我们单位的。
我没有点。处里至少还有三个人也收到了,请看看是不是钓鱼邮件。
规划处 何静
""", charset="utf-8", cte="base64")
    return Sent("Chinese, security", HE, mail)


def password():
    mail = _mail(PATEL, "Locked out of my account")
    mail.set_content("""\
Good morning,

I typed my password wrong three times after the holidays and now my account is
locked. Could you please unlock it or reset my password?

Anita Patel, Press Office, ext. 6210
""")
    return Sent("English, a question for the hotline", PATEL, mail)


def monitoring():
    mail = _mail(MONITOR, "** PROBLEM Service Alert: db02/Disk /u01 is CRITICAL **",
                 Auto_Submitted="auto-generated", Precedence="bulk")
    mail.set_content("""\
***** Nagios *****

Notification Type: PROBLEM
Service: Disk /u01
Host: db02
State: CRITICAL

DISK CRITICAL - free space: /u01 2143 MB (4% inode=97%)
""")
    return Sent("a machine's alert", MONITOR, mail)


def reply_to(acknowledgement):
    mail = _mail(WANG, "Re: " + str(acknowledgement["Subject"]),
                 to=str(acknowledgement["Reply-To"] or acknowledgement["From"]),
                 In_Reply_To=str(acknowledgement["Message-ID"]),
                 References=str(acknowledgement["Message-ID"]))
    quoted = acknowledgement.get_body(("plain",)).get_content().splitlines()
    mail.set_content("补充一下:刚才数据库服务器机房好像停过一次电,会不会有关系?\n王芳\n\n"
                     f"{acknowledgement['From']} 写道:\n"
                     + "".join(f"> {line}\n" for line in quoted), charset="utf-8", cte="base64")
    address = mail["To"].addresses[0].addr_spec
    return Sent("reply to an acknowledgement", WANG, mail, to=address)


def bounce_of(acknowledgement, person):
    """What the department's server sends when it cannot deliver our answer after all."""
    edge = "----=_report_7f3a"
    envelope = acknowledgement["Return-Path"].strip("<>")
    daemon = Person("Mail Delivery System", "mailer-daemon", person.address.split("@")[1])
    head = "\n".join(f"{name}: {acknowledgement[name]}" for name in ("From", "To", "Message-ID"))
    raw = f"""\
From: Mail Delivery System <{daemon.address}>
To: {envelope}
Subject: Undelivered Mail Returned to Sender
Date: {format_datetime(localtime())}
Message-ID: {make_msgid(domain=person.address.split("@")[1])}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="{edge}"

--{edge}
Content-Type: text/plain; charset=us-ascii

I am sorry to have to inform you that your message could not be delivered.

<{person.address}>: mailbox full (quota 200 MB)

--{edge}
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.{person.address.split("@")[1]}

Final-Recipient: rfc822; {person.address}
Action: failed
Status: 5.2.2
Diagnostic-Code: smtp; 552 5.2.2 mailbox full

--{edge}
Content-Type: text/rfc822-headers

{head}

--{edge}--
"""
    return Sent("a bounce of an acknowledgement", daemon, raw.encode(), to=envelope, envelope="")


def morning():
    """All first mails, in the order they come; the last one comes twice."""
    vpn = vpn_english()
    again = Sent("the same mail once more", MILLER, vpn.raw)
    return [finance_down(), printer_gb18030(), vpn, new_account_html(), shared_folder_both(),
            totals_with_files(), forwarded(), out_of_office(), phishing(), password(),
            monitoring(), again]


def screenshot(width=320, height=180):
    """A small picture of a window with an error box."""
    def pixel(x, y):
        if y < 18:
            return b"\x2b\x57\x9a"
        if 90 < x < 230 and 60 < y < 130:
            return b"\xc0\x39\x2b" if y < 76 else b"\xff\xf3\xcd"
        return b"\xf4\xf6\xf8" if (y // 12) % 2 else b"\xe4\xe9\xee"

    rows = b"".join(b"\0" + b"".join(pixel(x, y) for x in range(width)) for y in range(height))

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


def spreadsheet(rows):
    """A workbook of one sheet, all cells text."""
    namespace = "http://schemas.openxmlformats.org"
    cells = "".join("<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row)
                    + "</row>" for row in rows)
    files = {
        "[Content_Types].xml": f"""<Types xmlns="{namespace}/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>
</Types>""",
        "_rels/.rels": f"""<Relationships xmlns="{namespace}/package/2006/relationships">
<Relationship Id="r1" Type="{namespace}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>
</Relationships>""",
        "xl/workbook.xml": f"""<workbook xmlns="{namespace}/spreadsheetml/2006/main"
 xmlns:r="{namespace}/officeDocument/2006/relationships"><sheets>
<sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>""",
        "xl/_rels/workbook.xml.rels": f"""<Relationships xmlns="{namespace}/package/2006/relationships">
<Relationship Id="r1" Type="{namespace}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>
</Relationships>""",
        "xl/worksheets/sheet1.xml":
            f'<worksheet xmlns="{namespace}/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>',
    }
    book = BytesIO()
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>\n' + text)
    return book.getvalue()
