/* memory.h: who allocates.
 *
 * The program is linked with mimalloc where configure finds it, and then malloc() of every library
 * is mimalloc's. The reference to it here also keeps a linker from leaving out a library that
 * nobody names (--as-needed, which Debian's compiler asks for).
 */
#ifndef POSTDESK_MEMORY_H
#define POSTDESK_MEMORY_H

/* Whose memory malloc() gives in this process, as it is found and not as it was configured:
 * "mimalloc" or "the system's". Static, ASCII. */
const char *pd_memory_allocator(void);

#endif
