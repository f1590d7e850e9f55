/* setting_types.c: what each type of setting accepts, and what it says otherwise.
 *
 * A value that may be a secret is never repeated in a complaint.
 */
#include "settings.h"

#include "postdesk/clock.h"
#include "postdesk/files.h"
#include "postdesk/text.h"
#include <string.h>

#define LONGEST_NAME 32
#define LONGEST_TEXT 1000
#define LONGEST_SHOWN 64

typedef char *(*ParseText)(const PdSetting *setting, const char *text, const char *folder,
                           gpointer field);

static gboolean holds_only(const char *text, const char *besides)
{
    for (; *text != '\0'; text++) {
        if (!g_ascii_isalnum(*text) && strchr(besides, *text) == NULL)
            return FALSE;
    }
    return TRUE;
}

static char *wrong(const PdSetting *setting, const char *text, const char *right)
{
    g_autofree char *shown = pd_text_shorten(text, LONGEST_SHOWN);

    return g_strdup_printf("%s '%s' is %s", setting->key, shown, right);
}

static void set_text(gpointer field, const char *text)
{
    char **slot = field;

    g_free(*slot);
    *slot = g_strdup(text);
}

static char *parse_text(const PdSetting *setting, const char *text, const char *folder,
                        gpointer field)
{
    (void)folder;
    if (*text == '\0')
        return g_strdup_printf("%s is empty; give it a text", setting->key);
    if (!pd_text_is_one_line(text))
        return g_strdup_printf("%s holds a line end or another control character; remove it",
                               setting->key);
    if (strlen(text) > LONGEST_TEXT)
        return g_strdup_printf("%s is too long; %d bytes at most", setting->key, LONGEST_TEXT);
    set_text(field, text);
    return NULL;
}

static char *parse_name(const PdSetting *setting, const char *text, const char *folder,
                        gpointer field)
{
    if (*text != '\0' && (strlen(text) > LONGEST_NAME || !holds_only(text, "_-")))
        return wrong(setting, text, "no name; up to 32 of A-Z, a-z, 0-9, '_' and '-'");
    return parse_text(setting, text, folder, field);
}

static char *parse_host(const PdSetting *setting, const char *text, const char *folder,
                        gpointer field)
{
    if (strlen(text) > 253 || !holds_only(text, ".-_:"))
        return wrong(setting, text, "no host; write a name such as mail.example.org or an address");
    return parse_text(setting, text, folder, field);
}

static char *parse_address(const PdSetting *setting, const char *text, const char *folder,
                           gpointer field)
{
    if (!pd_text_is_address(text))
        return wrong(setting, text, "no mail address; write it as name@example.org");
    return parse_text(setting, text, folder, field);
}

static char *parse_mailed(const PdSetting *setting, const char *text, const char *folder,
                          gpointer field)
{
    g_autofree char *mistake = pd_text_address_mistake(text);

    return mistake != NULL ? wrong(setting, text, mistake)
                           : parse_text(setting, text, folder, field);
}

static char *parse_path(const PdSetting *setting, const char *text, const char *folder,
                        gpointer field)
{
    char *mistake = parse_text(setting, text, folder, field);

    if (mistake != NULL)
        return mistake;
    g_autofree char *resolved = pd_path_resolve(folder, text);
    set_text(field, resolved);
    return NULL;
}

static char *parse_charset(const PdSetting *setting, const char *text, const char *folder,
                           gpointer field)
{
    if (!holds_only(text, ".-_:"))
        return wrong(setting, text, "no character set; write its name, such as GB18030");
    return parse_text(setting, text, folder, field);
}

static char *parse_language(const PdSetting *setting, const char *text, const char *folder,
                            gpointer field)
{
    static const char *const known[] = {"zh_CN", "en", NULL};

    if (!g_strv_contains(known, text))
        return wrong(setting, text, "no known language; zh_CN or en");
    return parse_text(setting, text, folder, field);
}

static char *parse_priority(const PdSetting *setting, const char *text, const char *folder,
                            gpointer field)
{
    static const char *const known[] = {"P1", "P2", "P3", "P4", NULL};

    if (!g_strv_contains(known, text))
        return wrong(setting, text, "no priority; P1, P2, P3 or P4");
    return parse_text(setting, text, folder, field);
}

static gboolean is_variable(const char *name)
{
    return *name != '\0' && !g_ascii_isdigit(*name) && holds_only(name, "_");
}

static gboolean is_credential(const char *name)
{
    return *name != '\0' && *name != '.' && strlen(name) < 256 && holds_only(name, "._-@");
}

static char *parse_secret(const PdSetting *setting, const char *text, const char *folder,
                          gpointer field)
{
    const char *rest = strchr(text, ':');

    if (rest != NULL && pd_text_is_one_line(text)) {
        rest++;
        if (g_str_has_prefix(text, "file:") && *rest != '\0') {
            g_autofree char *path = pd_path_resolve(folder, rest);
            g_autofree char *reference = g_strconcat("file:", path, NULL);
            set_text(field, reference);
            return NULL;
        }
        if ((g_str_has_prefix(text, "env:") && is_variable(rest)) ||
            (g_str_has_prefix(text, "credential:") && is_credential(rest))) {
            set_text(field, text);
            return NULL;
        }
    }
    return g_strdup_printf("%s is no reference to a secret; write file:PATH, env:NAME or "
                           "credential:NAME, and keep the secret itself out of this file",
                           setting->key);
}

/* The largest unit that leaves no rest. */
static char *format_with_units(gint64 value, const gint64 *factors, const char *letters)
{
    gsize unit = 0;

    while (letters[unit + 1] != '\0' && value % factors[unit] != 0)
        unit++;
    return g_strdup_printf("%" G_GINT64_FORMAT "%c", value / factors[unit], letters[unit]);
}

static char *format_bound(const PdSetting *setting, gint64 value)
{
    static const gint64 durations[] = {PD_DAY, PD_HOUR, PD_MINUTE, (gint64)G_USEC_PER_SEC};
    static const gint64 sizes[] = {1 << 30, 1 << 20, 1 << 10};

    if (setting->type == PD_SETTING_DURATION)
        return format_with_units(value, durations, "dhms");
    if (setting->type == PD_SETTING_SIZE)
        return format_with_units(value, sizes, "GMK");
    return g_strdup_printf("%" G_GINT64_FORMAT, value);
}

static char *format_bounds(const PdSetting *setting)
{
    g_autofree char *least = format_bound(setting, setting->least);
    g_autofree char *most = format_bound(setting, setting->most);

    return g_strdup_printf("%s to %s", least, most);
}

static char *check_bounds(const PdSetting *setting, const char *text, gint64 value)
{
    if (value >= setting->least && value <= setting->most)
        return NULL;
    g_autofree char *bounds = format_bounds(setting);
    return g_strdup_printf("%s %s is out of range; %s", setting->key, text, bounds);
}

static char *parse_count(const PdSetting *setting, const char *text, const char *folder,
                         gpointer field)
{
    gint64 value;
    g_autofree char *bounds = format_bounds(setting);

    (void)folder;
    if (*text == '\0' || strlen(text) > 18 ||
        strspn(text + (*text == '-'), "0123456789") != strlen(text + (*text == '-')))
        return g_strdup_printf("%s is no number; %s", setting->key, bounds);
    value = g_ascii_strtoll(text, NULL, 10);
    char *mistake = check_bounds(setting, text, value);
    if (mistake == NULL)
        *(guint *)field = (guint)value;
    return mistake;
}

static char *parse_duration(const PdSetting *setting, const char *text, const char *folder,
                            gpointer field)
{
    gint64 value;

    (void)folder;
    if (!pd_text_parse_duration(text, &value))
        return wrong(setting, text, "no duration; write it as 60s, 25m, 2h or 3d");
    char *mistake = check_bounds(setting, text, value);
    if (mistake == NULL)
        *(gint64 *)field = value;
    return mistake;
}

static char *parse_size(const PdSetting *setting, const char *text, const char *folder,
                        gpointer field)
{
    guint64 value;

    (void)folder;
    if (!pd_text_parse_size(text, &value))
        return wrong(setting, text, "no size; write it as 500K, 50M or 2G");
    char *mistake = check_bounds(setting, text, (gint64)value);
    if (mistake == NULL)
        *(guint64 *)field = value;
    return mistake;
}

static char *parse_boolean(const PdSetting *setting, const char *text, const char *folder,
                           gpointer field)
{
    (void)folder;
    if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
        return wrong(setting, text, "neither true nor false");
    *(gboolean *)field = strcmp(text, "true") == 0;
    return NULL;
}

static char *parse_hours(const PdSetting *setting, const char *text, const char *folder,
                         gpointer field)
{
    const PdDayHours none = {0, 0};

    (void)folder;
    if (strcmp(text, "none") == 0)
        *(PdDayHours *)field = none;
    else if (!pd_hours_parse(text, field))
        return wrong(setting, text, "no stretch of hours; write 22:00-07:00, or none");
    return NULL;
}

static char **words_of(const PdChoice *choices)
{
    g_autoptr(GStrvBuilder) words = g_strv_builder_new();

    for (; choices->word != NULL; choices++)
        g_strv_builder_add(words, choices->word);
    return g_strv_builder_end(words);
}

static char *parse_choice(const PdSetting *setting, const char *text, const char *folder,
                          gpointer field)
{
    (void)folder;
    for (const PdChoice *choice = setting->choices; choice->word != NULL; choice++) {
        if (strcmp(text, choice->word) == 0) {
            *(guint *)field = choice->value;
            return NULL;
        }
    }
    g_auto(GStrv) words = words_of(setting->choices);
    g_autofree char *all = g_strjoinv(", ", words);
    const char *nearest = pd_nearest_word(text, (const char *const *)words);
    g_autofree char *right = nearest != NULL
                                 ? g_strdup_printf("unknown; did you mean '%s'?", nearest)
                                 : g_strdup_printf("unknown; one of %s", all);
    return wrong(setting, text, right);
}

static gboolean parse_date(const char *text, gint64 *midnight)
{
    static const char shape[] = "dddd-dd-dd";

    if (strlen(text) != strlen(shape))
        return FALSE;
    for (gsize i = 0; i < strlen(shape); i++) {
        if (shape[i] == 'd' ? !g_ascii_isdigit(text[i]) : text[i] != shape[i])
            return FALSE;
    }
    g_autoptr(GDateTime) date = g_date_time_new_utc(
        (gint)g_ascii_strtoll(text, NULL, 10), (gint)g_ascii_strtoll(text + 5, NULL, 10),
        (gint)g_ascii_strtoll(text + 8, NULL, 10), 0, 0, 0);
    if (date == NULL)
        return FALSE;
    *midnight = g_date_time_to_unix(date) * G_USEC_PER_SEC;
    return TRUE;
}

static char *parse_start(const PdSetting *setting, const char *text, const char *folder,
                         gpointer field)
{
    PdMailbox *mailbox = field;

    (void)folder;
    if (strcmp(text, "now") == 0)
        mailbox->start = PD_START_NOW;
    else if (strcmp(text, "all") == 0)
        mailbox->start = PD_START_ALL;
    else if (parse_date(text, &mailbox->start_date))
        mailbox->start = PD_START_DATE;
    else
        return wrong(setting, text, "neither now nor all nor a date such as 2026-01-31");
    return NULL;
}

/* By type; the word for people stands beside. */
static const struct {
    ParseText parse;
    const char *word;
} types[] = {
    [PD_SETTING_TEXT] = {parse_text, "text"},
    [PD_SETTING_NAME] = {parse_name, "name"},
    [PD_SETTING_HOST] = {parse_host, "host"},
    [PD_SETTING_ADDRESS] = {parse_address, "mail address"},
    [PD_SETTING_MAILED] = {parse_mailed, "mail address"},
    [PD_SETTING_PATH] = {parse_path, "path"},
    [PD_SETTING_CHARSET] = {parse_charset, "character set"},
    [PD_SETTING_LANGUAGE] = {parse_language, "language"},
    [PD_SETTING_PRIORITY] = {parse_priority, "P1 | P2 | P3 | P4"},
    [PD_SETTING_SECRET] = {parse_secret, "file:PATH | env:NAME | credential:NAME"},
    [PD_SETTING_PORT] = {parse_count, "port"},
    [PD_SETTING_COUNT] = {parse_count, "count"},
    [PD_SETTING_DURATION] = {parse_duration, "duration"},
    [PD_SETTING_SIZE] = {parse_size, "size"},
    [PD_SETTING_BOOLEAN] = {parse_boolean, "true | false"},
    [PD_SETTING_HOURS] = {parse_hours, "HH:MM-HH:MM | none"},
    [PD_SETTING_CHOICE] = {parse_choice, NULL},
    [PD_SETTING_START] = {parse_start, "now | all | YYYY-MM-DD"},
};

char *pd_setting_parse(const PdSetting *setting, const char *text, const char *folder,
                       gpointer field)
{
    return types[setting->type].parse(setting, text, folder, field);
}

gboolean pd_setting_is_text(const PdSetting *setting)
{
    return setting->type <= PD_SETTING_SECRET;
}

char *pd_setting_describe_type(const PdSetting *setting)
{
    if (setting->choices != NULL) {
        g_auto(GStrv) words = words_of(setting->choices);
        return g_strjoinv(" | ", words);
    }
    const char *word = types[setting->type].word;
    if (setting->is_list)
        return g_strconcat(PD_SETTING_LIST_OF, word, NULL);
    if (setting->most == 0)
        return g_strdup(word);
    g_autofree char *bounds = format_bounds(setting);
    return g_strdup_printf("%s, %s", word, bounds);
}
