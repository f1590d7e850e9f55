/* quoted_label.c: see quoted_label.h. */
#include "quoted_label.h"

#include "postdesk/text.h"

#define MOST_LABEL 47 /* bytes */

/* Lower case, without spaces. */
static const struct {
    const char *name;
    PdLabel label;
} labels[] = {
    {"from", PD_LABEL_FROM},
    {"发件人", PD_LABEL_FROM},
    {"寄件者", PD_LABEL_FROM},
    {"寄件人", PD_LABEL_FROM},
    {"差出人", PD_LABEL_FROM},
    {"von", PD_LABEL_FROM},
    {"de", PD_LABEL_FROM},
    {"da", PD_LABEL_FROM},
    {"van", PD_LABEL_FROM},
    {"från", PD_LABEL_FROM},
    {"fra", PD_LABEL_FROM},
    {"от", PD_LABEL_FROM},
    {"від", PD_LABEL_FROM},
    {"od", PD_LABEL_FROM},
    {"lähettäjä", PD_LABEL_FROM},
    {"보낸사람", PD_LABEL_FROM},
    {"发送人", PD_LABEL_FROM},
    {"expéditeur", PD_LABEL_FROM},
    {"absender", PD_LABEL_FROM},
    {"remitente", PD_LABEL_FROM},
    {"feladó", PD_LABEL_FROM},
    {"odesílatel", PD_LABEL_FROM},
    {"odosielateľ", PD_LABEL_FROM},
    {"kimden", PD_LABEL_FROM},
    {"gönderen", PD_LABEL_FROM},
    {"dela", PD_LABEL_FROM},
    {"από", PD_LABEL_FROM},
    {"šalje", PD_LABEL_FROM},
    {"pošiljatelj", PD_LABEL_FROM},
    {"từ", PD_LABEL_FROM},
    {"จาก", PD_LABEL_FROM},
    {"من", PD_LABEL_FROM},
    {"מאת", PD_LABEL_FROM},
    {"보낸이", PD_LABEL_FROM},
    {"sent", PD_LABEL_DATE},
    {"date", PD_LABEL_DATE},
    {"发送时间", PD_LABEL_DATE},
    {"日期", PD_LABEL_DATE},
    {"寄件日期", PD_LABEL_DATE},
    {"傳送時間", PD_LABEL_DATE},
    {"送信日時", PD_LABEL_DATE},
    {"日時", PD_LABEL_DATE},
    {"日付", PD_LABEL_DATE},
    {"gesendet", PD_LABEL_DATE},
    {"datum", PD_LABEL_DATE},
    {"envoyé", PD_LABEL_DATE},
    {"envoyéle", PD_LABEL_DATE},
    {"enviado", PD_LABEL_DATE},
    {"enviadoel", PD_LABEL_DATE},
    {"fecha", PD_LABEL_DATE},
    {"data", PD_LABEL_DATE},
    {"inviato", PD_LABEL_DATE},
    {"verzonden", PD_LABEL_DATE},
    {"skickat", PD_LABEL_DATE},
    {"sendt", PD_LABEL_DATE},
    {"dato", PD_LABEL_DATE},
    {"отправлено", PD_LABEL_DATE},
    {"дата", PD_LABEL_DATE},
    {"wysłano", PD_LABEL_DATE},
    {"datesent", PD_LABEL_DATE},
    {"时间", PD_LABEL_DATE},
    {"发件时间", PD_LABEL_DATE},
    {"发件日期", PD_LABEL_DATE},
    {"发送日期", PD_LABEL_DATE},
    {"보낸날짜", PD_LABEL_DATE},
    {"elküldve", PD_LABEL_DATE},
    {"odesláno", PD_LABEL_DATE},
    {"odoslané", PD_LABEL_DATE},
    {"dátum", PD_LABEL_DATE},
    {"gönderildi", PD_LABEL_DATE},
    {"tarih", PD_LABEL_DATE},
    {"trimis", PD_LABEL_DATE},
    {"dată", PD_LABEL_DATE},
    {"εστάλη", PD_LABEL_DATE},
    {"στάλθηκε", PD_LABEL_DATE},
    {"ημερομηνία", PD_LABEL_DATE},
    {"lähetetty", PD_LABEL_DATE},
    {"надіслано", PD_LABEL_DATE},
    {"изпратено", PD_LABEL_DATE},
    {"poslano", PD_LABEL_DATE},
    {"poslato", PD_LABEL_DATE},
    {"enviada", PD_LABEL_DATE},
    {"enviadaem", PD_LABEL_DATE},
    {"đãgửi", PD_LABEL_DATE},
    {"ngày", PD_LABEL_DATE},
    {"ส่งเมื่อ", PD_LABEL_DATE},
    {"วันที่", PD_LABEL_DATE},
    {"تاريخالإرسال", PD_LABEL_DATE},
    {"التاريخ", PD_LABEL_DATE},
    {"נשלח", PD_LABEL_DATE},
    {"תאריך", PD_LABEL_DATE},
    {"to", PD_LABEL_TO},
    {"收件人", PD_LABEL_TO},
    {"收件者", PD_LABEL_TO},
    {"宛先", PD_LABEL_TO},
    {"an", PD_LABEL_TO},
    {"à", PD_LABEL_TO},
    {"a", PD_LABEL_TO},
    {"para", PD_LABEL_TO},
    {"aan", PD_LABEL_TO},
    {"till", PD_LABEL_TO},
    {"til", PD_LABEL_TO},
    {"кому", PD_LABEL_TO},
    {"do", PD_LABEL_TO},
    {"받는사람", PD_LABEL_TO},
    {"destinataire", PD_LABEL_TO},
    {"címzett", PD_LABEL_TO},
    {"komu", PD_LABEL_TO},
    {"kime", PD_LABEL_TO},
    {"alıcı", PD_LABEL_TO},
    {"către", PD_LABEL_TO},
    {"προς", PD_LABEL_TO},
    {"vastaanottaja", PD_LABEL_TO},
    {"prima", PD_LABEL_TO},
    {"đến", PD_LABEL_TO},
    {"ถึง", PD_LABEL_TO},
    {"إلى", PD_LABEL_TO},
    {"אל", PD_LABEL_TO},
    {"до", PD_LABEL_TO},
    {"subject", PD_LABEL_SUBJECT},
    {"主题", PD_LABEL_SUBJECT},
    {"主旨", PD_LABEL_SUBJECT},
    {"主題", PD_LABEL_SUBJECT},
    {"件名", PD_LABEL_SUBJECT},
    {"betreff", PD_LABEL_SUBJECT},
    {"objet", PD_LABEL_SUBJECT},
    {"asunto", PD_LABEL_SUBJECT},
    {"assunto", PD_LABEL_SUBJECT},
    {"oggetto", PD_LABEL_SUBJECT},
    {"onderwerp", PD_LABEL_SUBJECT},
    {"ämne", PD_LABEL_SUBJECT},
    {"emne", PD_LABEL_SUBJECT},
    {"тема", PD_LABEL_SUBJECT},
    {"temat", PD_LABEL_SUBJECT},
    {"thema", PD_LABEL_SUBJECT},
    {"标题", PD_LABEL_SUBJECT},
    {"제목", PD_LABEL_SUBJECT},
    {"tárgy", PD_LABEL_SUBJECT},
    {"předmět", PD_LABEL_SUBJECT},
    {"predmet", PD_LABEL_SUBJECT},
    {"konu", PD_LABEL_SUBJECT},
    {"subiect", PD_LABEL_SUBJECT},
    {"θέμα", PD_LABEL_SUBJECT},
    {"aihe", PD_LABEL_SUBJECT},
    {"относно", PD_LABEL_SUBJECT},
    {"chủđề", PD_LABEL_SUBJECT},
    {"เรื่อง", PD_LABEL_SUBJECT},
    {"الموضوع", PD_LABEL_SUBJECT},
    {"נושא", PD_LABEL_SUBJECT},
    {"re", PD_LABEL_SUBJECT},
    {"sub", PD_LABEL_SUBJECT},
    {"cc", PD_LABEL_OTHER},
    {"抄送", PD_LABEL_OTHER},
    {"抄送人", PD_LABEL_OTHER},
    {"抄送至", PD_LABEL_OTHER},
    {"密送", PD_LABEL_OTHER},
    {"副本", PD_LABEL_OTHER},
    {"kopie", PD_LABEL_OTHER},
    {"bcc", PD_LABEL_OTHER},
    {"reply-to", PD_LABEL_OTHER},
    {"replyto", PD_LABEL_OTHER},
    {"importance", PD_LABEL_OTHER},
    {"附件", PD_LABEL_OTHER},
    {"attachments", PD_LABEL_OTHER},
    {"risposta", PD_LABEL_OTHER},
    {"优先级", PD_LABEL_OTHER},
    {"organization", PD_LABEL_OTHER},
    {"cci", PD_LABEL_OTHER},
    {"重要性", PD_LABEL_OTHER},
    {"kopia", PD_LABEL_OTHER},
    {"копия", PD_LABEL_OTHER},
    {"message-id", PD_LABEL_OTHER},
    {"newsgroups", PD_LABEL_OTHER},
};

const char *pd_label_end(const PdLine *line)
{
    gsize length = MIN(line->length, MOST_LABEL);
    const char *colon = memchr(line->text, ':', length);
    const char *wide = pd_text_find(line->text, length, "：");

    return colon == NULL || (wide != NULL && wide < colon) ? wide : colon;
}

static PdLabel find_lower(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(labels); i++) {
        if (*labels[i].name == *name && strcmp(labels[i].name, name) == 0)
            return labels[i].label;
    }
    return PD_LABEL_NONE;
}

/* "Тема", "ÄMNE": whatever its case. At most MOST_LABEL bytes. */
static PdLabel find_label(const char *name, gsize length)
{
    char lower[2 * MOST_LABEL + 7]; /* a letter's other case may be longer */
    gsize used = 0;

    if (!g_utf8_validate(name, (gssize)length, NULL))
        return PD_LABEL_NONE;
    for (const char *at = name; at < name + length; at = g_utf8_next_char(at))
        used += (gsize)g_unichar_to_utf8(g_unichar_tolower(g_utf8_get_char(at)), lower + used);
    lower[used] = '\0';
    return find_lower(lower);
}

/* Bytes of what stands within a label for its looks: 0 if it is a part of it. */
static gsize ornament_length(const char *at, const char *end)
{
    if (strchr(" *\t|", *at) != NULL)
        return 1;
    if (end - at >= 2 && memcmp(at, "\xc2\xa0", 2) == 0)
        return 2;
    return end - at >= 3 && memcmp(at, "\xe3\x80\x80", 3) == 0 ? 3 : 0; /* as wide as a character */
}

PdLabel pd_label_of(const PdLine *line)
{
    char name[MOST_LABEL];
    gsize used = 0;
    const char *end = pd_label_end(line);

    if (end == NULL)
        return PD_LABEL_NONE;
    for (const char *at = line->text; at < end;) {
        gsize ornament = ornament_length(at, end);
        if (ornament == 0)
            name[used++] = *at++;
        at += ornament;
    }
    return find_label(name, used);
}

PdLabel pd_label_bare(const PdLine *line)
{
    const char *space = memchr(line->text, ' ', MIN(line->length, MOST_LABEL));

    return space == NULL ? PD_LABEL_NONE : find_label(line->text, (gsize)(space - line->text));
}

PdLabel pd_label_alone(const PdLine *line)
{
    if (line->length == 0 || line->length > MOST_LABEL)
        return PD_LABEL_NONE;
    return find_label(line->text, line->length);
}
