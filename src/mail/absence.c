/* absence.c: see absence.h.
 *
 * Who is away himself says so in the first person, or in Chinese without one, and tells whom to
 * turn to. "Ann is on leave, please give Bob her rights and contact me" and
 * "我正在出差，邮箱登录不上，请联系我" are requests: whoever asks for anything, or wants to be
 * called himself, is not absent.
 */
#include "absence.h"

#include "sign.h"
#include <string.h>

#define MOST_ABSENCE 900 /* bytes of a note that tells of an absence alone */

static const char *const away[] = {"out of the office",
                                   "out of office",
                                   "on vacation",
                                   "on annual leave",
                                   "on leave",
                                   "parental leave",
                                   "maternity leave",
                                   "paternity leave",
                                   "sick leave",
                                   "on holiday",
                                   "away from the office",
                                   "away from my desk",
                                   "away until",
                                   "travelling",
                                   "traveling",
                                   "no longer work",
                                   "no longer with",
                                   "no longer employed",
                                   "have left the",
                                   "not in the office",
                                   "休假",
                                   "休年假",
                                   "年假",
                                   "产假",
                                   "病假",
                                   "请假",
                                   "出差",
                                   "不在办公室",
                                   "不在辦公室",
                                   "不在单位",
                                   "外出",
                                   "外地",
                                   "培训",
                                   "离职",
                                   "離職",
                                   "调离",
                                   "請假",
                                   "不再负责",
                                   "nicht im Büro",
                                   "im Urlaub",
                                   "nicht im Hause",
                                   "absent du bureau",
                                   "en congé",
                                   "absent jusqu",
                                   "fuera de la oficina",
                                   "de vacaciones",
                                   "不在にしております",
                                   "休暇",
                                   NULL};

static const char *const meanwhile[] = {"i will reply",
                                        "will respond",
                                        "respond to your",
                                        "reply to your",
                                        "reply as soon",
                                        "reply when",
                                        "get back to you",
                                        "no access to e",
                                        "limited access",
                                        "access to my e",
                                        "please contact",
                                        "please call ",
                                        "please write to",
                                        "please turn to",
                                        "returning",
                                        "i return",
                                        "contact ",
                                        "in my absence",
                                        "will return",
                                        "be back",
                                        "无法及时",
                                        "不能及时",
                                        "及时回复",
                                        "及时查看",
                                        "不便回复",
                                        "尽快回复",
                                        "会尽快",
                                        "请联系",
                                        "请与",
                                        "请拨打",
                                        "请致电",
                                        "紧急事",
                                        "如有急事",
                                        "有急事",
                                        "急事请",
                                        "有事请联系",
                                        "回复您",
                                        "返岗",
                                        "返回后",
                                        "請聯絡",
                                        "緊急事",
                                        "儘快回覆",
                                        "melde mich",
                                        "wenden Sie",
                                        "répondr",
                                        "contacter",
                                        "responder",
                                        "contacte",
                                        "返信",
                                        "ご連絡",
                                        NULL};

/* English and its like: who is away. */
static const char *const first_person[] = {
    "i am",        "i'm",         "i’m",        "i will be",     "i'll be",        "i’ll be",
    "i have left", "i no longer", "my absence", "ich bin",       "ich befinde",    "je suis",
    "je serai",    "estoy",       "estaré",     "currently out", "currently away", NULL};

static const char *const requests[] = {"please help",
                                       "please give",
                                       "please reset",
                                       "please send",
                                       "please check",
                                       "please fix",
                                       " fix ",
                                       "so please",
                                       "please move",
                                       "please reply",
                                       "can you",
                                       "could you",
                                       "i cannot",
                                       "i can't",
                                       "i can’t",
                                       "does not work",
                                       "doesn't work",
                                       "not working",
                                       "error",
                                       "broken",
                                       "contact me",
                                       "call me",
                                       "请帮",
                                       "被锁",
                                       "请解",
                                       "请重",
                                       "请恢复",
                                       "请处理",
                                       "请协助",
                                       "请修",
                                       "帮我",
                                       "帮忙",
                                       "麻烦",
                                       "登录不上",
                                       "无法登录",
                                       "打不开",
                                       "用不了",
                                       "不能用",
                                       "报错",
                                       "故障",
                                       "申请",
                                       "开通",
                                       "注销",
                                       "重置",
                                       "联系我",
                                       "找我",
                                       "给我",
                                       "請幫",
                                       "無法登入",
                                       "聯絡我",
                                       "bitte helfen",
                                       "funktioniert nicht",
                                       NULL};

static gboolean is_of_own(const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        if ((guchar)*c >= 0xe3) /* an East Asian script, where the person is left away */
            return TRUE;
    }
    return pd_says_any(text, first_person);
}

gboolean pd_absence_is_told(const char *text)
{
    return strlen(text) <= MOST_ABSENCE && pd_says_any(text, away) &&
           pd_says_any(text, meanwhile) && is_of_own(text) && !pd_says_any(text, requests);
}
