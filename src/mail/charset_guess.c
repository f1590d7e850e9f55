/* charset_guess.c: a scored guess: what ICU finds, what is usual at such a desk, and how well the
 * result reads. */
#include "charset_guess.h"

#include "charset_convert.h"
#include "charset_names.h"
#include <unicode/ucsdet.h>

#define GUESS_SAMPLE 8192
#define PRIOR_BONUS 30

/* How well converted text reads: what no person writes costs most. */
static int legibility(const char *text, guint replaced)
{
    int good = 0, bad = (int)replaced * 4, all = 1;
    gboolean accent_before = FALSE; /* accented letters stand alone in their words */

    for (guint i = 0; *text != '\0' && i < GUESS_SAMPLE; text = g_utf8_next_char(text), i++) {
        gunichar c = g_utf8_get_char(text);
        gboolean accent = c >= 0xa0 && c <= 0x2ff;
        gboolean row = accent && accent_before;
        accent_before = accent;
        if (c < 0x80)
            continue;
        all++;
        if (row)
            bad++;
        else if ((c >= 0x4e00 && c <= 0x9fff) || (c >= 0xac00 && c <= 0xd7a3) ||
                 (c >= 0x3041 && c <= 0x30ff) || (c >= 0x3000 && c <= 0x3020) ||
                 (c >= 0xff01 && c <= 0xff5e) || (c >= 0x400 && c <= 0x45f) ||
                 (c >= 0xc0 && c <= 0x17f) || (c >= 0x2010 && c <= 0x2026))
            good++;
        else if ((c >= 0xe000 && c <= 0xf8ff) || (c >= 0x80 && c < 0xa0) || c > 0xffff)
            bad += 3;
        else
            bad++;
    }
    return (good - bad) * 40 / all;
}

typedef struct {
    const char *charset;
    int score;
} Guess;

static void consider(Guess *best, const char *charset, int score, const char *bytes, gsize length)
{
    guint replaced;
    gsize sample = MIN(length, GUESS_SAMPLE);
    g_autofree char *text = pd_charset_convert(bytes, sample, charset, &replaced);

    if (text == NULL)
        return;
    if (sample < length && replaced > 0)
        replaced--; /* a character may be cut at the end of the sample */
    score += legibility(text, replaced);
    if (best->charset != NULL && score <= best->score)
        return;
    best->charset = g_intern_string(charset);
    best->score = score;
}

/* Asks ICU, and adds what is usual at such a desk. */
static void consider_all(Guess *best, const char *bytes, gsize length, const char *prior)
{
    static const char *const usual[] = {"GB18030", "BIG5-HKSCS", "CP932", "CP949", "CP1252"};
    UErrorCode error = U_ZERO_ERROR;
    UCharsetDetector *detector = ucsdet_open(&error);
    gint32 count = 0;

    ucsdet_setText(detector, bytes, (gint32)MIN(length, GUESS_SAMPLE), &error);
    const UCharsetMatch **matches = ucsdet_detectAll(detector, &count, &error);
    if (U_FAILURE(error))
        count = 0;
    for (gint32 i = 0; i < count && i < 4; i++) {
        char buffer[PD_CHARSET_NAME];
        error = U_ZERO_ERROR;
        const char *name = pd_charset_meant_by(ucsdet_getName(matches[i], &error), buffer);
        int confidence = ucsdet_getConfidence(matches[i], &error);
        if (name != NULL && !pd_charset_is_wide(name))
            consider(best, name, confidence / 2 + (g_strcmp0(name, prior) == 0 ? PRIOR_BONUS : 0),
                     bytes, length);
    }
    ucsdet_close(detector);
    if (prior != NULL)
        consider(best, prior, PRIOR_BONUS, bytes, length);
    for (gsize i = 0; i < G_N_ELEMENTS(usual); i++)
        consider(best, usual[i], i == 0 ? 2 : 0, bytes, length);
}

const char *pd_charset_guess(const char *bytes, gsize length, const char *prior)
{
    char buffer[PD_CHARSET_NAME];
    Guess best = {0};

    consider_all(&best, bytes, length, pd_charset_meant_by(prior, buffer));
    return best.charset != NULL ? best.charset : "CP1252";
}
