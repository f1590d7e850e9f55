/* charset_names.c: see charset_names.h. Names are read as the supersets that programs really
 * mean by them. */
#include "charset_names.h"

#include <string.h>
#include <strings.h>

/* What a name in a message means; names are lower case without "x-" and "cs". */
static const struct {
    const char *name;
    const char *target;
} aliases[] = {
    {"gb2312", "GB18030"},
    {"gbk", "GB18030"},
    {"gb_2312-80", "GB18030"},
    {"cp936", "GB18030"},
    {"euc-cn", "GB18030"},
    {"gb18030", "GB18030"},
    {"ms936", "GB18030"},
    {"windows-936", "GB18030"},
    {"gb2312-80", "GB18030"},
    {"chinese", "GB18030"},
    {"big5", "BIG5-HKSCS"},
    {"cn-big5", "BIG5-HKSCS"},
    {"big5-hkscs", "BIG5-HKSCS"},
    {"cp950", "BIG5-HKSCS"},
    {"iso-8859-1", "CP1252"},
    {"iso8859-1", "CP1252"},
    {"iso_8859-1", "CP1252"},
    {"latin1", "CP1252"},
    {"windows-1252", "CP1252"},
    {"cp1252", "CP1252"},
    {"iso-8859-9", "CP1254"},
    {"iso-8859-11", "CP874"},
    {"tis-620", "CP874"},
    {"windows-874", "CP874"},
    {"ks_c_5601-1987", "CP949"},
    {"ks_c_5601", "CP949"},
    {"ksc5601", "CP949"},
    {"euc-kr", "CP949"},
    {"ks_c_5601-1989", "CP949"},
    {"korean", "CP949"},
    {"shift_jis", "CP932"},
    {"shift-jis", "CP932"},
    {"sjis", "CP932"},
    {"ms_kanji", "CP932"},
    {"windows-31j", "CP932"},
    {"euc-jp", "EUC-JP-MS"},
    {"eucjp", "EUC-JP-MS"},
    {"utf-8", "UTF-8"},
    {"utf8", "UTF-8"},
    {"unicode-1-1-utf-8", "UTF-8"},
    {"utf-7", "UTF-7"},
    {"unicode-1-1-utf-7", "UTF-7"},
    {"unicode-2-0-utf-7", "UTF-7"},
    {"shiftjis", "CP932"},
    {"euckr", "CP949"},
    {"ksc56011987", "CP949"},
    {"isolatin1", "CP1252"},
    {"iso2022jp", "ISO-2022-JP"},
    {"iso-2022-jp", "ISO-2022-JP"},
    {"iso-2022-jp-ms", "ISO-2022-JP"},
    {"cp50220", "ISO-2022-JP"},
    {"cp50221", "ISO-2022-JP"},
    {"iso-8859-8-i", "ISO-8859-8"},
    {"iso-8859-6-i", "ISO-8859-6"},
    {"mac", "MACINTOSH"},
    {"mac-roman", "MACINTOSH"},
    /* these declare nothing */
    {"us-ascii", ""},
    {"ascii", ""},
    {"ansi_x3.4-1968", ""},
    {"unknown-8bit", ""},
    {"unknown", ""},
    {"8bit", ""},
    {"binary", ""},
    {"default", ""},
    {"default_charset", ""},
    {"none", ""},
    {"user-defined", ""},
    {"_autodetect", ""},
};

static const char *target_of(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(aliases); i++) {
        if (strcmp(name, aliases[i].name) == 0)
            return aliases[i].target;
    }
    return NULL;
}

/* The charset that a declaration means: NULL where it says nothing. buffer holds
 * names that are in no table. */
const char *pd_charset_meant_by(const char *declared, char *buffer)
{
    if (declared == NULL)
        return NULL;
    while (g_ascii_isspace(*declared) || *declared == '"' || *declared == '\'')
        declared++;
    gsize length = strcspn(declared, " \t\"'*;");
    if (length == 0 || length >= PD_CHARSET_NAME)
        return NULL;
    for (gsize i = 0; i < length; i++)
        buffer[i] = g_ascii_tolower(declared[i]);
    buffer[length] = '\0';
    const char *name = buffer;
    while (g_str_has_prefix(name, "x-"))
        name += 2;
    const char *target = target_of(name);
    if (target == NULL && g_str_has_prefix(name, "cs"))
        target = target_of(name + 2);
    if (target != NULL)
        return *target == '\0' ? NULL : target;
    for (const char *c = buffer; *c != '\0'; c++) {
        /* a slash would ask iconv for transliteration */
        if (!g_ascii_isalnum(*c) && strchr("-_.:", *c) == NULL)
            return NULL;
    }
    return buffer;
}

/* Charsets whose text is all below 0x80, so that plain bytes say nothing. */
gboolean pd_charset_is_seven_bit(const char *charset)
{
    return charset != NULL &&
           (strncasecmp(charset, "iso-2022", 8) == 0 || strncasecmp(charset, "utf-7", 5) == 0 ||
            strncasecmp(charset, "hz", 2) == 0);
}

gboolean pd_charset_is_wide(const char *charset)
{
    return charset != NULL &&
           (strncasecmp(charset, "utf-16", 6) == 0 || strncasecmp(charset, "utf-32", 6) == 0 ||
            strncasecmp(charset, "ucs", 3) == 0 || strncasecmp(charset, "ibm037", 6) == 0);
}

gboolean pd_charset_is_single_byte(const char *charset)
{
    return strncasecmp(charset, "cp12", 4) == 0 || strncasecmp(charset, "windows-12", 10) == 0 ||
           strncasecmp(charset, "iso-8859", 8) == 0 || strncasecmp(charset, "koi8", 4) == 0;
}
