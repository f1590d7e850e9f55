/* filetype.c: a table of the beginnings by which files are known.
 *
 * Formats that share a container (office files are ZIP archives, or OLE compounds) are one
 * row: what matters is that a program, a page or an archive does not pass for a document. What is
 * in no row is not judged.
 */
#include "filetype.h"

#include <string.h>
#include <strings.h>

typedef struct {
    const char *type;
    gsize offset;
    const char *magic;
    gsize length;
    const char *names; /* endings of names that such a file may have */
    const char *types; /* beginnings of types that may be declared for it */
} Kind;

#define MAGIC(bytes) 0, bytes, sizeof(bytes) - 1
#define MAGIC_AT(offset, bytes) offset, bytes, sizeof(bytes) - 1
#define OFFICE                                                                                     \
    " doc docx docm dot dotx xls xlsx xlsm xlsb xlt xltx ppt pptx pptm pps ppsx vsd vsdx "
#define OFFICE_TYPES                                                                               \
    " application/msword application/vnd.ms- application/vnd.openxmlformats- application/msexcel " \
    "application/excel application/x-msexcel application/mspowerpoint application/powerpoint "     \
    "application/vnd.visio application/kswps application/wps-office "

static const Kind kinds[] = {
    {"application/pdf", MAGIC("%PDF-"), " pdf ai ", " application/pdf application/x-pdf "},
    {"image/png", MAGIC("\x89PNG\r\n\x1a\n"), " png apng ", " image/png image/x-png image/apng "},
    {"image/jpeg", MAGIC("\xff\xd8\xff"), " jpg jpeg jpe jfif ",
     " image/jpeg image/jpg image/pjpeg image/jfif "},
    {"image/gif", MAGIC("GIF8"), " gif ", " image/gif "},
    {"image/tiff", MAGIC("II*\0"), " tif tiff dng nef cr2 ", " image/tif image/x- "},
    {"image/tiff", MAGIC("MM\0*"), " tif tiff dng nef ", " image/tif image/x- "},
    {"image/webp", MAGIC_AT(8, "WEBP"), " webp ", " image/webp "},
    {"image/bmp", MAGIC_AT(6, "\0\0\0\0"), " bmp dib ", " image/bmp image/x- "},
    {"application/zip", MAGIC("PK\3\4"),
     OFFICE "zip odt ods odp odg jar war apk epub kmz xps oxps ofd wps et dps nupkg whl 3mf xpi ",
     OFFICE_TYPES "application/zip application/x-zip application/vnd.oasis. application/java "
                  "application/x-java application/epub application/ofd application/x-ofd "
                  "application/vnd.android application/vnd.google application/oxps multipart/x-zip "
                  "application/x-compressed "},
    {"application/x-ole-storage", MAGIC("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
     OFFICE "msg msi mpp pub wps et dps db ",
     OFFICE_TYPES "application/x-ole application/x-msi application/msoutlook application/x-msg "},
    {"text/rtf", MAGIC("{\\rtf"), " rtf doc ", " text/rtf application/rtf application/msword "},
    {"application/gzip", MAGIC("\x1f\x8b\x08"), " gz tgz svgz emz wmz z ",
     " application/gzip application/x-gzip application/x-tgz application/x-compress "
     "application/x-tar application/tar "},
    {"application/vnd.rar", MAGIC("Rar!\x1a\x07"), " rar cbr ",
     " application/vnd.rar application/x-rar application/rar application/x-compressed "},
    {"application/x-7z-compressed", MAGIC("7z\xbc\xaf\x27\x1c"), " 7z ",
     " application/x-7z application/x-compressed "},
    {"application/x-bzip2", MAGIC("BZh"), " bz2 tbz tbz2 ",
     " application/x-bzip application/bzip "},
    {"application/x-xz",
     MAGIC("\xfd"
           "7zXZ\0"),
     " xz txz ", " application/x-xz application/xz "},
    {"application/vnd.ms-cab-compressed", MAGIC("MSCF"), " cab msu ",
     " application/vnd.ms-cab application/x-cab "},
    {"application/x-dosexec", MAGIC("MZ"), " exe dll scr com sys ocx cpl ",
     " application/x-dosexec application/x-msdos application/x-msdownload application/x-exe "
     "application/exe application/vnd.microsoft.portable application/x-ms-dos "},
    {"application/x-executable",
     MAGIC("\x7f"
           "ELF"),
     " so o bin elf ", " application/x-executable application/x-elf application/x-sharedlib "},
    {"application/x-ms-shortcut", MAGIC("L\0\0\0\1\x14\2\0"), " lnk ",
     " application/x-ms-shortcut "},
    {"application/java-vm", MAGIC("\xca\xfe\xba\xbe"), " class ", " application/java "},
    {"application/postscript", MAGIC("%!PS"), " ps eps ai ", " application/postscript "},
    {"application/ms-tnef", MAGIC("\x78\x9f\x3e\x22"), " dat tnef ",
     " application/ms-tnef application/vnd.ms-tnef "},
    {"video/mp4", MAGIC_AT(4, "ftyp"), " mp4 m4a m4v mov 3gp heic heif avif qt ",
     " video/ audio/ image/heic image/heif image/avif application/mp4 "},
    {"audio/mpeg", MAGIC("ID3"), " mp3 mpga ", " audio/ "},
    {"application/ogg", MAGIC("OggS"), " ogg oga ogv opus spx ", " audio/ video/ application/ogg "},
    {"audio/wav", MAGIC_AT(8, "WAVE"), " wav ", " audio/ "},
    {"video/x-msvideo", MAGIC_AT(8, "AVI "), " avi ", " video/ "},
    {"text/html", 0, NULL, 0, " html htm xhtml shtml xht hta mht ",
     " text/html application/xhtml text/x-html "},
};

/* Markup has no fixed beginning: white space and a mark of byte order may come first. */
static gboolean is_html(const guint8 *head, gsize length)
{
    static const char *const tags[] = {"<!doctype html", "<html"};
    gsize at = length >= 3 && memcmp(head, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

    while (at < length && g_ascii_isspace(head[at]))
        at++;
    for (gsize i = 0; i < G_N_ELEMENTS(tags); i++) {
        gsize tag = strlen(tags[i]);
        if (length - at > tag && strncasecmp((const char *)head + at, tags[i], tag) == 0)
            return TRUE;
    }
    return FALSE;
}

/* Two letters may begin any text: programs and bitmaps have zeros behind theirs. */
static gboolean fits_further(const Kind *kind, const guint8 *head, gsize length)
{
    if (strcmp(kind->type, "application/x-dosexec") == 0)
        return length >= 64 && memchr(head, 0, 64) != NULL;
    if (strcmp(kind->type, "image/bmp") == 0)
        return memcmp(head, "BM", 2) == 0;
    if (kind->offset == 8)
        return memcmp(head, "RIFF", 4) == 0;
    return TRUE;
}

static gboolean fits(const Kind *kind, const guint8 *head, gsize length)
{
    if (kind->magic == NULL)
        return is_html(head, length);
    return length >= kind->offset + kind->length &&
           memcmp(head + kind->offset, kind->magic, kind->length) == 0 &&
           fits_further(kind, head, length);
}

const char *pd_filetype_of(const guint8 *head, gsize length)
{
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (fits(&kinds[i], head, length))
            return kinds[i].type;
    }
    return NULL;
}

/* " word " in a list that has spaces around each. */
static gboolean lists_name(const char *names, const char *suffix)
{
    g_autofree char *word = g_strconcat(" ", suffix, " ", NULL);

    return strstr(names, word) != NULL;
}

/* One of the list's words begins the type. */
static gboolean lists_type(const char *types, const char *declared)
{
    for (const char *word = types; *(word += strspn(word, " ")) != '\0';) {
        gsize length = strcspn(word, " ");
        if (strncmp(declared, word, length) == 0)
            return TRUE;
        word += length;
    }
    return FALSE;
}

/* Types that programs give to any file. */
static gboolean says_nothing(const char *declared)
{
    static const char *const generic[] = {"application/octet-stream",
                                          "application/octetstream",
                                          "application/octet",
                                          "application/unknown",
                                          "application/x-unknown",
                                          "application/binary",
                                          "binary/octet-stream",
                                          "application/download",
                                          "application/x-download",
                                          "application/force-download",
                                          "application/x-application",
                                          "application/applefile",
                                          NULL};

    return g_strv_contains(generic, declared);
}

static gboolean name_is_known(const char *suffix)
{
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (lists_name(kinds[i].names, suffix))
            return TRUE;
    }
    return lists_name(" txt csv log xml json ics vcf eml ", suffix);
}

gboolean pd_filetype_differs(const char *found, const char *declared, const char *name)
{
    const char *dot = strrchr(name, '.');
    g_autofree char *suffix = g_ascii_strdown(dot != NULL ? dot + 1 : "", -1);
    gboolean type_fits = says_nothing(declared), name_fits = !name_is_known(suffix);

    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (strcmp(kinds[i].type, found) != 0)
            continue;
        type_fits = type_fits || lists_type(kinds[i].types, declared);
        name_fits = name_fits || lists_name(kinds[i].names, suffix);
    }
    return !type_fits || !name_fits;
}
