/* The search for settings by cross-validation.
 *
 * All tasks of a model share their features, so a search chooses one set of
 * features for all, and a method (logistic regression or SVM, cost, log-count
 * ratios) for each task of its own. For one set of features the vocabulary and
 * the rows are made once, and all methods of all tasks are learnt side by side
 * from them.
 *
 * Racing: every method is judged on the first set's first fold, and the best of
 * each task, the favourite, on the first fold of the other sets. The best third
 * of the sets go on to the other folds: the first of them with all methods that
 * were not clearly behind, fewer from fold to fold; the others with those that
 * it was left with, and no further than half of the folds where they trail it.
 * Ended early, by a time limit or the user, the search keeps the best so far
 * (race.c, leaders.c).
 *
 * Sources: Maron & Moore, "Hoeffding races", NIPS 1993; Jamieson & Talwalkar,
 * "Non-stochastic best arm identification and hyperparameter optimization",
 * AISTATS 2016 (halving). */
#include "search.h"

#include <math.h>
#include <string.h>
#include <time.h>

/* Weights learnt to this part of the objective judge as those at its minimum
 * do. */
static const double SEARCH_TOLERANCE = 3e-2;

struct guard { /* a progress that ends in time */
    const struct progress *inner;
    struct timespec start;
    double limit; /* seconds; 0: none */
    bool stopped, interrupted; /* at all; by the user */
    char stage[32];
    double done, total;
};

struct search {
    const struct corpus *corpus;
    const struct lessons *lessons;
    const struct learn_options *options;
    struct thread_pool *pool;
    struct guard guard;
    struct search_features features[SEARCH_FEATURES];
    struct race race;
    uint8_t *fold_of; /* [rows] */
    size_t *labelled; /* [tasks] of the race */
    double *scores;   /* [methods][rows][labels] */
    const struct learn_data *data; /* of the set of features at work */
};

/* ---- time ---------------------------------------------------------------------- */
static bool guarded_step(void *context, const char *stage, double done,
                         double total) {
    struct guard *guard = context;
    struct timespec now;
    (void)stage, (void)done, (void)total;
    clock_gettime(CLOCK_MONOTONIC, &now);
    double passed = (double)(now.tv_sec - guard->start.tv_sec) +
                    1e-9 * (double)(now.tv_nsec - guard->start.tv_nsec);
    bool late = guard->limit > 0 && passed > guard->limit;
    if (!progress_step(guard->inner, guard->stage, guard->done, guard->total))
        guard->stopped = guard->interrupted = true;
    guard->stopped = guard->stopped || late;
    return !guard->stopped;
}

/* ---- one set of features ------------------------------------------------------- */
static bool keep_scores(void *context, const struct fit_job *jobs, size_t count,
                        const double *w, size_t k) {
    struct search *search = context;
    size_t labels = search->lessons->label_count;
    double **scores = memory_new(count, sizeof *scores);
    if (!scores)
        return false;
    for (size_t q = 0; q < count; q++) {
        size_t method = 0;
        while (!same_method(&search->race.methods[method], &jobs[q].method))
            method++;
        scores[q] = search->scores + method * search->corpus->count * labels;
    }
    bool good = fold_scores(scores, labels, jobs, count, search->data,
                            search->fold_of, w, k);
    memory_free(scores);
    return good;
}

enum due { ALL_METHODS, FAVOURITES }; /* the best of the first set */
#define NO_LEADER SIZE_MAX

/* Whether a method is to be judged on a fold: it is in the race, has not been
 * judged there, and is among those asked for. */
static bool is_due(const struct race *race, size_t features, size_t method,
                   size_t task, uint8_t fold, enum due due) {
    const struct race_entry *entry = race_entry(race, features, method, task);
    return entry->active && entry->folds == fold &&
           (due == ALL_METHODS ||
            race_best_method(race, 0, task) == method);
}

/* Learns and judges the methods that are due on one fold. */
static tenor_status judge_fold(struct search *search, size_t features,
                               const struct learn_data *data, uint8_t fold,
                               enum due due, tenor_error *error) {
    const struct lessons *lessons = search->lessons;
    const struct race *race = &search->race;
    struct logreg_options rough = search->options->logreg;
    struct progress progress = {guarded_step, &search->guard};
    size_t count = 0;
    struct fit_job *jobs =
        memory_new(lessons->count * race->method_count, sizeof *jobs);
    if (!jobs)
        return error_memory(error);
    /* kind after kind, as they are solved; then what shares ratios */
    for (int kind = 0; kind < MODEL_KINDS; kind++)
        for (size_t i = 0; i < lessons->count; i++)
            for (size_t m = 0; m < race->method_count; m++)
                if ((int)race->methods[m].kind == kind &&
                    is_due(race, features, m, lessons->items[i].task_number,
                           fold, due))
                    jobs[count++] =
                        (struct fit_job){.lesson = &lessons->items[i],
                                         .method = race->methods[m],
                                         .fold = fold};
    rough.tolerance = fmax(rough.tolerance, SEARCH_TOLERANCE);
    search->data = data;
    tenor_status status =
        solve_jobs(jobs, count, data, search->fold_of, &rough, keep_scores,
                   search, &progress, error);
    memory_free(jobs);
    size_t rows = search->corpus->count, labels = lessons->label_count;
    for (size_t m = 0; !status && m < race->method_count; m++)
        for (size_t t = 0, first = 0; t < race->tasks; t++) {
            const struct corpus_task *task = &search->corpus->tasks[t];
            struct race_entry *entry = race_entry(race, features, m, t);
            if (is_due(race, features, m, t, fold, due)) {
                if (!fold_figure(&entry->figures[entry->folds], search->corpus,
                                 t, search->scores + m * rows * labels, labels,
                                 first, search->fold_of, fold,
                                 search->options->metric))
                    return error_memory(error);
                entry->folds++;
                search->guard.done += 1;
            }
            first += task->label_count;
        }
    return status;
}

/* What all methods share on one set of features. */
struct feature_rows {
    struct vocabulary vocabulary;
    struct matrix rows;
    struct learn_data data;
};

static tenor_status open_features(struct feature_rows *out,
                                  struct search *search, size_t features,
                                  tenor_error *error) {
    struct progress progress = {guarded_step, &search->guard};
    *out = (struct feature_rows){0};
    tenor_status status =
        corpus_terms(&out->vocabulary, &out->rows, search->corpus,
                     &search->features[features].vocabulary, search->pool,
                     &progress, error);
    if (!status)
        status = learn_data_init(&out->data, &out->rows, search->pool, error);
    return status;
}

static void close_features(struct feature_rows *rows) {
    learn_data_clear(&rows->data);
    matrix_clear(&rows->rows);
    vocabulary_clear(&rows->vocabulary);
}

/* The first fold of all methods on the first set, of favourites on others. */
static tenor_status judge_first(struct search *search, size_t features,
                                tenor_error *error) {
    struct race *race = &search->race;
    struct feature_rows rows;
    tenor_status status = open_features(&rows, search, features, error);
    if (!status)
        status = judge_fold(search, features, &rows.data, 0,
                            features ? FAVOURITES : ALL_METHODS, error);
    for (size_t t = 0; !status && features == 0 && t < race->tasks; t++)
        race_drop_hopeless(race, features, t);
    close_features(&rows);
    return status;
}

/* The folds that are missing of what is left in the race. With a leader, itself
 * or another set, the race goes on: each fold sees fewer methods, and none does
 * where the set trails the leader after half of them. */
static tenor_status judge_folds(struct search *search, size_t features,
                                size_t leader, tenor_error *error) {
    struct race *race = &search->race;
    struct feature_rows rows;
    bool racing = leader != NO_LEADER, trails = false;
    if (race_active(race, features) == 0)
        return TENOR_OK;
    tenor_status status = open_features(&rows, search, features, error);
    for (size_t f = 0; !status && !trails && f < race->folds; f++) {
        for (size_t t = 0; racing && f > 0 && t < race->tasks; t++)
            race_keep_runners(race, features, t);
        status = judge_fold(search, features, &rows.data, (uint8_t)f,
                            ALL_METHODS, error);
        for (size_t t = 0; !status && racing && t < race->tasks; t++)
            race_drop_hopeless(race, features, t);
        trails = !status && racing && 2 * (f + 1) >= race->folds &&
                 race_trails(race, features, leader, f + 1);
    }
    close_features(&rows);
    return status;
}

/* All folds that are missing of the lower costs of the best methods. */
static tenor_status judge_lower_costs(struct search *search, size_t features,
                                      tenor_error *error) {
    struct race *race = &search->race;
    for (size_t t = 0; t < race->tasks; t++)
        race_enter_lower_costs(race, features, t);
    search->guard.total =
        search->guard.done +
        (double)(race_active(race, features) * race->folds);
    return judge_folds(search, features, NO_LEADER, error);
}

/* ---- the outcome ---------------------------------------------------------------- */
static tenor_status report(const struct search *search, size_t chosen,
                           struct search_outcome *out, tenor_error *error) {
    const struct race *race = &search->race;
    size_t most = race->feature_count * race->method_count * race->tasks;
    out->trials = memory_new(most, sizeof *out->trials);
    out->plans = memory_new(race->tasks, sizeof *out->plans);
    if (!out->trials || !out->plans)
        return error_memory(error);
    out->vocabulary = search->features[chosen].vocabulary;
    snprintf(out->features, sizeof out->features, "%s",
             search->features[chosen].name);
    out->stopped = search->guard.stopped;
    out->interrupted = search->guard.interrupted;
    out->folds = race->folds;
    for (size_t t = 0; t < race->tasks; t++)
        out->plans[t] = race_plan(race, chosen, t);
    for (size_t i = 0; i < race->feature_count; i++)
        for (size_t m = 0; m < race->method_count; m++)
            for (size_t t = 0; t < race->tasks; t++) {
                const struct race_entry *entry = race_entry(race, i, m, t);
                if (entry->folds == 0)
                    continue;
                struct search_trial *trial = &out->trials[out->trial_count++];
                *trial = (struct search_trial){
                    .task = t,
                    .method = race->methods[m],
                    .folds = entry->folds,
                    .mean = race_mean(entry),
                    .deviation = race_deviation(entry),
                    .chosen = i == chosen &&
                              same_method(&race->methods[m],
                                          &out->plans[t].methods[0])};
                snprintf(trial->features, sizeof trial->features, "%s",
                         search->features[i].name);
            }
    return TENOR_OK;
}

/* ---- the search ------------------------------------------------------------------ */
static size_t labelled_rows(const struct corpus *corpus, size_t task) {
    size_t count = 0;
    for (size_t i = 0; i < corpus->count; i++)
        count += corpus->tasks[task].labelled[i] && corpus_is_target(corpus, i);
    return count;
}

static tenor_status start(struct search *search, tenor_error *error) {
    size_t rows = search->corpus->count;
    struct race *race = &search->race;
    race->tasks = search->corpus->task_count;
    race->folds = search->options->folds;
    race->leeway = search->options->leeway;
    race->feature_count =
        settings_features(search->features, &search->options->vocabulary);
    race->method_count =
        settings_methods(race->methods, search->options->search_kinds);
    /* a guess: a third of the sets are judged by a third of the methods on
     * every fold */
    search->guard.total =
        (double)(race->tasks *
                 (race->method_count + race->feature_count +
                  race->feature_count * race->method_count * race->folds / 9));
    snprintf(search->guard.stage, sizeof search->guard.stage, "searching");
    clock_gettime(CLOCK_MONOTONIC, &search->guard.start);
    search->fold_of = memory_new(rows, 1);
    search->labelled = memory_new(race->tasks, sizeof *search->labelled);
    search->scores =
        memory_new(race->method_count * rows,
                   search->lessons->label_count * sizeof *search->scores);
    if (!race_start(race) || !search->fold_of || !search->labelled ||
        !search->scores)
        return error_memory(error);
    for (size_t t = 0; t < race->tasks; t++)
        search->labelled[t] = labelled_rows(search->corpus, t);
    race->labelled = search->labelled;
    return folds_assign(search->fold_of, search->corpus, race->folds,
                        search->options->seed, error);
}

/* Tells the bar what is best so far. */
static void tell_best(struct search *search) {
    size_t best = race_best_features(&search->race), folds;
    if (best != SIZE_MAX)
        snprintf(search->guard.stage, sizeof search->guard.stage,
                 "searching (best %.3f)",
                 race_merit(&search->race, best, &folds));
}

/* The first set of features and the favourites on the others, the finalists;
 * then, where asked for, what lower costs do on the best set. */
static tenor_status judge_all(struct search *search, tenor_error *error) {
    struct race *race = &search->race;
    size_t finalists[SEARCH_FEATURES];
    for (size_t i = 0; i < race->feature_count; i++) {
        for (size_t t = 0; i > 0 && t < race->tasks; t++)
            race_drop_beaten(race, i, 0, t);
        tenor_status status = judge_first(search, i, error);
        if (status)
            return status;
        tell_best(search);
    }
    size_t count = race_finalists(race, finalists);
    for (size_t i = 0; i < count; i++) {
        size_t left = 0;
        for (size_t t = 0; i > 0 && t < race->tasks; t++)
            race_drop_beaten(race, finalists[i], finalists[0], t);
        for (size_t j = i; j < count; j++)
            left += race_left(race, finalists[j]);
        search->guard.total = search->guard.done + (double)left;
        tenor_status status =
            judge_folds(search, finalists[i], finalists[0], error);
        if (status)
            return status;
        tell_best(search);
    }
    return race->leeway > 0
               ? judge_lower_costs(search, race_best_features(race), error)
               : TENOR_OK;
}

tenor_status search_settings(struct search_outcome *out,
                             const struct corpus *corpus,
                             const struct lessons *lessons,
                             const struct learn_options *options,
                             struct thread_pool *pool,
                             const struct progress *progress,
                             tenor_error *error) {
    *out = (struct search_outcome){0};
    struct search search = {.corpus = corpus,
                            .lessons = lessons,
                            .options = options,
                            .pool = pool,
                            .guard = {.inner = progress,
                                      .limit = options->time_limit}};
    tenor_status status = start(&search, error);
    if (!status)
        status = judge_all(&search, error);
    size_t chosen = SIZE_MAX;
    if (!status || status == TENOR_ERROR_CANCELLED)
        chosen = race_best_features(&search.race);
    if (status == TENOR_ERROR_CANCELLED && chosen != SIZE_MAX)
        status = TENOR_OK; /* with the best so far */
    if (status == TENOR_ERROR_CANCELLED && !search.guard.interrupted)
        status = error_set(error, TENOR_ERROR_USAGE,
                           "the time limit ended the search before all tasks "
                           "had been judged once; allow it more");
    if (!status)
        status = report(&search, chosen, out, error);
    race_clear(&search.race);
    memory_free(search.fold_of);
    memory_free(search.labelled);
    memory_free(search.scores);
    if (status)
        search_outcome_clear(out);
    return status;
}

void search_outcome_clear(struct search_outcome *outcome) {
    memory_free(outcome->trials);
    memory_free(outcome->plans);
    *outcome = (struct search_outcome){0};
}
