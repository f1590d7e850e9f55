/* peer.h: a server that plays a script, in a process of its own on loopback. */
#ifndef POSTDESK_TESTS_PEER_H
#define POSTDESK_TESTS_PEER_H

#include "postdesk/config.h"
#include <glib.h>

typedef enum {
    PEER_END,    /* of the script: closes */
    PEER_SAY,    /* a line */
    PEER_RAW,    /* bytes as they are */
    PEER_ANSWER, /* a line behind the tag that was heard last (IMAP) */
    PEER_HEAR,   /* a line that contains the text */
    PEER_HANGUP, /* the client must say nothing more and close */
    PEER_FLOOD,  /* the text again and again until the client closes */
    PEER_DRIP,   /* the text, a byte every few milliseconds */
    PEER_RESET,  /* the connection is broken off */
    PEER_SILENT, /* until the client closes */
    PEER_TLS,    /* shakes hands as server; the text: SNI that must have come, or NULL */
} PeerKind;

typedef struct {
    PeerKind kind;
    const char *text;
} PeerStep;

#define SAY(text)                                                                                  \
    {                                                                                              \
        PEER_SAY, text                                                                             \
    }
#define RAW(text)                                                                                  \
    {                                                                                              \
        PEER_RAW, text                                                                             \
    }
#define ANSWER(text)                                                                               \
    {                                                                                              \
        PEER_ANSWER, text                                                                          \
    }
#define HEAR(text)                                                                                 \
    {                                                                                              \
        PEER_HEAR, text                                                                            \
    }
#define HANGUP                                                                                     \
    {                                                                                              \
        PEER_HANGUP, NULL                                                                          \
    }
#define FLOOD(text)                                                                                \
    {                                                                                              \
        PEER_FLOOD, text                                                                           \
    }
#define DRIP(text)                                                                                 \
    {                                                                                              \
        PEER_DRIP, text                                                                            \
    }
#define RESET                                                                                      \
    {                                                                                              \
        PEER_RESET, NULL                                                                           \
    }
#define SILENT                                                                                     \
    {                                                                                              \
        PEER_SILENT, NULL                                                                          \
    }
#define TLS(name)                                                                                  \
    {                                                                                              \
        PEER_TLS, name                                                                             \
    }
#define END                                                                                        \
    {                                                                                              \
        PEER_END, NULL                                                                             \
    }

/* A certificate for a name or IP address of these many days, with its key, in one PEM file of
 * the name (in a folder that is removed at exit). */
const char *peer_certificate(const char *for_name, int days);

/* Starts playing; the address goes into the server's settings. certificate: for PEER_TLS. */
void peer_start(const PeerStep *script, const char *certificate, PdServer *server);
/* The script must have been followed to its end. */
void peer_finish(void);

#endif
