/* language_test: the template's language follows the writer's. */
#include "mail/language.h"
#include "mail_test.h"
#include <glib.h>

START_TEST(tells_languages)
{
    static const char *const cases[][3] = {
        {"zh_CN", "", "您好，服务器无法访问，请处理"},
        {"zh_CN", "打印机", "HP LaserJet 无法打印，错误代码 E05"},
        {"zh_TW", "", "您好，這個問題請幫忙處理，謝謝"},
        {"ja", "", "サーバーに接続できません。ご確認ください。"},
        {"ko", "", "안녕하세요 서버가 안됩니다"},
        {"en", "", "The printer in room 5 is not working, please help us."},
        {"en", "printer", ""},
        {"de", "", "Der Drucker ist kaputt und ich kann nicht drucken, bitte helfen Sie mir"},
        {"fr", "", "Bonjour, je ne peux pas ouvrir la session sur le serveur, merci"},
        {"es", "", "Hola, no puedo entrar en el sistema, gracias por su ayuda"},
        {"ru", "", "Здравствуйте, не работает принтер"},
        {"", "", "12345 !!"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *language = pd_language_of(cases[i][1], cases[i][2]);
        ck_assert_str_eq(language, cases[i][0]);
    }
}
END_TEST

TCase *language_cases(void)
{
    TCase *cases = tcase_create("language");

    tcase_add_test(cases, tells_languages);
    return cases;
}
