/* mutate.h: random inputs made of seeds, for where no fuzzing compiler is at hand. */
#ifndef FUZZ_MUTATE_H
#define FUZZ_MUTATE_H

#include <stddef.h>
#include <stdint.h>

typedef int (*FuzzTarget)(const uint8_t *data, size_t size);

/* Feeds mutations of the seed files that begin with this letter to the target, for so many
 * seconds. Which input is in work stands in the file "fuzz-LETTER.last" ("SEED NUMBER"); with
 * only (not negative) that one input alone is made again and written to "fuzz-LETTER.input". */
int fuzz_mutate(FuzzTarget target, char letter, char **files, double seconds, uint64_t seed,
                int64_t only);

#endif
