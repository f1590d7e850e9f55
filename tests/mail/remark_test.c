/* remark_test: thanks and absences, and above all what is neither. */
#include "reading_help.h"

static const struct {
    const char *text;
    PdRemark remark;
} cases[] = {
    {"Thanks!", PD_REMARK_THANKS},
    {"Hi Bob,\n\nMany thanks for the quick help, it works now.\n\nBest regards,\nAnn",
     PD_REMARK_THANKS},
    {"Thank you so much. Have a nice weekend!", PD_REMARK_THANKS},
    {"OK, got it.", PD_REMARK_THANKS},
    {"谢谢!", PD_REMARK_THANKS},
    {"好的，收到，谢谢！", PD_REMARK_THANKS},
    {"王老师您好：\n问题已解决，非常感谢您的帮助！\n祝好\n李娜", PD_REMARK_THANKS},
    {"辛苦了，感谢及时处理～", PD_REMARK_THANKS},
    {"现在可以了，谢谢🙏", PD_REMARK_THANKS},
    {"Vielen Dank für die schnelle Hilfe!", PD_REMARK_THANKS},
    {"ありがとうございました。", PD_REMARK_THANKS},

    {"收到，辛苦了！\n\n李娜\n财务处 分机8123\n电话：010-88888888", PD_REMARK_THANKS},
    {"谢谢！\n\n财务处 李娜\n2026年11月27日", PD_REMARK_THANKS},
    {"好的，谢谢！\n李娜 | 某市税务局信息中心 | 13800000000\nna@example.org", PD_REMARK_THANKS},
    {"收到，谢谢！\n【李娜】", PD_REMARK_THANKS},
    {"Thanks!\n\n李娜\nFinance Department\nTel: 010-88888888", PD_REMARK_THANKS},
    {"Vielen Dank, Problem gelöst.", PD_REMARK_THANKS},
    {"谢谢！\n\n王芳\n财务处 分机8123", PD_REMARK_THANKS},
    {"👍", PD_REMARK_THANKS},
    {"🙏\n\n李娜\n财务处", PD_REMARK_THANKS},

    {"键盘好用了，谢谢您的帮助", PD_REMARK_THANKS},
    {"报表系统已经可以正常打开了，非常满意！", PD_REMARK_THANKS},
    {"我这边无线网恢复了，谢谢", PD_REMARK_THANKS},
    {"The printer works again, thanks!", PD_REMARK_THANKS},
    {"Everything is working well now. Thank you.", PD_REMARK_THANKS},
    {"The issue is resolved.", PD_REMARK_THANKS},
    {"I can log in again now, thank you", PD_REMARK_THANKS},

    {"Es funktioniert jetzt wieder, danke", PD_REMARK_THANKS},
    {"You can close the ticket, thanks", PD_REMARK_THANKS},
    {"没有问题了，可以关单", PD_REMARK_THANKS},

    {"键盘，谢谢", PD_REMARK_NONE},
    {"键盘不好用了，谢谢", PD_REMARK_NONE},
    {"很不满意", PD_REMARK_NONE},
    {"无线网没恢复，谢谢", PD_REMARK_NONE},
    {"数据全部没了", PD_REMARK_NONE},
    {"My printer. Thanks", PD_REMARK_NONE},
    {"OK the printer problem again", PD_REMARK_NONE},
    {"I can print and now the problem is my email", PD_REMARK_NONE},
    {"The fixed printer has the problem again", PD_REMARK_NONE},
    {"ok can i log in now", PD_REMARK_NONE},
    {"Thanks. You closed my ticket", PD_REMARK_NONE},
    {"Thanks in advance for fixing this", PD_REMARK_NONE},
    {"可以重置我的邮箱密码", PD_REMARK_NONE},
    {"好的，可以打开我的权限", PD_REMARK_NONE},
    {"数据恢复", PD_REMARK_NONE},
    {"可以电话我", PD_REMARK_NONE},
    {"我知道问题了，谢谢", PD_REMARK_NONE},
    {"谢谢请王工处理", PD_REMARK_NONE},
    {"Can I log in now. Thanks", PD_REMARK_NONE},
    {"I can not print, thanks", PD_REMARK_NONE},
    {"Thanks. The problem again", PD_REMARK_NONE},
    {"Got the issue again, thanks", PD_REMARK_NONE},
    {"The printer never works, thanks", PD_REMARK_NONE},
    {"谢谢！\n\n李娜\n财务处又断网了", PD_REMARK_NONE},
    {"谢谢！\n\n李娜\n请联系财务处", PD_REMARK_NONE},
    {"谢谢\n\n打印机\n财务处", PD_REMARK_NONE},
    {"李娜\n财务处 分机8123", PD_REMARK_NONE},
    {"谢谢\n\n王芳", PD_REMARK_NONE},
    {"谢谢\n\n黄灯亮\n还是王芳", PD_REMARK_NONE},
    {"👍 但是打印机又坏了", PD_REMARK_NONE},
    {"Thanks, but it still fails.", PD_REMARK_NONE},
    {"Thank you, it still fails.", PD_REMARK_NONE},
    {"Please help. Thanks", PD_REMARK_NONE},
    {"Is it fixed now? Thanks", PD_REMARK_NONE},
    {"is it solved now, thanks", PD_REMARK_NONE},
    {"Thanks. The printer is broken again.", PD_REMARK_NONE},
    {"It happened again", PD_REMARK_NONE},
    {"谢谢，但是还是不行", PD_REMARK_NONE},
    {"请尽快处理，谢谢", PD_REMARK_NONE},
    {"及时处理，谢谢", PD_REMARK_NONE},
    {"问题没有解决，谢谢", PD_REMARK_NONE},
    {"能用了吗？谢谢", PD_REMARK_NONE},
    {"打印机又坏了，谢谢", PD_REMARK_NONE},
    {"", PD_REMARK_NONE},
    {"Ann", PD_REMARK_NONE},
    {"Thanks, works no more", PD_REMARK_NONE},

    {"I am out of the office until Monday and will reply when I am back.", PD_REMARK_ABSENCE},
    {"您好，我正在休假，无法及时回复邮件，紧急事宜请联系李娜。", PD_REMARK_ABSENCE},
    {"I am out of the office tomorrow. Can you come today?", PD_REMARK_NONE},
    {"The out of office page shows an error.", PD_REMARK_NONE},
};

START_TEST(reads_the_remark)
{
    g_autofree char *raw =
        g_strconcat("From: =?utf-8?B?5p2O5aic?= Ann <ann@example.org>\nSubject: Re: [#7] printer\n"
                    "Content-Type: text/plain; charset=utf-8\n\n",
                    cases[_i].text, "\n", NULL);
    g_autoptr(PdMail) mail = read_mail(raw);

    ck_assert_msg(mail->remark == cases[_i].remark, "%s: %s", cases[_i].text,
                  pd_remark_name(mail->remark));
    ck_assert_int_eq(mail->origin, PD_ORIGIN_PERSON);
}
END_TEST

START_TEST(a_file_is_no_thanks)
{
    g_autoptr(PdMail) mail =
        read_mail("From: a@b.c\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nThanks\n--x\n"
                  "Content-Type: image/png\nContent-Disposition: attachment\n\nx\n--x--\n");

    ck_assert_int_eq(mail->remark, PD_REMARK_NONE);
}
END_TEST

TCase *remark_cases(void)
{
    TCase *tests = tcase_create("remark");

    tcase_add_loop_test(tests, reads_the_remark, 0, G_N_ELEMENTS(cases));
    tcase_add_test(tests, a_file_is_no_thanks);
    return tests;
}
