/* logreg: solutions against scikit-learn's (tests/golden/logreg.py) and against
 * the conditions of an optimum, many problems at once against one by one,
 * threads, what is not converged. */
#include "train.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "solver_helpers.h"

#define GOLDEN TENOR_SOURCE_DIR "/tests/golden/logreg.json"
#include "golden.h"

static const struct logreg_options exact = {.tolerance = 1e-14,
                                            .max_steps = 200};

/* ---- data -------------------------------------------------------------- */

struct task {
    size_t outputs;
    uint32_t *classes;    /* [rows] */
    double *costs;        /* [rows] */
    const double *scales; /* [columns] or NULL; borrowed */
    enum bias_kind bias;
};

static void make_task(struct task *out, size_t rows, size_t outputs,
                      uint64_t seed) {
    out->outputs = outputs;
    out->classes = memory_new(rows, sizeof *out->classes);
    out->costs = memory_new(rows, sizeof *out->costs);
    for (size_t i = 0; i < rows; i++) {
        out->classes[i] =
            (uint32_t)(random_next(&seed) % (outputs == 1 ? 2 : outputs));
        out->costs[i] = i % 5 ? 4 * uniform(&seed) : 0;
    }
}

static void clear_task(struct task *task) {
    memory_free(task->classes);
    memory_free(task->costs);
}

/* Solves tasks[count] side by side; the caller frees w[columns + 1][k]. */
static double *solve(struct logreg_problem *problems, const struct task *tasks,
                     size_t count, const struct learn_data *data,
                     const struct logreg_options *options) {
    size_t k = 0;
    for (size_t q = 0; q < count; q++) {
        problems[q] = (struct logreg_problem){.outputs = tasks[q].outputs,
                                              .classes = tasks[q].classes,
                                              .costs = tasks[q].costs,
                                              .column_scales = tasks[q].scales,
                                              .bias = tasks[q].bias};
        k += tasks[q].outputs;
    }
    double *w = memory_new((data->rows->columns + 1) * k, sizeof *w);
    tenor_error error = {0};
    if (logreg_fit(w, problems, count, data, options, NULL, &error))
        fail_msg("%s", error.message);
    return w;
}

/* The objective and its gradient's largest number, computed the plain way, of
 * a problem whose outputs start at `first` of k. The gradient is in the weights
 * of scaled rows. */
static double judge(const struct matrix *rows, const struct task *task,
                    const double *w, size_t k, size_t first, double *largest) {
    size_t outputs = task->outputs, columns = rows->columns;
    double *g = memory_new((columns + 1) * outputs, sizeof *g);
    double *z = memory_new(3 * outputs, sizeof *z), objective = 0;
    for (size_t j = 0; j < columns; j++)
        for (size_t o = 0; o < outputs; o++) {
            double weight = w[j * k + first + o];
            if (task->scales && task->scales[j] == 0)
                assert_true(weight == 0);
            else if (task->scales)
                weight /= task->scales[j];
            g[j * outputs + o] = weight;
            objective += weight * weight / 2;
        }
    for (size_t o = 0; o < outputs && task->bias == BIAS_PENALIZED; o++) {
        double bias = w[columns * k + first + o];
        g[columns * outputs + o] = bias;
        objective += bias * bias / 2;
    }
    for (size_t i = 0; i < rows->rows; i++) {
        for (size_t o = 0; o < outputs; o++) {
            z[o] = w[columns * k + first + o];
            for (uint64_t e = rows->starts[i]; e < rows->starts[i + 1]; e++)
                z[o] += (double)rows->values[e] *
                        w[rows->indices[e] * k + first + o];
        }
        loss_probability(z, outputs, z + outputs);
        loss_slope(z + outputs, outputs, task->classes[i], z + 2 * outputs);
        objective += task->costs[i] * loss_value(z, outputs, task->classes[i]);
        for (size_t o = 0; o < outputs; o++) {
            double slope = task->costs[i] * z[2 * outputs + o];
            g[columns * outputs + o] += slope;
            for (uint64_t e = rows->starts[i]; e < rows->starts[i + 1]; e++)
                g[rows->indices[e] * outputs + o] +=
                    (double)rows->values[e] * slope *
                    (task->scales ? task->scales[rows->indices[e]] : 1);
        }
    }
    for (size_t o = 0; o < outputs && task->bias == BIAS_NONE; o++) {
        assert_true(w[columns * k + first + o] == 0);
        g[columns * outputs + o] = 0;
    }
    *largest = 0;
    for (size_t i = 0; i < (columns + 1) * outputs; i++)
        *largest = fmax(*largest, fabs(g[i]));
    memory_free(g);
    memory_free(z);
    return objective;
}

/* ---- against scikit-learn ---------------------------------------------- */

static void load_task(struct task *out, const json_t *object, size_t rows) {
    *out = (struct task){0};
    const json_t *classes = json_object_get(object, "classes");
    const json_t *costs = json_object_get(object, "costs");
    out->outputs =
        (size_t)json_integer_value(json_object_get(object, "outputs"));
    out->classes = memory_new(rows, sizeof *out->classes);
    out->costs = memory_new(rows, sizeof *out->costs);
    for (size_t i = 0; i < rows; i++) {
        out->classes[i] =
            (uint32_t)json_integer_value(json_array_get(classes, i));
        out->costs[i] = json_number_value(json_array_get(costs, i));
    }
}

static void compare(const json_t *object, const double *w, size_t k,
                    size_t first, size_t outputs) {
    const json_t *rows = json_object_get(object, "weights"), *row;
    size_t last = json_array_size(rows) - 1, j;
    double mean = 0; /* of a softmax's intercepts, which is arbitrary */
    for (size_t o = 0; o < outputs && outputs > 1; o++)
        mean += w[last * k + first + o] / (double)outputs;
    json_array_foreach(rows, j, row) for (size_t o = 0; o < outputs; o++) {
        double expected = json_number_value(json_array_get(row, o));
        double actual = w[j * k + first + o] - (j == last ? mean : 0);
        if (!(fabs(actual - expected) <= 1e-4))
            fail_msg("%s: weight %zu of output %zu is %.9g, expected %.9g",
                     json_string_value(json_object_get(object, "name")), j, o,
                     actual, expected);
    }
}

static void weights_equal_scikit_learns(void **state) {
    (void)state;
    enum { MOST = 32 };
    const json_t *problems = json_object_get(golden, "problems"), *object;
    struct matrix rows;
    struct learn_data data;
    struct task tasks[MOST];
    struct logreg_problem solved[MOST];
    load_rows(&rows, golden);
    assert_int_equal(learn_data_init(&data, &rows, NULL, NULL), TENOR_OK);
    size_t i, k = 0, first = 0, count = json_array_size(problems);
    assert_true(count >= 15 && count <= MOST);
    json_array_foreach(problems, i, object) {
        load_task(&tasks[i], object, rows.rows);
        double *w = solve(&solved[i], &tasks[i], 1, &data, &exact);
        compare(object, w, tasks[i].outputs, 0, tasks[i].outputs);
        assert_true(solved[i].converged);
        k += tasks[i].outputs;
        memory_free(w);
    }
    double *w = solve(solved, tasks, count, &data, &exact); /* all at once */
    json_array_foreach(problems, i, object) {
        compare(object, w, k, first, tasks[i].outputs);
        first += tasks[i].outputs;
        clear_task(&tasks[i]);
    }
    memory_free(w);
    learn_data_clear(&data);
    matrix_clear(&rows);
}

/* ---- optimality -------------------------------------------------------- */

enum { ROWS = 700, COLUMNS = 5000, TASKS = 8, OUTPUTS = 86 };
static const size_t task_outputs[TASKS] = {1, 5, 1, 70, 1, 1, 3, 4};

struct large {
    struct matrix rows;
    struct task tasks[TASKS];
    double scales[COLUMNS];
};

static void make_large(struct large *out) {
    make_rows(&out->rows, ROWS, COLUMNS, 12);
    for (size_t q = 0; q < TASKS; q++)
        make_task(&out->tasks[q], ROWS, task_outputs[q], 100 + q);
    uint64_t chance = 3;
    for (size_t j = 0; j < COLUMNS; j++)
        out->scales[j] = j % 7 ? 3 * uniform(&chance) - 1 : 0;
    out->tasks[4].scales = out->tasks[6].scales = out->scales;
    out->tasks[4].bias = out->tasks[7].bias = BIAS_PENALIZED;
    out->tasks[5].bias = out->tasks[6].bias = BIAS_NONE;
}

static void clear_large(struct large *large) {
    for (size_t q = 0; q < TASKS; q++)
        clear_task(&large->tasks[q]);
    matrix_clear(&large->rows);
}

static void solutions_are_optimal(void **state) {
    (void)state;
    static struct large large;
    struct learn_data data;
    struct logreg_problem together[TASKS], alone;
    make_large(&large);
    assert_int_equal(learn_data_init(&data, &large.rows, NULL, NULL), 0);
    assert_true(row_block_count(ROWS) > 1);
    double *w = solve(together, large.tasks, TASKS, &data, &exact), gradient;
    for (size_t q = 0, first = 0; q < TASKS; first += task_outputs[q++]) {
        const struct task *task = &large.tasks[q];
        double objective =
            judge(&large.rows, task, w, OUTPUTS, first, &gradient);
        assert_true(together[q].converged);
        assert_true(gradient < 1e-5);
        assert_true(fabs(together[q].objective / objective - 1) < 1e-10);

        double *one = solve(&alone, task, 1, &data, &exact);
        assert_true(fabs(alone.objective / objective - 1) < 1e-10);
        for (size_t j = 0; j < COLUMNS; j++)
            for (size_t o = 0; o < task->outputs; o++)
                assert_true(fabs(one[j * task->outputs + o] -
                                 w[j * OUTPUTS + first + o]) < 1e-5);
        memory_free(one);
    }
    memory_free(w);
    learn_data_clear(&data);
    clear_large(&large);
}

/* At the usual tolerance, no problem is further from its minimum. */
static void gaps_are_true(void **state) {
    (void)state;
    const struct logreg_options usual = {.tolerance = 1e-4, .max_steps = 100};
    static struct large large;
    struct learn_data data;
    struct logreg_problem rough[TASKS], close[TASKS];
    double gradient;
    make_large(&large);
    assert_int_equal(learn_data_init(&data, &large.rows, NULL, NULL), 0);
    double *w = solve(rough, large.tasks, TASKS, &data, &usual);
    for (size_t q = 0, first = 0; q < TASKS; first += task_outputs[q++]) {
        double objective =
            judge(&large.rows, &large.tasks[q], w, OUTPUTS, first, &gradient);
        assert_true(rough[q].converged);
        assert_true(fabs(rough[q].objective / objective - 1) < 1e-9);
    }
    memory_free(w);
    memory_free(solve(close, large.tasks, TASKS, &data, &exact));
    for (size_t q = 0; q < TASKS; q++) {
        double excess = rough[q].objective / close[q].objective - 1;
        assert_true(excess > -1e-9 && excess < usual.tolerance);
    }
    learn_data_clear(&data);
    clear_large(&large);
}

/* One class has no best bias; what is reached must still be told. */
static void a_single_class_ends(void **state) {
    (void)state;
    const struct logreg_options usual = {.tolerance = 1e-4, .max_steps = 20};
    static struct large large;
    struct learn_data data;
    struct logreg_problem problem;
    double gradient;
    make_large(&large);
    assert_int_equal(learn_data_init(&data, &large.rows, NULL, NULL), 0);
    memset(large.tasks[0].classes, 0, ROWS * sizeof *large.tasks[0].classes);
    double *w = solve(&problem, &large.tasks[0], 1, &data, &usual);
    double objective = judge(&large.rows, &large.tasks[0], w, 1, 0, &gradient);
    assert_true(problem.converged);
    assert_true(fabs(problem.objective / objective - 1) < 1e-9);
    assert_true(objective < 1 && w[COLUMNS] < -9 && w[0] == 0);
    memory_free(w);
    learn_data_clear(&data);
    clear_large(&large);
}

/* Where labels contradict each other at a high cost, the variables of many rows
 * lie next to their bounds; the dual has to do without Newton steps, whose
 * passes would be counted too. */
static void contradictions_take_few_visits(void **state) {
    (void)state;
    const struct logreg_options usual = {.tolerance = 1e-5, .max_steps = 1000};
    static const size_t outputs[] = {1, 4, 7};
    struct matrix rows;
    struct learn_data data;
    enum { ENTRIES = 12 };
    make_rows(&rows, ROWS, COLUMNS, ENTRIES);
    for (size_t i = 1; i < ROWS; i += 8) /* the same text, another label */
        for (size_t e = i * ENTRIES; e < (i + 1) * ENTRIES; e++) {
            rows.indices[e] = rows.indices[e - ENTRIES];
            rows.values[e] = rows.values[e - ENTRIES];
        }
    assert_int_equal(learn_data_init(&data, &rows, NULL, NULL), 0);
    for (size_t q = 0; q < ARRAY_LENGTH(outputs); q++) {
        struct task task = {0};
        struct logreg_problem rough, close;
        double gradient;
        make_task(&task, rows.rows, outputs[q], 5);
        for (size_t i = 0; i < rows.rows; i++)
            task.costs[i] *= 20;
        double *w = solve(&rough, &task, 1, &data, &usual);
        double objective = judge(&rows, &task, w, outputs[q], 0, &gradient);
        memory_free(w);
        memory_free(solve(&close, &task, 1, &data, &exact));
        assert_true(rough.converged);
        assert_true(rough.products == 2 * rough.steps);
        assert_true(fabs(rough.objective / objective - 1) < 1e-9);
        assert_true(rough.objective / close.objective - 1 < usual.tolerance);
        clear_task(&task);
    }
    learn_data_clear(&data);
    matrix_clear(&rows);
}

static void threads_change_no_bit(void **state) {
    (void)state;
    const struct logreg_options usual = {.tolerance = 1e-5, .max_steps = 100};
    static struct large large;
    struct logreg_problem problems[TASKS];
    double *first = NULL;
    make_large(&large);
    for (size_t threads = 1; threads <= 3; threads++) {
        struct thread_pool *pool = thread_pool_new(threads);
        struct learn_data data;
        assert_int_equal(learn_data_init(&data, &large.rows, pool, NULL), 0);
        double *w = solve(problems, large.tasks, TASKS, &data, &usual);
        if (first)
            assert_memory_equal(first, w, (COLUMNS + 1) * OUTPUTS * sizeof *w);
        else
            first = w;
        if (first != w)
            memory_free(w);
        learn_data_clear(&data);
        thread_pool_free(pool);
    }
    memory_free(first);
    clear_large(&large);
}

/* ---- ending early ------------------------------------------------------ */

static void what_goes_wrong_is_told(void **state) {
    (void)state;
    struct logreg_options options = {.tolerance = 1e-14, .max_steps = 1};
    static struct large large;
    struct learn_data data;
    struct logreg_problem problem;
    make_large(&large);
    assert_int_equal(learn_data_init(&data, &large.rows, NULL, NULL), 0);
    double *w = solve(&problem, &large.tasks[6], 1, &data, &options), gradient;
    double objective = judge(&large.rows, &large.tasks[6], w, 3, 0, &gradient);
    assert_false(problem.converged);
    assert_int_equal(problem.steps, 1);
    assert_true(problem.gap > options.tolerance);
    assert_true(fabs(problem.objective / objective - 1) < 1e-10);

    struct progress stop = {stop_at_once, NULL};
    assert_int_equal(logreg_fit(w, &problem, 1, &data, &options, &stop, NULL),
                     TENOR_ERROR_CANCELLED);
    options.max_steps = 0;
    assert_int_equal(logreg_fit(w, &problem, 1, &data, &options, NULL, NULL),
                     TENOR_ERROR_USAGE);
    options = (struct logreg_options){.tolerance = NAN, .max_steps = 5};
    assert_int_equal(logreg_fit(w, &problem, 1, &data, &options, NULL, NULL),
                     TENOR_ERROR_USAGE);
    problem.column_scales = NULL; /* both ways: the dual, then Newton steps */
    for (size_t outputs = 1; outputs <= 3; outputs += 2) {
        problem.outputs = outputs;
        problem.classes = large.tasks[outputs == 1 ? 0 : 6].classes;
        for (size_t n = 1;; n++) {
            memory_fail_at(n);
            tenor_status status =
                logreg_fit(w, &problem, 1, &data, &exact, NULL, NULL);
            memory_fail_at(0);
            if (!status)
                break;
            assert_int_equal(status, TENOR_ERROR_MEMORY);
        }
    }
    memory_free(w);
    learn_data_clear(&data);
    clear_large(&large);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_equal_scikit_learns),
        cmocka_unit_test(solutions_are_optimal),
        cmocka_unit_test(gaps_are_true),
        cmocka_unit_test(a_single_class_ends),
        cmocka_unit_test(contradictions_take_few_visits),
        cmocka_unit_test(threads_change_no_bit),
        cmocka_unit_test(what_goes_wrong_is_told),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
