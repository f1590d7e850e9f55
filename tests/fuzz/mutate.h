/* mutate.h: random inputs made of seeds, for where no fuzzing compiler is at hand. */
#ifndef FUZZ_MUTATE_H
#define FUZZ_MUTATE_H

#include <stddef.h>
#include <stdint.h>

typedef int (*FuzzTarget)(const uint8_t *data, size_t size);

/* What a fuzzer's command line asks for; its exit code.
 *
 *   FILE…                             feeds these files to the target, as a regression test
 *   --for SECONDS LETTER SEED FILE…   feeds mutations of the files that begin with this letter.
 *                                     Which input is in work stands in the file "fuzz-LETTER.last"
 *                                     ("SEED NUMBER")
 *   --again NUMBER LETTER SEED FILE…  makes that one input again, writes it to
 *                                     "fuzz-LETTER.input" and feeds it */
int fuzz_main(FuzzTarget target, int argc, char **argv);

#endif
