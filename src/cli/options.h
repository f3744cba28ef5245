/* What the help and the manual read from a table of options. Private to
 * options.c and manual.c. */
#ifndef TENOR_CLI_OPTIONS_H
#define TENOR_CLI_OPTIONS_H

#include "cli/cli.h"

/* Those that every command has; a NULL name ends them. One whose help is NULL
 * is not shown. */
extern const struct option_spec options_common[];
/* The help of an option with its default put in; `manual`: for any machine,
 * not for this one. */
void option_help(struct buffer *out, const struct option_spec *spec,
                 bool manual);

#endif
