/* opaque.c: see opaque.h. Outlook signs so unless it is told to send clear text. */
#include "opaque.h"

#include "cms.h"
#include "embedded.h"
#include "part.h"
#include "postdesk/limits.h"

GMimeMessage *pd_opaque_open(PdReading *reading, GMimeObject *part)
{
    gboolean cut;

    if (reading->embedded >= PD_EMBEDDED_DEPTH ||
        !(pd_part_is(part, "application", "pkcs7-mime") ||
          pd_part_is(part, "application", "x-pkcs7-mime")))
        return NULL;
    g_autoptr(GByteArray) bytes = pd_part_bytes(GMIME_PART(part), PD_LIMIT_EMBEDDED_BYTES, &cut);
    g_autoptr(GByteArray) content =
        cut || bytes->len == 0 ? NULL : pd_cms_content(bytes->data, bytes->len);
    return content != NULL && content->len > 0 ? pd_embedded_parse(content) : NULL;
}
