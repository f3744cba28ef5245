/* Many support vector machines at once, in parallel.
 *
 * Problems that differ only in their costs are solved from the lowest cost on.
 * Where no coefficient reaches its bound, the bound decides nothing, and the
 * solution is that of every higher cost as well, to the same tolerance: on
 * text, which n-grams tend to separate, half of a search's costs and more.
 *
 * A problem waits for the next lower cost, so that what it takes over does not
 * depend on which thread came first; problems are taken by rising costs, and
 * there are folds and labels enough to work on meanwhile. */
#include "kernels.h"

#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <string.h>

const struct kernel_options kernel_options_default = {
    .tolerance = 1e-3, .cache_bytes = (uint64_t)256 << 20};

struct fit_work {
    struct kernel_problem *problems;
    size_t count;
    const struct kernel_matrix *matrix;
    const struct kernel_options *options;
    struct shared_progress progress;
    uint32_t *order;  /* [count] problems by rising costs */
    uint32_t *before; /* [count] problem of next lower costs, NONE_BEFORE */
    bool *ready;      /* [count] problems that others may look at */
    pthread_mutex_t lock;
    pthread_cond_t changed; /* of `ready` */
    atomic_bool no_memory;
};
static const uint32_t NONE_BEFORE = UINT32_MAX;

/* ---- costs ------------------------------------------------------- */
static bool at_bound(const struct kernel_problem *problem) {
    for (size_t s = 0; s < problem->support_count; s++)
        if (fabs(problem->coefficients[s]) >=
            problem->costs[problem->coefficients[s] > 0])
            return true;
    return false;
}

/* Whether a lower cost's solution serves; then it is copied. *enough turns
 * false where there is no memory for that. */
static bool take_over(struct kernel_problem *problem,
                      const struct kernel_problem *lower, bool *enough) {
    size_t count = lower->support_count;
    if (count == 0 || at_bound(lower))
        return false;
    problem->support = memory_new(count, sizeof *problem->support);
    problem->coefficients = memory_new(count, sizeof *problem->coefficients);
    *enough = problem->support && problem->coefficients;
    if (!*enough)
        return true;
    memcpy(problem->support, lower->support, count * sizeof *lower->support);
    memcpy(problem->coefficients, lower->coefficients,
           count * sizeof *lower->coefficients);
    problem->support_count = count;
    problem->bias = lower->bias;
    return true;
}

static bool same_but_costs(const struct kernel_problem *a,
                           const struct kernel_problem *b) {
    return a->signs == b->signs && a->folds == b->folds && a->fold == b->fold;
}

/* Sorts by insertion: costs, then places in the array. */
static void order_problems(struct fit_work *work) {
    for (size_t i = 0; i < work->count; i++) {
        const struct kernel_problem *problem = &work->problems[i];
        double sum = problem->costs[0] + problem->costs[1];
        size_t at = i;
        for (; at > 0; at--) {
            const double *costs = work->problems[work->order[at - 1]].costs;
            if (costs[0] + costs[1] <= sum)
                break;
            work->order[at] = work->order[at - 1];
        }
        work->order[at] = (uint32_t)i;
    }
}

static void find_lower(struct fit_work *work) {
    for (size_t i = 0; i < work->count; i++) {
        const struct kernel_problem *problem = &work->problems[work->order[i]];
        work->before[work->order[i]] = NONE_BEFORE;
        for (size_t k = i; k-- > 0;) {
            const struct kernel_problem *other =
                &work->problems[work->order[k]];
            if (!same_but_costs(problem, other) ||
                other->costs[0] > problem->costs[0] ||
                other->costs[1] > problem->costs[1])
                continue;
            work->before[work->order[i]] = work->order[k];
            break;
        }
    }
}

/* Items are handed out in order, so that what is waited for has begun. */
static const struct kernel_problem *await_lower(struct fit_work *work,
                                                size_t number) {
    uint32_t before = work->before[number];
    if (before == NONE_BEFORE)
        return NULL;
    pthread_mutex_lock(&work->lock);
    while (!work->ready[before])
        pthread_cond_wait(&work->changed, &work->lock);
    pthread_mutex_unlock(&work->lock);
    return &work->problems[before];
}

static void announce(struct fit_work *work, size_t number) {
    pthread_mutex_lock(&work->lock);
    work->ready[number] = true;
    pthread_cond_broadcast(&work->changed);
    pthread_mutex_unlock(&work->lock);
}

/* ---- all problems ---------------------------------------------------- */
static void fit_item(void *context, size_t item, size_t worker) {
    (void)worker;
    struct fit_work *work = context;
    size_t number = work->order[item];
    struct kernel_problem *problem = &work->problems[number];
    const struct kernel_problem *lower = await_lower(work, number);
    bool stop = atomic_load(&work->progress.cancelled) ||
                atomic_load(&work->no_memory);
    bool enough = true;
    if (!stop && !(lower && take_over(problem, lower, &enough)))
        enough = kernel_svm_solve(problem, work->matrix, work->options);
    if (!enough)
        atomic_store(&work->no_memory, true);
    announce(work, number);
    if (!stop)
        shared_progress_step(&work->progress, 1);
}

static void run_all(struct fit_work *work, struct thread_pool *pool) {
    order_problems(work);
    find_lower(work);
    pthread_mutex_init(&work->lock, NULL);
    pthread_cond_init(&work->changed, NULL);
    thread_pool_run(pool, work->count, fit_item, work);
    pthread_mutex_destroy(&work->lock);
    pthread_cond_destroy(&work->changed);
}

static tenor_status check_problems(const struct kernel_problem *problems,
                                   size_t count,
                                   const struct kernel_matrix *matrix,
                                   const struct kernel_options *options,
                                   tenor_error *error) {
    if (!(options->tolerance > 0))
        return error_set(error, TENOR_ERROR_USAGE,
                         "the SVM's tolerance is %g; it must be above 0",
                         options->tolerance);
    if (matrix->rows >= INT_MAX)
        return error_set(error, TENOR_ERROR_USAGE,
                         "%zu rows are too many for libsvm", matrix->rows);
    for (size_t q = 0; q < count; q++)
        for (size_t k = 0; k < 2; k++)
            if (!(isfinite(problems[q].costs[k]) && problems[q].costs[k] > 0))
                return error_set(error, TENOR_ERROR_USAGE,
                                 "the SVM's cost is %g; it must be above 0",
                                 problems[q].costs[k]);
    return TENOR_OK;
}

tenor_status kernel_svm_fit(struct kernel_problem *problems, size_t count,
                            const struct kernel_matrix *matrix,
                            const struct kernel_options *options,
                            struct thread_pool *pool,
                            const struct progress *progress,
                            tenor_error *error) {
    tenor_status status =
        check_problems(problems, count, matrix, options, error);
    if (status)
        return status;
    for (size_t q = 0; q < count; q++) {
        problems[q].support = NULL;
        problems[q].coefficients = NULL;
        problems[q].support_count = 0;
        problems[q].bias = 0;
        problems[q].iterations = 0;
    }
    kernel_svm_prepare();
    struct fit_work work = {.problems = problems,
                            .count = count,
                            .matrix = matrix,
                            .options = options,
                            .progress = {.progress = progress,
                                         .stage = "support vectors",
                                         .total = (double)count}};
    work.order = memory_new(count, sizeof *work.order);
    work.before = memory_new(count, sizeof *work.before);
    work.ready = memory_new(count, sizeof *work.ready);
    if (work.order && work.before && work.ready)
        run_all(&work, pool);
    else
        atomic_store(&work.no_memory, true);
    memory_free(work.order);
    memory_free(work.before);
    memory_free(work.ready);
    if (atomic_load(&work.no_memory))
        status = error_memory(error);
    else if (!shared_progress_end(&work.progress))
        status = error_set(error, TENOR_ERROR_CANCELLED,
                           "stopped before the SVM was complete");
    for (size_t q = 0; status && q < count; q++)
        kernel_problem_clear(&problems[q]);
    return status;
}
