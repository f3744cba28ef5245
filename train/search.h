/* Private to train: the search for settings. */
#ifndef TENOR_SEARCH_H
#define TENOR_SEARCH_H

#include "lessons.h"

/* ---- search.c ---------------------------------------------------------------------- */
/* Chooses features for all tasks and a method for each. Ended early by the
 * time limit or the user it gives the best so far, where there is one. */
tenor_status search_settings(struct search_outcome *out,
                             const struct corpus *corpus,
                             const struct lessons *lessons,
                             const struct learn_options *options,
                             struct thread_pool *pool,
                             const struct progress *progress,
                             tenor_error *error);

/* ---- settings.c ------------------------------------------------------------------ */
enum { SEARCH_FEATURES = 8, SEARCH_METHODS = 16 };
struct search_features {
    struct vocabulary_options vocabulary;
    char name[64];
};
size_t settings_features(struct search_features out[SEARCH_FEATURES],
                         const struct vocabulary_options *base);
/* kinds: a bit for each enum model_kind */
size_t settings_methods(struct method out[SEARCH_METHODS], unsigned kinds);

/* ---- figure.c ---------------------------------------------------------------------- */
/* How well scores[rows][stride], of which a task's labels start at `first`,
 * tell its labels on the target rows of one fold; 0 to 1. A label of a
 * multi-label task gets the threshold that serves it best. -1: no memory. */
double fold_figure(const struct corpus *corpus, size_t task,
                   const double *scores, size_t stride, size_t first,
                   const uint8_t *folds, uint8_t fold,
                   enum search_metric metric);

#endif
