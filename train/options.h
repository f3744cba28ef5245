/* Private to the tenor-train program: its command line, what that asks for, and
 * the table that a search prints.
 *
 *   options.c  the table of options
 *   request.c  what they ask for
 *   table.c    what a search tried
 *   main.c     the way from files to a model */
#ifndef TENOR_OPTIONS_H
#define TENOR_OPTIONS_H

#include "cli/cli.h"
#include "train.h"

/* ---- options.c ------------------------------------------------------------------- */
/* What the options say, as it is given; numbers of choices as in train.h. */
struct settings {
    const char *output, *stemmer, *stop_words, *variants, *group, *weight,
        *target, *dump, *threshold;
    struct option_list tasks, models, class_weights;
    struct option_range ngrams, char_ngrams;
    size_t min_df, threads, seed, numbers, max_steps, folds;
    size_t tf, idf, norm, max_terms, selection, markers;
    size_t metric, kernel, degree;
    double cost, max_df, tolerance, word_weight, char_weight, marker_weight;
    double time_limit, leeway, gamma, offset, memory;
    bool search, ratios, pairs;
    bool marks, negation, contrast;
    bool keep_possessives, join_hyphens, fold_accents;
};

/* Parses the command line; *out points to the program's only settings. */
enum option_result options_read(struct settings **out, int argc, char **argv,
                                struct option_list *files);
void settings_clear(struct settings *settings);

/* ---- request.c ------------------------------------------------------------------- */
struct request {
    struct learn_options learn;
    struct corpus_options reading;
    /* what its pointers lead to: */
    struct buffer stop_words, variants;
    struct label_weight *label_weights;
};
/* Errors: settings that contradict each other, lists that can't be read. */
tenor_status request_fill(struct request *out, const struct settings *settings,
                          tenor_error *error);
void request_clear(struct request *request);

/* ---- table.c --------------------------------------------------------------------- */
/* To standard output: the settings tried, task by task, the best first. */
void table_print(struct search_outcome *search, const struct corpus *corpus,
                 enum search_metric metric);

#endif
