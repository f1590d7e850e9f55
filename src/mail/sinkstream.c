/* sinkstream.c: see sinkstream.h. The library writes parts to streams only; this one keeps a
 * forwarded message of any size out of memory while it is hashed and written to a file. */
#include "sinkstream.h"

typedef struct {
    GMimeStream parent;
    PdPartSink sink;
    gpointer user;
} PdSinkStream;

typedef struct {
    GMimeStreamClass parent;
} PdSinkStreamClass;

GType pd_sink_stream_get_type(void);
G_DEFINE_TYPE(PdSinkStream, pd_sink_stream, GMIME_TYPE_STREAM)

static ssize_t take(GMimeStream *stream, const char *bytes, size_t length)
{
    PdSinkStream *own = (PdSinkStream *)stream;

    if (!own->sink(bytes, length, own->user))
        return -1;
    stream->position += (gint64)length;
    return (ssize_t)length;
}

static int succeed(GMimeStream *stream)
{
    (void)stream;
    return 0;
}

static void pd_sink_stream_class_init(PdSinkStreamClass *class)
{
    GMimeStreamClass *stream = GMIME_STREAM_CLASS(class);

    stream->write = take;
    stream->flush = succeed;
    stream->close = succeed;
}

static void pd_sink_stream_init(PdSinkStream *stream)
{
    stream->sink = NULL;
}

GMimeStream *pd_sink_stream_new(PdPartSink sink, gpointer user)
{
    PdSinkStream *own = g_object_new(pd_sink_stream_get_type(), NULL);

    own->sink = sink;
    own->user = user;
    g_mime_stream_construct(GMIME_STREAM(own), 0, -1);
    return GMIME_STREAM(own);
}
