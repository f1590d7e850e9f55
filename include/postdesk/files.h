/* files.h: files that must be there after a crash, and locks.
 *
 * Paths are in the file system's encoding. Failures spoil the store
 * (PD_SPOILS_STORE); a full disk may be tried again.
 */
#ifndef POSTDESK_FILES_H
#define POSTDESK_FILES_H

#include "postdesk/status.h"
#include <glib.h>
#include <sys/types.h>

/* What a person should do where this errno says that a file cannot grow; trying again may help
 * then. NULL: it says something else. Static. */
const char *pd_file_room_advice(int error);

/* The whole file, at most so many bytes, NUL added behind; caller frees. */
PdStatus *pd_file_read(const char *path, gsize most, char **bytes, gsize *length);
/* All of a descriptor (a pipe), at most so many bytes. */
PdStatus *pd_file_read_fd(int fd, gsize most, char **bytes, gsize *length);
/* Writes beside, syncs, renames over, syncs the folder. */
PdStatus *pd_file_replace(const char *path, const char *bytes, gsize length, mode_t mode);
/* The same, but a file that another process has made meanwhile stays as it is (where the file
 * system has hard links). */
PdStatus *pd_file_make(const char *path, const char *bytes, gsize length, mode_t mode);
/* write(2) until all is written, whatever interrupts. */
PdStatus *pd_file_write_all(int fd, const char *bytes, gsize length);
/* How many of these bytes, which lie at an offset of a file, are whole blocks of zeros that follow
 * each other, or, with *zeros FALSE, come before the next ones. */
gsize pd_file_run(off_t at, const char *bytes, gsize length, gboolean *zeros);
/* As pd_file_write_all(), where whole blocks of zeros become holes; pd_file_end_sparse() after the
 * last one. */
PdStatus *pd_file_write_sparse(int fd, const char *bytes, gsize length);
PdStatus *pd_file_end_sparse(int fd);
PdStatus *pd_folder_make(const char *path, mode_t mode); /* with its parents */
/* With all that is in it, as far as that can be removed; no link is followed. */
void pd_folder_remove(const char *path);

/* open(2), making the file with mode 0600 where it is absent: what root makes in somebody's folder
 * belongs to that somebody, or the service's account could not go on after an admin's command.
 * flags as for open; the descriptor is closed on exec; -1 and errno. */
int pd_file_open_or_make(const char *path, int flags);
/* Names or paths (char *), by their bytes: the same order in every locale. */
void pd_names_sort(GPtrArray *names);
PdStatus *pd_folder_sync(const char *path);
/* Bytes an ordinary user may still write there; G_MAXUINT64 if it cannot be told. */
guint64 pd_folder_free_space(const char *path);

/* Whether something is at the path of a state folder's file. PD_SPOILS_STORE where that cannot be
 * told, as for want of a right to look: then it is not absent. */
PdStatus *pd_path_look(const char *path, gboolean *there);

/* path below base unless it is absolute; caller frees. */
char *pd_path_resolve(const char *base, const char *path);

/* A lock on a file, held until freed or until the process ends. A lock that
 * somebody else holds gives a status to try again (exit 75) that names the holder. */
typedef struct pd_lock PdLock;
PdStatus *pd_lock_take(const char *path, PdLock **lock);
/* Does somebody hold it? It is not taken for that. */
gboolean pd_lock_is_held(const char *path);
void pd_lock_free(PdLock *lock);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdLock, pd_lock_free)

#endif
