/* rtf.c: see rtf.h. One pass; what a group changes ends with the group. */
#include "rtf.h"

#include "charset.h"
#include <stdlib.h>
#include <string.h>

#define MOST_DEPTH 200
#define MOST_FONTS 256
#define MOST_WORD 32

typedef struct {
    gboolean hidden;   /* not part of the text: tables of fonts and colours, pictures */
    gboolean fonts;    /* within the table of fonts */
    gboolean only_rtf; /* said twice, for readers that know no HTML */
    guint font;
    guint fallback; /* bytes behind a \u for readers that do not know it */
} Group;

typedef struct {
    const guint8 *at, *end;
    GString *text;
    gsize most;
    GByteArray *run; /* bytes of one code page that are not decoded yet */
    guint run_page, page;
    guint pages[MOST_FONTS];
    Group groups[MOST_DEPTH];
    guint depth; /* beyond MOST_DEPTH groups share the last state */
    guint skip;  /* bytes that a \u stands for */
    gunichar high;
    gboolean is_html;
    const char *prior;
} Reader;

static Group *group(Reader *reader)
{
    return &reader->groups[MIN(reader->depth, MOST_DEPTH - 1)];
}

static void flush(Reader *reader)
{
    PdDecoding decoding;

    if (reader->run->len == 0)
        return;
    g_autofree char *charset = g_strdup_printf("cp%u", reader->run_page);
    g_autofree char *text = pd_charset_decode((const char *)reader->run->data, reader->run->len,
                                              charset, reader->prior, &decoding);
    g_string_append(reader->text, text);
    g_byte_array_set_size(reader->run, 0);
}

static gboolean is_shown(Reader *reader)
{
    const Group *now = group(reader);

    return !now->hidden && !now->fonts && !now->only_rtf &&
           reader->text->len + reader->run->len < reader->most;
}

static void put_byte(Reader *reader, guint8 byte)
{
    if (reader->skip > 0) {
        reader->skip--;
        return;
    }
    if (!is_shown(reader))
        return;
    guint own = reader->pages[group(reader)->font];
    guint page = own != 0 ? own : reader->page;
    if (page != reader->run_page)
        flush(reader);
    reader->run_page = page;
    g_byte_array_append(reader->run, &byte, 1);
}

static void put_character(Reader *reader, gunichar character)
{
    if (!is_shown(reader))
        return;
    flush(reader);
    g_string_append_unichar(reader->text, character);
}

/* \uN: a UTF-16 unit, written as a signed number. */
static void put_unit(Reader *reader, int number)
{
    gunichar unit = (gunichar)(guint16)number;

    reader->skip = group(reader)->fallback;
    if (unit >= 0xd800 && unit < 0xdc00) {
        reader->high = unit;
        return;
    }
    if (unit >= 0xdc00 && unit < 0xe000 && reader->high != 0)
        unit = 0x10000 + ((reader->high - 0xd800) << 10) + (unit - 0xdc00);
    reader->high = 0;
    put_character(reader, g_unichar_validate(unit) && unit != 0 ? unit : 0xfffd);
}

static guint page_of_charset(int charset)
{
    static const struct {
        int charset;
        guint page;
    } pages[] = {{0, 1252},   {128, 932},  {129, 949},  {134, 936},  {136, 950},
                 {161, 1253}, {162, 1254}, {163, 1258}, {177, 1255}, {178, 1256},
                 {186, 1257}, {204, 1251}, {222, 874},  {238, 1250}};

    for (gsize i = 0; i < G_N_ELEMENTS(pages); i++) {
        if (pages[i].charset == charset)
            return pages[i].page;
    }
    return 0;
}

static const struct {
    const char *word;
    gunichar character;
} characters[] = {
    {"par", '\n'},      {"line", '\n'},        {"row", '\n'},         {"sect", '\n'},
    {"page", '\n'},     {"tab", '\t'},         {"cell", '\t'},        {"lquote", 0x2018},
    {"rquote", 0x2019}, {"ldblquote", 0x201c}, {"rdblquote", 0x201d}, {"bullet", 0x2022},
    {"endash", 0x2013}, {"emdash", 0x2014},
};

/* Groups whose text is none of the reader's. */
static const char *const hidden[] = {"colortbl", "stylesheet", "info",   "pict",    "object",
                                     "header",   "footer",     "pntext", "fldinst", NULL};

static void set_page(Reader *reader, int page)
{
    if (page > 0 && page < 65536)
        reader->page = (guint)page;
}

static void obey(Reader *reader, const char *word, gboolean has_number, int number)
{
    Group *now = group(reader);

    if (g_strv_contains(hidden, word))
        now->hidden = TRUE;
    else if (strcmp(word, "fonttbl") == 0)
        now->fonts = TRUE;
    else if (strcmp(word, "f") == 0 || strcmp(word, "deff") == 0)
        now->font = has_number && number >= 0 && number < MOST_FONTS ? (guint)number : 0;
    else if (strcmp(word, "fcharset") == 0 && now->fonts)
        reader->pages[now->font] = page_of_charset(number);
    else if (strcmp(word, "ansicpg") == 0)
        set_page(reader, number);
    else if (strcmp(word, "u") == 0)
        put_unit(reader, number);
    else if (strcmp(word, "uc") == 0)
        now->fallback = has_number && number >= 0 && number < 8 ? (guint)number : 1;
    else if (strcmp(word, "htmlrtf") == 0)
        now->only_rtf = !has_number || number != 0;
    else if (strcmp(word, "fromhtml") == 0)
        reader->is_html = TRUE;
    else if (strcmp(word, "bin") == 0)
        reader->at += MIN(reader->end - reader->at, MAX(number, 0));
}

static void read_word(Reader *reader, gboolean starred)
{
    char word[MOST_WORD + 1];
    char digits[12];
    gsize length = 0, count = 0;

    while (reader->at < reader->end && g_ascii_isalpha(*reader->at)) {
        if (length < MOST_WORD)
            word[length++] = (char)*reader->at;
        reader->at++;
    }
    word[length] = '\0';
    while (reader->at < reader->end &&
           (g_ascii_isdigit(*reader->at) || (count == 0 && *reader->at == '-'))) {
        if (count < sizeof(digits) - 1)
            digits[count++] = (char)*reader->at;
        reader->at++;
    }
    digits[count] = '\0';
    if (reader->at < reader->end && *reader->at == ' ')
        reader->at++;
    for (gsize i = 0; i < G_N_ELEMENTS(characters); i++) {
        if (strcmp(characters[i].word, word) == 0)
            put_character(reader, characters[i].character);
    }
    if (starred && strcmp(word, "htmltag") != 0)
        group(reader)->hidden = TRUE;
    obey(reader, word, count > 0, (int)CLAMP(g_ascii_strtoll(digits, NULL, 10), -65536, G_MAXINT));
}

static void read_hex(Reader *reader)
{
    if (reader->end - reader->at < 2)
        return;
    int high = g_ascii_xdigit_value((char)reader->at[0]);
    int low = g_ascii_xdigit_value((char)reader->at[1]);
    if (high < 0 || low < 0)
        return;
    reader->at += 2;
    put_byte(reader, (guint8)(high << 4 | low));
}

/* Behind a backslash. */
static void read_control(Reader *reader)
{
    gboolean starred = FALSE;

    if (reader->end - reader->at >= 3 && reader->at[0] == '*' && reader->at[1] == '\\') {
        starred = TRUE;
        reader->at += 2;
    }
    if (reader->at >= reader->end)
        return;
    if (g_ascii_isalpha(*reader->at)) {
        read_word(reader, starred);
        return;
    }
    guint8 symbol = *reader->at++;
    if (symbol == '\'')
        read_hex(reader);
    else if (symbol == '~')
        put_character(reader, 0xa0);
    else if (symbol == '\n' || symbol == '\r')
        put_character(reader, '\n');
    else if (symbol == '\\' || symbol == '{' || symbol == '}')
        put_byte(reader, symbol);
    else if (symbol == '_')
        put_byte(reader, '-');
}

static void open_group(Reader *reader)
{
    const Group *outer = group(reader);

    reader->depth++;
    if (reader->depth < MOST_DEPTH)
        reader->groups[reader->depth] = *outer;
}

static void read_all(Reader *reader)
{
    while (reader->at < reader->end && reader->text->len < reader->most) {
        guint8 byte = *reader->at++;
        if (byte == '\\')
            read_control(reader);
        else if (byte == '{')
            open_group(reader);
        else if (byte == '}')
            reader->depth -= reader->depth > 0;
        else if (byte != '\r' && byte != '\n' && byte != '\0')
            put_byte(reader, byte);
        if (byte == '{' || byte == '}')
            reader->skip = 0;
    }
    flush(reader);
}

char *pd_rtf_read(const guint8 *rtf, gsize length, gsize most, const char *prior, gboolean *is_html)
{
    g_autofree Reader *reader = g_new0(Reader, 1);

    *is_html = FALSE;
    if (length < 5 || memcmp(rtf, "{\\rtf", 5) != 0)
        return NULL;
    reader->at = rtf;
    reader->end = rtf + length;
    reader->text = g_string_new(NULL);
    reader->most = most;
    reader->run = g_byte_array_new();
    reader->page = 1252;
    reader->groups[0].fallback = 1;
    reader->prior = prior;
    read_all(reader);
    g_byte_array_unref(reader->run);
    *is_html = reader->is_html;
    return g_string_free(reader->text, FALSE);
}
