/* svm: solutions against LIBLINEAR's (tests/golden/svm.py), gaps against the
 * objectives computed the plain way, costs from warm starts, threads, what is
 * not converged, jobs of several kinds in one call. */
#include "lessons.h"

#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "solver_helpers.h"

#define GOLDEN TENOR_SOURCE_DIR "/tests/golden/svm.json"
#include "golden.h"

static const struct svm_options exact = {1e-10, 20000, 1};
static const struct svm_options usual = {1e-4, 1000, 1};

static double *numbers(const json_t *array) {
    size_t count = json_array_size(array);
    double *out = memory_new(count, sizeof *out);
    for (size_t i = 0; i < count; i++)
        out[i] = json_number_value(json_array_get(array, i));
    return out;
}

/* The caller frees w[columns + 1][count]. */
static double *solve(struct svm_problem *problems, size_t count,
                     const struct learn_data *data,
                     const struct svm_options *options) {
    double *w = memory_new((data->rows->columns + 1) * count, sizeof *w);
    tenor_error error = {0};
    if (svm_fit(w, problems, count, data, options, NULL, &error))
        fail_msg("%s", error.message);
    return w;
}

/* A progress step that asks to stop, but not on the tests' own thread. */
static bool stop_others(void *context, const char *stage, double done,
                        double total) {
    const pthread_t *own = context;
    (void)stage, (void)done, (void)total;
    return pthread_equal(pthread_self(), *own);
}

/* ---- against LIBLINEAR --------------------------------------------------- */

static void weights_equal_liblinears(void **state) {
    (void)state;
    enum { MOST = 32 };
    const json_t *objects = json_object_get(golden, "problems"), *object;
    struct svm_problem problems[MOST];
    int8_t *signs[MOST];
    double *costs[MOST], *scales[MOST];
    struct matrix rows;
    struct learn_data data;
    size_t q, i, count = json_array_size(objects);
    assert_true(count >= 20 && count <= MOST);
    load_rows(&rows, golden);
    assert_int_equal(learn_data_init(&data, &rows, NULL, NULL), TENOR_OK);
    assert_true(data.compact.columns < rows.columns - 1); /* some are alone */
    json_array_foreach(objects, q, object) {
        const json_t *given = json_object_get(object, "signs");
        signs[q] = memory_new(rows.rows, 1);
        for (i = 0; i < rows.rows; i++)
            signs[q][i] = (int8_t)json_integer_value(json_array_get(given, i));
        costs[q] = numbers(json_object_get(object, "costs"));
        scales[q] = NULL;
        if (!json_is_null(json_object_get(object, "scales")))
            scales[q] = numbers(json_object_get(object, "scales"));
        problems[q] = (struct svm_problem){
            .loss = json_is_true(json_object_get(object, "squared"))
                        ? SVM_SQUARED_HINGE
                        : SVM_HINGE,
            .bias = BIAS_PENALIZED,
            .signs = signs[q],
            .costs = costs[q],
            .column_scales = scales[q]};
    }
    double *w = solve(problems, count, &data, &exact);
    json_array_foreach(objects, q, object) {
        const char *name = json_string_value(json_object_get(object, "name"));
        double expected =
            json_number_value(json_object_get(object, "objective"));
        if (!problems[q].converged)
            fail_msg("%s: a gap of %g is left", name, problems[q].gap);
        if (!(fabs(problems[q].objective / expected - 1) < 1e-8))
            fail_msg("%s: objective %.12g, expected %.12g", name,
                     problems[q].objective, expected);
        for (i = 0; i <= rows.columns; i++) {
            expected = json_number_value(
                json_array_get(json_object_get(object, "weights"), i));
            if (!(fabs(w[i * count + q] - expected) < 1e-4))
                fail_msg("%s: weight %zu is %.9g, expected %.9g", name, i,
                         w[i * count + q], expected);
        }
        memory_free(signs[q]);
        memory_free(costs[q]);
        memory_free(scales[q]);
    }
    memory_free(w);
    learn_data_clear(&data);
    matrix_clear(&rows);
}

/* ---- larger problems ----------------------------------------------------- */

enum { ROWS = 700, COLUMNS = 5000, PROBLEMS = 4 };
struct large {
    struct matrix rows;
    struct learn_data data;
    int8_t signs[PROBLEMS][ROWS];
    double costs[PROBLEMS][ROWS], scales[COLUMNS];
    struct svm_problem problems[PROBLEMS];
};

static void make_large(struct large *out, struct thread_pool *pool) {
    uint64_t chance = 11;
    make_rows(&out->rows, ROWS, COLUMNS, 12);
    assert_int_equal(learn_data_init(&out->data, &out->rows, pool, NULL), 0);
    for (size_t j = 0; j < COLUMNS; j++)
        out->scales[j] = 3 * uniform(&chance) - 1;
    for (size_t q = 0; q < PROBLEMS; q++) {
        for (size_t i = 0; i < ROWS; i++) {
            out->signs[q][i] = random_next(&chance) % 3 ? 1 : -1;
            out->costs[q][i] = i % 5 == q ? 0 : 4 * uniform(&chance);
        }
        out->problems[q] =
            (struct svm_problem){.loss = q % 2 ? SVM_HINGE : SVM_SQUARED_HINGE,
                                 .bias = q < 3 ? BIAS_PENALIZED : BIAS_NONE,
                                 .signs = out->signs[q],
                                 .costs = out->costs[q],
                                 .column_scales = q == 2 ? out->scales : NULL};
    }
}

static void clear_large(struct large *large) {
    learn_data_clear(&large->data);
    matrix_clear(&large->rows);
}

/* The objective, computed from weights that apply to plain rows. */
static double judge(const struct large *large, size_t q, const double *w) {
    const struct svm_problem *problem = &large->problems[q];
    const struct matrix *rows = &large->rows;
    double bias = w[COLUMNS * PROBLEMS + q], sum = bias * bias / 2;
    for (size_t j = 0; j < COLUMNS; j++) {
        double weight = w[j * PROBLEMS + q];
        if (problem->column_scales)
            weight /= problem->column_scales[j];
        sum += weight * weight / 2;
    }
    for (size_t i = 0; i < ROWS; i++) {
        double z = bias;
        for (uint64_t e = rows->starts[i]; e < rows->starts[i + 1]; e++)
            z += (double)rows->values[e] * w[rows->indices[e] * PROBLEMS + q];
        double slack = fmax(0, 1 - problem->signs[i] * z);
        sum += problem->costs[i] *
               (problem->loss == SVM_HINGE ? slack : slack * slack);
    }
    return sum;
}

static void objectives_and_gaps_are_true(void **state) {
    (void)state;
    static struct large large;
    make_large(&large, NULL);
    double *w = solve(large.problems, PROBLEMS, &large.data, &usual);
    double rough[PROBLEMS];
    for (size_t q = 0; q < PROBLEMS; q++) {
        rough[q] = large.problems[q].objective;
        assert_true(large.problems[q].converged);
        assert_true(large.problems[q].gap <= usual.tolerance);
        assert_true(fabs(judge(&large, q, w) / rough[q] - 1) < 1e-9);
    }
    assert_true(w[COLUMNS * PROBLEMS + 3] == 0); /* its bias is none */
    memory_free(w);
    w = solve(large.problems, PROBLEMS, &large.data, &exact);
    for (size_t q = 0; q < PROBLEMS; q++) {
        double least = large.problems[q].objective;
        assert_true(large.problems[q].converged);
        assert_true(rough[q] >= least * (1 - 1e-9));
        assert_true(rough[q] <= least * (1 + usual.tolerance));
    }
    memory_free(w);
    clear_large(&large);
}

static void a_path_of_costs_starts_warm(void **state) {
    (void)state;
    static struct large large;
    make_large(&large, NULL);
    for (size_t q = 0; q < 2; q++) {
        struct svm_problem *problem = &large.problems[q];
        problem->variables = memory_new(ROWS, sizeof(double));
        memory_free(solve(problem, 1, &large.data, &exact));
        double objective = problem->objective;
        unsigned cold = problem->passes;
        memory_free(solve(problem, 1, &large.data, &exact)); /* the same */
        assert_true(problem->passes < cold / 2);
        assert_true(fabs(problem->objective / objective - 1) < 1e-9);
        for (size_t i = 0; i < ROWS; i++) /* what may not be is mended */
            problem->variables[i] = i % 2 ? NAN : 1e3;
        memory_free(solve(problem, 1, &large.data, &exact));
        assert_true(fabs(problem->objective / objective - 1) < 1e-9);
        memory_free(problem->variables);
    }
    clear_large(&large);
}

static void threads_change_no_bit(void **state) {
    (void)state;
    static struct large large;
    double *first = NULL;
    for (size_t threads = 1; threads <= 3; threads++) {
        struct thread_pool *pool = thread_pool_new(threads);
        make_large(&large, pool);
        double *w = solve(large.problems, PROBLEMS, &large.data, &usual);
        if (first)
            assert_memory_equal(first, w, (COLUMNS + 1) * PROBLEMS * sizeof *w);
        else
            first = w;
        if (first != w)
            memory_free(w);
        clear_large(&large);
        thread_pool_free(pool);
    }
    memory_free(first);
}

/* ---- ending early -------------------------------------------------------- */

static void what_goes_wrong_is_told(void **state) {
    (void)state;
    static struct large large;
    make_large(&large, NULL);
    struct svm_options options = {1e-10, 2, 1};
    double *w = solve(large.problems, PROBLEMS, &large.data, &options);
    for (size_t q = 0; q < PROBLEMS; q++) {
        assert_false(large.problems[q].converged);
        assert_int_equal(large.problems[q].passes, 2);
        assert_true(large.problems[q].gap > options.tolerance);
        assert_true(
            fabs(judge(&large, q, w) / large.problems[q].objective - 1) < 1e-9);
    }
    struct progress stop = {stop_at_once, NULL};
    assert_int_equal(
        svm_fit(w, large.problems, PROBLEMS, &large.data, &usual, &stop, NULL),
        TENOR_ERROR_CANCELLED);
    /* which any thread hears: here the other one, in work without an end */
    pthread_t own = pthread_self();
    struct learn_data data = large.data;
    data.pool = thread_pool_new(2);
    options = (struct svm_options){1e-300, 1000000, 1};
    stop = (struct progress){stop_others, &own};
    assert_int_equal(
        svm_fit(w, large.problems, PROBLEMS, &data, &options, &stop, NULL),
        TENOR_ERROR_CANCELLED);
    thread_pool_free(data.pool);
    options.max_passes = 0;
    assert_int_equal(
        svm_fit(w, large.problems, PROBLEMS, &large.data, &options, NULL, NULL),
        TENOR_ERROR_USAGE);
    options = (struct svm_options){NAN, 5, 1};
    assert_int_equal(
        svm_fit(w, large.problems, PROBLEMS, &large.data, &options, NULL, NULL),
        TENOR_ERROR_USAGE);
    for (size_t n = 1;; n++) {
        memory_fail_at(n);
        tenor_status status = svm_fit(w, large.problems, PROBLEMS, &large.data,
                                      &usual, NULL, NULL);
        memory_fail_at(0);
        if (!status)
            break;
        assert_int_equal(status, TENOR_ERROR_MEMORY);
    }
    memset(large.costs[0], 0, sizeof large.costs[0]); /* nothing to learn */
    memory_free(w);
    w = solve(large.problems, PROBLEMS, &large.data, &usual);
    assert_true(large.problems[0].converged);
    for (size_t j = 0; j <= COLUMNS; j++)
        assert_true(w[j * PROBLEMS] == 0);
    memory_free(w);
    clear_large(&large);
}

/* ---- jobs ---------------------------------------------------------------- */

enum { OUTPUTS = 3, JOBS = 4 };
struct received {
    double *w[JOBS]; /* [columns + 1][OUTPUTS] */
    const struct fit_job *jobs;
};

static bool receive(void *context, const struct fit_job *jobs, size_t count,
                    const double *w, size_t k) {
    struct received *received = context;
    assert_int_equal(k, count * OUTPUTS);
    for (size_t q = 0; q < count; q++) {
        double *out = memory_new((COLUMNS + 1) * OUTPUTS, sizeof *out);
        for (size_t j = 0; j <= COLUMNS; j++)
            memcpy(out + j * OUTPUTS, w + j * k + q * OUTPUTS,
                   OUTPUTS * sizeof *out);
        received->w[&jobs[q] - received->jobs] = out;
    }
    return true;
}

static void jobs_of_several_kinds_are_solved(void **state) {
    (void)state;
    static struct large large;
    static uint32_t classes[ROWS];
    static double weights[ROWS], costs[ROWS];
    static int8_t signs[OUTPUTS][ROWS];
    uint8_t folds[ROWS];
    uint64_t chance = 5;
    make_large(&large, NULL);
    struct lesson lesson = {
        .outputs = OUTPUTS, .classes = classes, .weights = weights};
    for (size_t i = 0; i < ROWS; i++) {
        classes[i] = (uint32_t)(random_next(&chance) % OUTPUTS);
        weights[i] = (double)(i % 3);
        folds[i] = (uint8_t)(i % 2);
        costs[i] = folds[i] == 1 ? 0 : 2 * weights[i];
        for (size_t j = 0; j < OUTPUTS; j++)
            signs[j][i] = classes[i] == j ? 1 : -1;
    }
    struct fit_job jobs[JOBS] = {
        {&lesson, .method = {MODEL_LOGREG, 2, false}, .fold = FOLD_NONE},
        {&lesson, .method = {MODEL_SVM, 2, true}, .fold = 1},
        {&lesson, .method = {MODEL_SVM, 1, false}, .fold = FOLD_NONE},
        {&lesson, .method = {MODEL_LOGREG, 2, false}, .fold = FOLD_NONE},
    };
    struct received received = {.jobs = jobs};
    struct logreg_options options = {1e-4, 100};
    assert_int_equal(solve_jobs(jobs, JOBS, &large.data, folds, &options,
                                receive, &received, NULL, NULL),
                     0);
    assert_memory_equal(received.w[0], received.w[3],
                        (COLUMNS + 1) * OUTPUTS * sizeof(double));
    struct svm_problem alone[OUTPUTS];
    double sum = 0;
    double *scales[OUTPUTS];
    for (size_t j = 0; j < OUTPUTS; j++) {
        scales[j] = memory_new(COLUMNS, sizeof *scales[j]);
        assert_true(ratio_scales(scales[j], large.data.rows, &jobs[1], j,
                                 folds));
    }
    for (size_t j = 0; j < OUTPUTS; j++)
        alone[j] = (struct svm_problem){.loss = SVM_SQUARED_HINGE,
                                        .bias = BIAS_PENALIZED,
                                        .signs = signs[j],
                                        .costs = costs,
                                        .column_scales = scales[j]};
    double *w =
        solve(alone, OUTPUTS, &large.data, &(struct svm_options){1e-4, 500, 1});
    for (size_t j = 0; j < OUTPUTS; j++) {
        sum += alone[j].objective;
        memory_free(scales[j]);
    }
    assert_memory_equal(received.w[1], w,
                        (COLUMNS + 1) * OUTPUTS * sizeof(double));
    assert_true(fabs(sum / jobs[1].problem.objective - 1) < 1e-12);
    for (size_t i = 0; i < JOBS; i++) {
        assert_true(jobs[i].problem.converged);
        assert_null(jobs[i].problem.classes);
        assert_null(jobs[i].problem.column_scales);
        memory_free(received.w[i]);
    }
    memory_free(w);
    clear_large(&large);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_equal_liblinears),
        cmocka_unit_test(objectives_and_gaps_are_true),
        cmocka_unit_test(a_path_of_costs_starts_warm),
        cmocka_unit_test(threads_change_no_bit),
        cmocka_unit_test(what_goes_wrong_is_told),
        cmocka_unit_test(jobs_of_several_kinds_are_solved),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
