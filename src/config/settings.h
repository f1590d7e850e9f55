/* settings.h: the table that drives the reading of postdesk.yaml.
 *
 * A section is a map of the file (or each map of a list, "mailboxes[]") and fills
 * one record. Its rows come from one or two tables: what mailboxes and relays
 * have in common is told once.
 */
#ifndef PD_CONFIG_SETTINGS_H
#define PD_CONFIG_SETTINGS_H

#include "postdesk/config.h"
#include "postdesk/yaml.h"

typedef enum {
    PD_SETTING_TEXT,     /* char *: one line, not empty */
    PD_SETTING_NAME,     /* char *: [A-Za-z0-9_-]{1,32} */
    PD_SETTING_HOST,     /* char * */
    PD_SETTING_ADDRESS,  /* char *; one that mail may come from */
    PD_SETTING_MAILED,   /* char *; an address that the desk mails, or mails from */
    PD_SETTING_PATH,     /* char *: made absolute */
    PD_SETTING_CHARSET,  /* char * */
    PD_SETTING_LANGUAGE, /* char * */
    PD_SETTING_PRIORITY, /* char *: P1 to P4 */
    PD_SETTING_SECRET,   /* char *: reference, its path made absolute; the last of the texts */
    PD_SETTING_PORT,     /* guint */
    PD_SETTING_COUNT,    /* guint */
    PD_SETTING_DURATION, /* gint64 */
    PD_SETTING_SIZE,     /* guint64 */
    PD_SETTING_BOOLEAN,  /* gboolean */
    PD_SETTING_HOURS,    /* PdDayHours */
    PD_SETTING_CHOICE,   /* an enum */
    PD_SETTING_START,    /* PdMailbox: start and start_date; offset is 0 */
} PdSettingType;

typedef struct {
    const char *word;
    guint value;
} PdChoice;

typedef struct {
    const char *key;
    PdSettingType type;
    gboolean is_list;        /* char **: NULL-terminated, of a type kept as char * */
    gboolean is_argv;        /* a list whose items may repeat; NULL if absent, never empty */
    gboolean required;       /* in the file; a list: not empty */
    gsize offset;            /* of the field in the record */
    const char *fallback;    /* as it would be written; a list: items between blanks */
    const char *derived;     /* for people: where the default comes from if not from here */
    gint64 least, most;      /* of counts, ports, durations, sizes */
    const PdChoice *choices; /* ends with a NULL word */
    const char *help;        /* one line */
} PdSetting;

typedef struct {
    const PdSetting *rows;
    gsize count;
    gsize base; /* of what the rows fill, in the section's record */
} PdSettingRows;

typedef struct {
    const char *path; /* "", "desk", "mailboxes[]" */
    PdSettingRows rows[2];
} PdSection;

extern const PdSection pd_section_root, pd_section_desk, pd_section_mailbox, pd_section_relay,
    pd_section_answers, pd_section_limits;

/* What all readers of one file share. */
typedef struct {
    const PdYaml *yaml;
    PdDiagnostics *list;
    const char *folder; /* relative paths start here */
} PdReading;

/* Fills the record from the map, or from the defaults where the map (or NULL) has
 * none. Every mistake is told. extra: NULL-terminated keys beside the section's. */
void pd_section_read(const PdReading *reading, const PdSection *section, const PdYamlNode *map,
                     const char *const *extra, gpointer record);
void pd_section_clear(const PdSection *section, gpointer record); /* frees what it points to */

/* One value of a scalar type into its field. NULL, or what is wrong; caller frees. */
char *pd_setting_parse(const PdSetting *setting, const char *text, const char *folder,
                       gpointer field);
/* "duration, 1s to 1h", of a list "list of text": caller frees. */
#define PD_SETTING_LIST_OF "list of "
char *pd_setting_describe_type(const PdSetting *setting);
gboolean pd_setting_is_text(const PdSetting *setting); /* kept as char * */

/* What no single setting shows: which belong together and which exclude each other. */
void pd_settings_check_mailbox(const PdReading *reading, const PdYamlNode *map, PdMailbox *mailbox);
void pd_settings_check_relay(const PdReading *reading, const PdYamlNode *map, PdRelayConfig *relay);
/* list: the node that the mailboxes were read from, one from each of its items. */
void pd_settings_check_folders(const PdReading *reading, const PdYamlNode *list,
                               const GPtrArray *mailboxes);

#endif
