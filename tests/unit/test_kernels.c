/* Kernel SVMs: solutions against scikit-learn's (tests/golden/kernels.py),
 * folds, what has one sign only, what can't be done. */
#include "kernel_helpers.h"

#include <math.h>

#include <jansson.h>

#define GOLDEN TENOR_SOURCE_DIR "/tests/golden/kernels.json"
#include "golden.h"

static const struct kernel_options exact = {.tolerance = 1e-9,
                                            .cache_bytes = 1 << 20};

/* ---- data ------------------------------------------------------------ */

static double number(const json_t *object, const char *key) {
    return json_number_value(json_object_get(object, key));
}

static void load_kernel(struct kernel *out, const json_t *problem) {
    static const char *const names[] = {"linear", "rbf", "polynomial"};
    const char *name = json_string_value(json_object_get(problem, "kernel"));
    *out = (struct kernel){.degree = (uint32_t)number(problem, "degree"),
                           .gamma = number(problem, "gamma"),
                           .offset = number(problem, "offset")};
    while (strcmp(names[out->kind], name) != 0)
        out->kind++;
}

/* ---- solutions ------------------------------------------------------- */

struct task {
    struct matrix rows;
    struct gram gram;
    struct kernel_matrix matrix;
    signed char signs[256];
};

static void load_signs(signed char *out, const json_t *problem) {
    const json_t *signs = json_object_get(problem, "signs"), *sign;
    size_t i;
    json_array_foreach(signs, i, sign) out[i] =
        (signed char)json_integer_value(sign);
}

static void compare(const json_t *expected,
                    const struct kernel_problem *problem,
                    const struct kernel_matrix *matrix) {
    const char *name = json_string_value(json_object_get(expected, "name"));
    const json_t *values = json_object_get(expected, "values"), *value;
    double objective = number(expected, "objective"), largest = 1;
    size_t i;
    if (fabs(kernel_svm_objective(problem, matrix) / objective - 1) > 1e-5)
        fail_msg("%s: the objective is %.9g, expected %.9g", name,
                 kernel_svm_objective(problem, matrix), objective);
    json_array_foreach(values, i, value) largest =
        fmax(largest, fabs(json_number_value(value)));
    json_array_foreach(values, i, value) {
        double actual = kernel_svm_value(problem, matrix, i);
        if (fabs(actual - json_number_value(value)) > 1e-4 * largest)
            fail_msg("%s: row %zu has %.9g, expected %.9g", name, i, actual,
                     json_number_value(value));
    }
    assert_true(problem->iterations > 0);
    for (size_t s = 0; s < problem->support_count; s++) {
        assert_true(s == 0 || problem->support[s] > problem->support[s - 1]);
        assert_true(
            problem->coefficients[s] * problem->signs[problem->support[s]] > 0);
    }
}

/* A linear solution's weights give the same values. */
static void compare_weights(const struct kernel_problem *problem,
                            const struct task *task) {
    size_t columns = task->rows.columns;
    double *w = memory_new(columns * 2, sizeof *w);
    kernel_svm_weights(problem, &task->rows, 0.5, w, 2, 1);
    for (size_t i = 0; i < task->rows.rows; i++) {
        double sum = problem->bias;
        for (uint64_t e = task->rows.starts[i]; e < task->rows.starts[i + 1];
             e++)
            sum += (double)task->rows.values[e] * 2 *
                   w[task->rows.indices[e] * 2 + 1];
        assert_true(fabs(sum - kernel_svm_value(problem, &task->matrix, i)) <
                    1e-4);
    }
    assert_true(w[0] == 0);
    memory_free(w);
}

static void solutions_equal_scikit_learns(void **state) {
    (void)state;
    const json_t *problems = json_object_get(golden, "problems"), *expected;
    struct task task;
    size_t i;
    load_rows(&task.rows, golden);
    assert_int_equal(gram_compute(&task.gram, &task.rows, NULL, NULL, NULL), 0);
    assert_true(json_array_size(problems) >= 18);
    json_array_foreach(problems, i, expected) {
        const json_t *costs = json_object_get(expected, "costs");
        struct kernel kernel;
        load_kernel(&kernel, expected);
        load_signs(task.signs, expected);
        struct kernel_problem problem = {
            .signs = task.signs,
            .costs = {json_number_value(json_array_get(costs, 0)),
                      json_number_value(json_array_get(costs, 1))}};
        assert_int_equal(
            kernel_matrix_fill(&task.matrix, &task.gram, &kernel, NULL, NULL),
            0);
        assert_int_equal(
            kernel_svm_fit(&problem, 1, &task.matrix, &exact, NULL, NULL, NULL),
            0);
        compare(expected, &problem, &task.matrix);
        if (kernel.kind == KERNEL_LINEAR)
            compare_weights(&problem, &task);
        kernel_problem_clear(&problem);
        kernel_matrix_clear(&task.matrix);
    }
    gram_clear(&task.gram);
    matrix_clear(&task.rows);
}

enum { LABELS = 4, PAIRS = 6 };

static void pairs_vote_as_scikit_learns(void **state) {
    (void)state;
    const json_t *expected = json_object_get(golden, "pairs");
    const json_t *labels = json_object_get(expected, "classes");
    const json_t *predicted = json_object_get(expected, "predicted");
    const struct kernel kernel = {.kind = KERNEL_RBF,
                                  .gamma = number(expected, "gamma")};
    double cost = number(expected, "cost");
    struct kernel_problem problems[PAIRS];
    signed char signs[PAIRS][256];
    uint32_t classes[256], pair = 0;
    struct task task;
    load_rows(&task.rows, golden);
    for (size_t i = 0; i < task.rows.rows; i++)
        classes[i] = (uint32_t)json_integer_value(json_array_get(labels, i));
    assert_int_equal(pair_count(LABELS), PAIRS);
    for (uint32_t a = 0; a < LABELS; a++)
        for (uint32_t b = a + 1; b < LABELS; b++, pair++) {
            pair_signs(signs[pair], classes, NULL, task.rows.rows, a, b);
            problems[pair] = (struct kernel_problem){.signs = signs[pair],
                                                     .costs = {cost, cost}};
        }
    assert_int_equal(gram_compute(&task.gram, &task.rows, NULL, NULL, NULL), 0);
    assert_int_equal(
        kernel_matrix_fill(&task.matrix, &task.gram, &kernel, NULL, NULL), 0);
    assert_int_equal(
        kernel_svm_fit(problems, PAIRS, &task.matrix, &exact, NULL, NULL, NULL),
        0);
    for (size_t i = 0; i < task.rows.rows; i++) {
        double values[PAIRS], scores[LABELS];
        for (size_t p = 0; p < PAIRS; p++)
            values[p] = kernel_svm_value(&problems[p], &task.matrix, i);
        assert_int_equal(pair_vote(values, LABELS),
                         json_integer_value(json_array_get(predicted, i)));
        pair_scores(scores, values, LABELS);
        assert_true(fabs(scores[1] - (values[3] + values[4] - values[0])) <
                    1e-12);
        assert_true(fabs(scores[3] + values[2] + values[4] + values[5]) <
                    1e-12);
    }
    for (size_t p = 0; p < PAIRS; p++)
        kernel_problem_clear(&problems[p]);
    kernel_matrix_clear(&task.matrix);
    gram_clear(&task.gram);
    matrix_clear(&task.rows);
}

/* ---- folds, threads, edges ------------------------------------------- */

enum { ROWS = 200, JOBS = 8 };

static void make_task(struct task *out) {
    make_rows(&out->rows, ROWS, 400);
    assert_int_equal(gram_compute(&out->gram, &out->rows, NULL, NULL, NULL), 0);
    assert_int_equal(kernel_matrix_fill(&out->matrix, &out->gram,
                                        &(struct kernel){0}, NULL, NULL),
                     0);
    for (size_t i = 0; i < ROWS; i++)
        out->signs[i] = i % 3 ? -1 : 1;
}

static void clear_task(struct task *task) {
    kernel_matrix_clear(&task->matrix);
    gram_clear(&task->gram);
    matrix_clear(&task->rows);
}

static void assert_same(const struct kernel_problem *a,
                        const struct kernel_problem *b) {
    assert_int_equal(a->support_count, b->support_count);
    assert_memory_equal(a->support, b->support,
                        a->support_count * sizeof *a->support);
    assert_memory_equal(a->coefficients, b->coefficients,
                        a->support_count * sizeof *a->coefficients);
    assert_memory_equal(&a->bias, &b->bias, sizeof a->bias);
}

/* A fold held out is a problem without its rows, at any number of threads. */
static void folds_are_rows_left_out(void **state) {
    (void)state;
    struct task task;
    uint8_t folds[ROWS];
    signed char fewer[JOBS][ROWS];
    struct kernel_problem jobs[JOBS], plain[JOBS];
    struct thread_pool *pool = thread_pool_new(3);
    make_task(&task);
    for (size_t i = 0; i < ROWS; i++)
        folds[i] = (uint8_t)(i * 7 % JOBS);
    for (uint8_t q = 0; q < JOBS; q++) {
        jobs[q] = (struct kernel_problem){.signs = task.signs,
                                          .folds = folds,
                                          .fold = q,
                                          .costs = {1 + q, 2}};
        for (size_t i = 0; i < ROWS; i++)
            fewer[q][i] = folds[i] == q ? 0 : task.signs[i];
        plain[q] =
            (struct kernel_problem){.signs = fewer[q], .costs = {1 + q, 2}};
    }
    assert_int_equal(
        kernel_svm_fit(jobs, JOBS, &task.matrix, &exact, pool, NULL, NULL), 0);
    assert_int_equal(
        kernel_svm_fit(plain, JOBS, &task.matrix, &exact, NULL, NULL, NULL), 0);
    for (size_t q = 0; q < JOBS; q++) {
        assert_same(&jobs[q], &plain[q]);
        assert_true(jobs[q].support_count > 0);
        kernel_problem_clear(&jobs[q]);
        kernel_problem_clear(&plain[q]);
    }
    clear_task(&task);
    thread_pool_free(pool);
}

/* Costs in any order: each solution is its own cost's optimum, and costs that
 * no coefficient reaches share one, whatever the threads. */
static void higher_costs_share_solutions(void **state) {
    (void)state;
    static const double costs[JOBS] = {64, 0.01, 4096, 1, 16, 0.25, 1024, 256};
    struct kernel_problem jobs[JOBS], again[JOBS], alone;
    struct thread_pool *pool = thread_pool_new(3);
    struct task task;
    size_t shared = 0;
    make_task(&task);
    for (size_t i = 0; i < ROWS; i++) /* rows of nothing are inseparable */
        if (task.rows.starts[i + 1] - task.rows.starts[i] < 5)
            task.signs[i] = 0;
    for (size_t q = 0; q < JOBS; q++)
        jobs[q] = again[q] = (struct kernel_problem){
            .signs = task.signs, .costs = {costs[q], 2 * costs[q]}};
    assert_int_equal(
        kernel_svm_fit(jobs, JOBS, &task.matrix, &exact, NULL, NULL, NULL), 0);
    assert_int_equal(
        kernel_svm_fit(again, JOBS, &task.matrix, &exact, pool, NULL, NULL), 0);
    for (size_t q = 0; q < JOBS; q++) {
        alone = (struct kernel_problem){.signs = task.signs,
                                        .costs = {costs[q], 2 * costs[q]}};
        assert_int_equal(
            kernel_svm_fit(&alone, 1, &task.matrix, &exact, NULL, NULL, NULL),
            0);
        assert_true(fabs(kernel_svm_objective(&jobs[q], &task.matrix) /
                             kernel_svm_objective(&alone, &task.matrix) -
                         1) < 1e-6);
        for (size_t i = 0; i < ROWS; i++)
            assert_true(fabs(kernel_svm_value(&jobs[q], &task.matrix, i) -
                             kernel_svm_value(&alone, &task.matrix, i)) < 1e-3);
        shared += jobs[q].iterations == 0;
        assert_same(&jobs[q], &again[q]);
        kernel_problem_clear(&jobs[q]);
        kernel_problem_clear(&again[q]);
        kernel_problem_clear(&alone);
    }
    assert_in_range(shared, 1, JOBS - 3);
    clear_task(&task);
    thread_pool_free(pool);
}

static void one_sign_needs_no_support(void **state) {
    (void)state;
    struct task task;
    static signed char signs[4][ROWS]; /* none, all 1, all -1, two rows */
    struct kernel_problem problems[4];
    make_task(&task);
    memset(signs[1], 1, ROWS);
    memset(signs[2], -1, ROWS);
    signs[3][17] = 1;
    signs[3][ROWS - 1] = -1;
    for (size_t q = 0; q < 4; q++)
        problems[q] =
            (struct kernel_problem){.signs = signs[q], .costs = {1000, 1000}};
    assert_int_equal(
        kernel_svm_fit(problems, 4, &task.matrix, &exact, NULL, NULL, NULL), 0);
    for (size_t q = 0; q < 3; q++) {
        assert_int_equal(problems[q].support_count, 0);
        assert_true(problems[q].bias == (q == 2 ? -1 : (double)q));
        assert_true(kernel_svm_objective(&problems[q], &task.matrix) == 0);
    }
    assert_int_equal(problems[3].support_count, 2);
    assert_true(fabs(kernel_svm_value(&problems[3], &task.matrix, 17) - 1) <
                1e-4);
    for (size_t q = 0; q < 4; q++)
        kernel_problem_clear(&problems[q]);
    clear_task(&task);
}

static bool stop(void *context, const char *stage, double done, double total) {
    (void)stage;
    assert_true(done > 0 && done <= total);
    return --*(int *)context > 0;
}

static void what_cannot_be_done_is_said(void **state) {
    (void)state;
    struct task task;
    tenor_error error = {0};
    make_task(&task);
    struct kernel_problem problems[3] = {
        {.signs = task.signs, .costs = {1, 1}},
        {.signs = task.signs, .costs = {1, 1}},
        {.signs = task.signs, .costs = {1, 0}}};
    assert_int_equal(
        kernel_svm_fit(problems, 3, &task.matrix, &exact, NULL, NULL, &error),
        TENOR_ERROR_USAGE);
    const struct kernel_options zero = {.tolerance = 0};
    assert_int_equal(
        kernel_svm_fit(problems, 2, &task.matrix, &zero, NULL, NULL, &error),
        TENOR_ERROR_USAGE);
    int steps = 1;
    const struct progress progress = {stop, &steps};
    assert_int_equal(kernel_svm_fit(problems, 2, &task.matrix, &exact, NULL,
                                    &progress, &error),
                     TENOR_ERROR_CANCELLED);
    assert_null(problems[0].support);
    struct gram gram;
    steps = 2;
    assert_int_equal(gram_compute(&gram, &task.rows, NULL, &progress, &error),
                     TENOR_ERROR_CANCELLED);
    assert_null(gram.dots);
    clear_task(&task);
}

static tenor_status fit_all(const struct matrix *rows,
                            const signed char *signs) {
    struct thread_pool *pool = NULL;
    struct gram gram = {0};
    struct kernel_matrix matrix = {0};
    struct kernel_problem problems[2] = {{.signs = signs, .costs = {1e6, 1e6}},
                                         {.signs = signs, .costs = {1e5, 1e5}}};
    tenor_status status = gram_compute(&gram, rows, pool, NULL, NULL);
    if (!status)
        status =
            kernel_matrix_fill(&matrix, &gram, &(struct kernel){0}, pool, NULL);
    if (!status)
        status = kernel_svm_fit(problems, 2, &matrix, &exact, pool, NULL, NULL);
    kernel_problem_clear(&problems[0]);
    kernel_problem_clear(&problems[1]);
    kernel_matrix_clear(&matrix);
    gram_clear(&gram);
    return status;
}

static void every_failed_allocation_is_reported(void **state) {
    (void)state;
    struct task task;
    make_task(&task);
    size_t n = 1;
    for (;; n++) {
        memory_fail_at(n);
        tenor_status status = fit_all(&task.rows, task.signs);
        memory_fail_at(0);
        if (!status)
            break;
        assert_int_equal(status, TENOR_ERROR_MEMORY);
    }
    assert_true(n > 15);
    clear_task(&task);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(solutions_equal_scikit_learns),
        cmocka_unit_test(pairs_vote_as_scikit_learns),
        cmocka_unit_test(folds_are_rows_left_out),
        cmocka_unit_test(higher_costs_share_solutions),
        cmocka_unit_test(one_sign_needs_no_support),
        cmocka_unit_test(what_cannot_be_done_is_said),
        cmocka_unit_test(every_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
