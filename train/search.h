/* Private to train: the search for settings. */
#ifndef TENOR_SEARCH_H
#define TENOR_SEARCH_H

#include "lessons.h"

/* ---- search.c ---------------------------------------------------------------------- */
/* Chooses features for all tasks and a method for each. Ended early by the
 * time limit or the user it gives the best so far, where there is one; else
 * TENOR_ERROR_USAGE or TENOR_ERROR_CANCELLED. */
tenor_status search_settings(struct search_outcome *out,
                             const struct corpus *corpus,
                             const struct lessons *lessons,
                             const struct learn_options *options,
                             struct thread_pool *pool,
                             const struct progress *progress,
                             tenor_error *error);

/* ---- settings.c ------------------------------------------------------------------ */
enum { SEARCH_FEATURES = 10, SEARCH_METHODS = 16 };
struct search_features {
    struct vocabulary_options vocabulary;
    char name[80];
};
size_t settings_features(struct search_features out[SEARCH_FEATURES],
                         const struct vocabulary_options *base);
/* kinds: a bit for each enum model_kind; 0: all */
size_t settings_methods(struct method out[SEARCH_METHODS], unsigned kinds);

/* ---- race.c ------------------------------------------------------------------------ */
struct race_entry { /* one method for one task on one set of features */
    double figures[FOLD_LIMIT]; /* [folds]; NaN: the fold says nothing */
    size_t folds;               /* judged on */
    bool active;                /* in the race for further folds */
};
struct race {
    struct method methods[SEARCH_METHODS];
    size_t feature_count, method_count, tasks, folds;
    double leeway; /* share of the best figure given up for a lower cost */
    const size_t *labelled;     /* [tasks] targets with labels, in all folds */
    struct race_entry *entries; /* [features][methods][tasks] */
};
/* Makes the entries; all else is set before, but `labelled` only for those that
 * drop. false: no memory. */
bool race_start(struct race *race);
void race_clear(struct race *race);
struct race_entry *race_entry(const struct race *race, size_t features,
                              size_t method, size_t task);
/* Of the figures so far; -1 where there is none yet. */
double race_mean(const struct race_entry *entry);
/* Likewise of the first folds. */
double race_mean_of_first(const struct race_entry *entry, size_t folds);
double race_deviation(const struct race_entry *entry);
/* Takes the methods out that are clearly behind the best of a task; the best of
 * a kind with ratios or without, which may help a blend, only where it is far
 * behind on the first fold. */
void race_drop_hopeless(struct race *race, size_t features, size_t task);
/* Takes the methods out that are out on another set of features: they are much
 * the same on all. */
void race_drop_beaten(struct race *race, size_t features, size_t than,
                      size_t task);
/* Takes the methods out that are not among a task's best few, which are fewer
 * the more folds these saw, but for the best of each kind with ratios and
 * without. */
void race_keep_runners(struct race *race, size_t features, size_t task);
/* About how many entries the folds will still judge on a finalist. */
size_t race_left(const struct race *race, size_t features);
/* Entries of a set of features that are in the race. */
size_t race_active(const struct race *race, size_t features);
/* Methods of one kind, all with ratios or all without, are a family: those of
 * two families may err differently enough for a blend of them to pay. */
enum { RACE_FAMILIES = 2 * MODEL_KINDS };
size_t race_family(const struct race *race, size_t method);

/* ---- leaders.c --------------------------------------------------------------------- */
/* SIZE_MAX: none is judged. */
size_t race_best_method(const struct race *race, size_t features, size_t task);
/* Leaves in the race, of a task on a set of features, only what the best
 * methods of each kind would be at lower costs. */
void race_enter_lower_costs(struct race *race, size_t features, size_t task);
/* The best method of a task; beside it the best of each other kind with ratios
 * and without that held out to the last fold, for the blend to judge. With a
 * leeway, in the place of each the lowest cost that keeps within it; the best
 * of these comes first. */
struct task_plan race_plan(const struct race *race, size_t features,
                           size_t task);
/* The mean over tasks of the best methods' figures, and how many folds these
 * are of; -1: not all tasks are judged. */
double race_merit(const struct race *race, size_t features, size_t *folds);
/* Whether the best methods did worse on the first folds than those of the
 * leader, another set of features. */
bool race_trails(const struct race *race, size_t features, size_t leader,
                 size_t folds);
/* SIZE_MAX: none is judged. */
size_t race_best_features(const struct race *race);
/* The best third of the sets of features, but few, the best first: a search
 * that ends early has judged the most promising ones. Returns how many. */
size_t race_finalists(const struct race *race, size_t out[SEARCH_FEATURES]);

/* ---- figure.c ---------------------------------------------------------------------- */
/* How well scores[rows][stride], of which a task's labels start at `first`,
 * tell its labels on the targets of one fold: 0 to 1, NaN where none of these is
 * labelled. A label of a multi-label task gets the threshold that serves it
 * best. false: no memory. */
bool fold_figure(double *out, const struct corpus *corpus, size_t task,
                 const double *scores, size_t stride, size_t first,
                 const uint8_t *folds, uint8_t fold,
                 enum search_metric metric);

#endif
