/* title.h: the command line under which ps(1) shows this process.
 *
 * A fork goes on under the words that its parent was started with. What has become of it can be
 * written over them, where there is room for as many bytes and no more.
 */
#ifndef POSTDESK_TITLE_H
#define POSTDESK_TITLE_H

/* The words that main() was given, before anything moves them. They are overwritten later: whoever
 * needs them until then copies them. */
void pd_title_keep(char **argv);
/* Words in the locale's encoding, the program first; ends with NULL. What has no room is cut off.
 * Does nothing where no words were kept. */
void pd_title_set(const char *const *words);

#endif
