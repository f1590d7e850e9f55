/* sinkstream.h: a stream of the MIME library whose bytes go to a function. */
#ifndef POSTDESK_MAIL_SINKSTREAM_H
#define POSTDESK_MAIL_SINKSTREAM_H

#include "part.h"

/* Whatever is written to it is handed to sink at once: nothing is kept. Caller unrefs. */
GMimeStream *pd_sink_stream_new(PdPartSink sink, gpointer user);

#endif
