/* The search for settings by cross-validation.
 *
 * All tasks of a model share their features, so a search chooses one set of
 * features for all, and a method (logistic regression or SVM, cost, log-count
 * ratios) for each task of its own. For one set of features the vocabulary,
 * the rows and their transpose are made once, and all methods of all tasks are
 * learnt side by side from them.
 *
 * Racing: every setting is judged on the first fold; then the better half of
 * the feature sets, and there the methods that are not clearly behind the best
 * of their task, go on to the other folds. Ended early, by a time limit or the
 * user, it keeps the best so far.
 *
 * Source: Maron & Moore, "Hoeffding races", NIPS 1993 (the racing). */
#include "search.h"

#include <math.h>
#include <string.h>
#include <time.h>

/* A fold's figure that is this many standard errors behind is hopeless. */
static const double HOPELESS = 2;
/* Weights learnt to this part of the objective judge as those at its minimum
 * do. */
static const double SEARCH_TOLERANCE = 1e-2;

struct guard { /* a progress that ends in time */
    const struct progress *inner;
    struct timespec start;
    double limit; /* seconds; 0: none */
    bool stopped;
    char stage[32];
    double done, total;
};

struct entry { /* one method for one task on one set of features */
    double figures[FOLD_LIMIT];
    size_t folds; /* judged on */
    bool active;
};

struct search {
    const struct corpus *corpus;
    const struct lessons *lessons;
    const struct learn_options *options;
    struct thread_pool *pool;
    struct guard guard;
    struct search_features features[SEARCH_FEATURES];
    size_t feature_count;
    struct method methods[SEARCH_METHODS];
    size_t method_count;
    size_t tasks, folds;
    uint8_t *fold_of;      /* [rows] */
    double *scores;        /* [methods][rows][labels] */
    struct entry *entries; /* [features][methods][tasks] */
    const struct learn_data *data; /* of the set of features at work */
};

static struct entry *entry_of(const struct search *search, size_t features,
                              size_t method, size_t task) {
    return search->entries +
           (features * search->method_count + method) * search->tasks + task;
}

static double mean(const struct entry *entry) {
    double sum = 0;
    for (size_t f = 0; f < entry->folds; f++)
        sum += entry->figures[f];
    return entry->folds ? sum / (double)entry->folds : -1;
}

static double deviation(const struct entry *entry) {
    double centre = mean(entry), sum = 0;
    for (size_t f = 0; f < entry->folds; f++)
        sum += (entry->figures[f] - centre) * (entry->figures[f] - centre);
    return entry->folds > 1 ? sqrt(sum / (double)(entry->folds - 1)) : 0;
}

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
    if (late || !progress_step(guard->inner, guard->stage, guard->done,
                               guard->total))
        guard->stopped = true;
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
        while (!same_method(&search->methods[method], &jobs[q].method))
            method++;
        scores[q] = search->scores + method * search->corpus->count * labels;
    }
    bool good = fold_scores(scores, labels, jobs, count, search->data,
                            search->fold_of, w, k);
    memory_free(scores);
    return good;
}

/* Learns and judges the active methods on one fold. */
static tenor_status judge_fold(struct search *search, size_t features,
                               const struct learn_data *data, uint8_t fold,
                               tenor_error *error) {
    const struct lessons *lessons = search->lessons;
    struct logreg_options rough = search->options->logreg;
    struct progress progress = {guarded_step, &search->guard};
    size_t count = 0;
    struct fit_job *jobs =
        memory_new(lessons->count * search->method_count, sizeof *jobs);
    if (!jobs)
        return error_memory(error);
    /* kind after kind, as they are solved; then what shares ratios */
    for (int kind = 0; kind < MODEL_KINDS; kind++)
        for (size_t i = 0; i < lessons->count; i++)
            for (size_t m = 0; m < search->method_count; m++)
                if ((int)search->methods[m].kind == kind &&
                    entry_of(search, features, m, lessons->items[i].task_number)
                        ->active)
                    jobs[count++] =
                        (struct fit_job){.lesson = &lessons->items[i],
                                         .method = search->methods[m],
                                         .fold = fold};
    rough.tolerance = fmax(rough.tolerance, SEARCH_TOLERANCE);
    search->data = data;
    tenor_status status =
        solve_jobs(jobs, count, data, search->fold_of, &rough, keep_scores,
                   search, &progress, error);
    memory_free(jobs);
    size_t rows = search->corpus->count, labels = lessons->label_count;
    for (size_t m = 0; !status && m < search->method_count; m++)
        for (size_t t = 0, first = 0; t < search->tasks; t++) {
            const struct corpus_task *task = &search->corpus->tasks[t];
            struct entry *entry = entry_of(search, features, m, t);
            if (entry->active) {
                double figure = fold_figure(
                    search->corpus, t, search->scores + m * rows * labels,
                    labels, first, search->fold_of, fold,
                    search->options->metric);
                if (figure < 0)
                    return error_memory(error);
                entry->figures[entry->folds++] = figure;
                search->guard.done += 1;
            }
            first += task->label_count;
        }
    return status;
}

/* Drops the methods of a set of features that are clearly behind. */
static void drop_hopeless(struct search *search, size_t features) {
    double held_out =
        (double)search->corpus->count / (double)search->folds;
    for (size_t t = 0; t < search->tasks; t++) {
        double best = -1;
        size_t judged = 0;
        for (size_t m = 0; m < search->method_count; m++) {
            const struct entry *entry = entry_of(search, features, m, t);
            if (entry->active && mean(entry) > best) {
                best = mean(entry);
                judged = entry->folds;
            }
        }
        /* of a paired difference: the methods err on much the same rows */
        double error = sqrt(best * (1 - best) /
                            (held_out * (double)(judged ? judged : 1)) / 2);
        for (size_t m = 0; m < search->method_count; m++) {
            struct entry *entry = entry_of(search, features, m, t);
            entry->active =
                entry->active && mean(entry) >= best - HOPELESS * error;
        }
    }
}

static tenor_status judge_features(struct search *search, size_t features,
                                   size_t first_fold, size_t end_fold,
                                   tenor_error *error) {
    struct vocabulary vocabulary = {0};
    struct matrix rows = {0};
    struct learn_data data = {0};
    struct progress progress = {guarded_step, &search->guard};
    tenor_status status =
        corpus_terms(&vocabulary, &rows, search->corpus,
                     &search->features[features].vocabulary, search->pool,
                     &progress, error);
    if (!status)
        status = learn_data_init(&data, &rows, search->pool, error);
    for (size_t f = first_fold; !status && f < end_fold; f++) {
        status = judge_fold(search, features, &data, (uint8_t)f, error);
        if (!status)
            drop_hopeless(search, features);
    }
    learn_data_clear(&data);
    matrix_clear(&rows);
    vocabulary_clear(&vocabulary);
    return status;
}

/* ---- choosing ------------------------------------------------------------------- */
/* The best method of a task on a set of features, of one kind or of any
 * (MODEL_KINDS); SIZE_MAX: none is judged. More folds come first: figures of
 * few folds are lucky more often. */
static size_t best_of_kind(const struct search *search, size_t features,
                           size_t task, enum model_kind kind) {
    size_t best = SIZE_MAX;
    for (size_t m = 0; m < search->method_count; m++) {
        const struct entry *here = entry_of(search, features, m, task);
        const struct entry *there =
            best == SIZE_MAX ? NULL : entry_of(search, features, best, task);
        if (here->folds == 0 ||
            (kind != MODEL_KINDS && search->methods[m].kind != kind))
            continue;
        if (!there || here->folds > there->folds ||
            (here->folds == there->folds && mean(here) > mean(there)))
            best = m;
    }
    return best;
}

static size_t best_method(const struct search *search, size_t features,
                          size_t task) {
    return best_of_kind(search, features, task, MODEL_KINDS);
}

/* A task's plan: the best method; beside it the best of the other kind, where
 * that held out to the last fold, for the blend to judge. */
static struct task_plan make_plan(const struct search *search,
                                  size_t features, size_t task) {
    size_t best = best_method(search, features, task);
    struct task_plan plan = {.methods = {search->methods[best]},
                             .method_count = 1};
    for (int kind = 0; kind < MODEL_KINDS; kind++) {
        size_t other =
            best_of_kind(search, features, task, (enum model_kind)kind);
        if (other != SIZE_MAX && other != best &&
            search->methods[other].kind != search->methods[best].kind &&
            entry_of(search, features, other, task)->folds == search->folds &&
            plan.method_count < METHOD_LIMIT)
            plan.methods[plan.method_count++] = search->methods[other];
    }
    return plan;
}

/* The mean over tasks of the best methods' figures; -1: not judged. */
static double merit(const struct search *search, size_t features,
                    size_t *folds) {
    double sum = 0;
    *folds = 0;
    for (size_t t = 0; t < search->tasks; t++) {
        size_t m = best_method(search, features, t);
        if (m == SIZE_MAX)
            return -1;
        const struct entry *entry = entry_of(search, features, m, t);
        sum += mean(entry);
        *folds += entry->folds;
    }
    return sum / (double)search->tasks;
}

static size_t best_features(const struct search *search) {
    size_t best = SIZE_MAX, most = 0;
    double highest = -1;
    for (size_t i = 0; i < search->feature_count; i++) {
        size_t folds;
        double here = merit(search, i, &folds);
        if (here < 0)
            continue;
        if (best == SIZE_MAX || folds > most ||
            (folds == most && here > highest)) {
            best = i;
            most = folds;
            highest = here;
        }
    }
    return best;
}

/* The better half of the feature sets, by their figures on the first fold. */
static void choose_finalists(const struct search *search,
                             bool finalist[SEARCH_FEATURES]) {
    size_t wanted = (search->feature_count + 1) / 2;
    for (size_t i = 0; i < search->feature_count; i++) {
        size_t better = 0, folds;
        double here = merit(search, i, &folds);
        for (size_t j = 0; j < search->feature_count; j++) {
            double there = merit(search, j, &folds);
            better += there > here || (there == here && j < i);
        }
        finalist[i] = here >= 0 && better < wanted;
    }
}

static tenor_status report(const struct search *search, size_t chosen,
                           struct search_outcome *out, tenor_error *error) {
    size_t most = search->feature_count * search->method_count * search->tasks;
    out->trials = memory_new(most, sizeof *out->trials);
    out->plans = memory_new(search->tasks, sizeof *out->plans);
    if (!out->trials || !out->plans)
        return error_memory(error);
    out->vocabulary = search->features[chosen].vocabulary;
    snprintf(out->features, sizeof out->features, "%s",
             search->features[chosen].name);
    out->stopped = search->guard.stopped;
    out->folds = search->folds;
    for (size_t t = 0; t < search->tasks; t++)
        out->plans[t] = make_plan(search, chosen, t);
    for (size_t i = 0; i < search->feature_count; i++)
        for (size_t m = 0; m < search->method_count; m++)
            for (size_t t = 0; t < search->tasks; t++) {
                const struct entry *entry = entry_of(search, i, m, t);
                if (entry->folds == 0)
                    continue;
                struct search_trial *trial = &out->trials[out->trial_count++];
                *trial = (struct search_trial){
                    .task = t,
                    .method = search->methods[m],
                    .folds = entry->folds,
                    .mean = mean(entry),
                    .deviation = deviation(entry),
                    .chosen =
                        i == chosen && m == best_method(search, chosen, t)};
                snprintf(trial->features, sizeof trial->features, "%s",
                         search->features[i].name);
            }
    return TENOR_OK;
}

/* ---- the search ------------------------------------------------------------------ */
static tenor_status start(struct search *search, tenor_error *error) {
    size_t rows = search->corpus->count;
    search->tasks = search->corpus->task_count;
    search->folds = search->options->folds;
    search->feature_count =
        settings_features(search->features, &search->options->vocabulary);
    search->method_count =
        settings_methods(search->methods, search->options->search_kinds);
    size_t settings = search->feature_count * search->method_count;
    search->guard.total = (double)(settings * search->tasks * 2);
    snprintf(search->guard.stage, sizeof search->guard.stage, "searching");
    clock_gettime(CLOCK_MONOTONIC, &search->guard.start);
    search->fold_of = memory_new(rows, 1);
    search->scores = memory_new(search->method_count * rows,
                                search->lessons->label_count *
                                    sizeof *search->scores);
    search->entries =
        memory_new(settings * search->tasks, sizeof *search->entries);
    if (!search->fold_of || !search->scores || !search->entries)
        return error_memory(error);
    for (size_t i = 0; i < settings * search->tasks; i++)
        search->entries[i].active = true;
    return folds_assign(search->fold_of, search->corpus, search->folds,
                        search->options->seed, error);
}

/* Tells the bar what is best so far. */
static void tell_best(struct search *search) {
    size_t best = best_features(search), folds;
    if (best != SIZE_MAX)
        snprintf(search->guard.stage, sizeof search->guard.stage,
                 "searching (best %.3f)", merit(search, best, &folds));
}

tenor_status search_settings(struct search_outcome *out,
                             const struct corpus *corpus,
                             const struct lessons *lessons,
                             const struct learn_options *options,
                             struct thread_pool *pool,
                             const struct progress *progress,
                             tenor_error *error) {
    *out = (struct search_outcome){0};
    bool finalist[SEARCH_FEATURES];
    struct search search = {.corpus = corpus,
                            .lessons = lessons,
                            .options = options,
                            .pool = pool,
                            .guard = {.inner = progress,
                                      .limit = options->time_limit}};
    tenor_status status = start(&search, error);
    for (size_t i = 0; !status && i < search.feature_count; i++) {
        status = judge_features(&search, i, 0, 1, error);
        tell_best(&search);
    }
    if (!status) {
        choose_finalists(&search, finalist);
        search.guard.total = 2 * search.guard.done;
    }
    for (size_t i = 0; !status && i < search.feature_count; i++)
        if (finalist[i]) {
            status = judge_features(&search, i, 1, search.folds, error);
            tell_best(&search);
        }
    size_t chosen = search.entries ? best_features(&search) : SIZE_MAX;
    if (status == TENOR_ERROR_CANCELLED && chosen != SIZE_MAX &&
        search.guard.stopped)
        status = TENOR_OK; /* with the best so far */
    if (!status)
        status = report(&search, chosen, out, error);
    memory_free(search.fold_of);
    memory_free(search.scores);
    memory_free(search.entries);
    if (status)
        search_outcome_clear(out);
    return status;
}

void search_outcome_clear(struct search_outcome *outcome) {
    memory_free(outcome->trials);
    memory_free(outcome->plans);
    *outcome = (struct search_outcome){0};
}
