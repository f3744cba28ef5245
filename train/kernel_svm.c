/* A support vector machine through libsvm, over a kernel matrix that many
 * share.
 *
 * A problem is an array of pointers into the matrix, one a row that learns;
 * libsvm copies what it needs of the values to floats, in a cache of its own.
 * Its model, too, points into the matrix: the coefficients are copied out and
 * the model goes at once.
 *
 * libsvm keeps three things for the whole process: rand(), drawn from only for
 * probabilities and by its own cross-validation, neither of which is used
 * here; the function that it prints with, set before any thread starts; and
 * the standard error that it warns on after ten million steps. What it prints
 * is the one place where it tells the number of steps.
 *
 * Its shrinking heuristic is left off: with the kernel's values at hand it
 * saves less than it costs in swapped rows and in gradients made anew (a
 * quarter of the time on 8,000 rows), and it loosens the stopping rule.
 *
 * Sources: Chang & Lin, "LIBSVM: a library for support vector machines", 2011;
 * Fan, Chen & Lin, "Working set selection using second order information",
 * JMLR 2005. */
#include "kernels.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <svm.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

/* What the layout of the kernel matrix rests on. */
_Static_assert(sizeof(struct svm_node) == 2 * sizeof(double) &&
                   offsetof(struct svm_node, value) == sizeof(double),
               "libsvm's node");

/* ---- libsvm's report ------------------------------------------------- */
static _Thread_local unsigned iterations; /* of this thread's last problem */

static void read_report(const char *text) {
    static const char before[] = "#iter = ";
    const char *found = strstr(text, before);
    if (found)
        iterations = (unsigned)strtoul(found + sizeof before - 1, NULL, 10);
}

void kernel_svm_prepare(void) {
    svm_set_print_string_function(read_report);
#ifdef __GLIBC__
    /* libsvm's cache comes and goes with every problem: its pages stay */
    mallopt(M_MMAP_THRESHOLD, 1 << 25);
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
#endif
}

/* ---- one problem ----------------------------------------------------- */
/* The rows that learn, as libsvm wants them. */
struct subset {
    size_t count, positive;
    uint32_t *rows;          /* [count] */
    double *signs;           /* [count] */
    struct svm_node **nodes; /* [count] */
};

static bool learns(const struct kernel_problem *problem, size_t row) {
    return problem->signs[row] != 0 &&
           !(problem->folds && problem->folds[row] == problem->fold);
}

static void clear_subset(struct subset *subset) {
    memory_free(subset->rows);
    memory_free(subset->signs);
    memory_free(subset->nodes);
}

/* false: no memory. */
static bool fill_subset(struct subset *out,
                        const struct kernel_problem *problem,
                        const struct kernel_matrix *matrix) {
    size_t rows = matrix->rows;
    out->rows = memory_new_raw(rows, sizeof *out->rows);
    out->signs = memory_new_raw(rows, sizeof *out->signs);
    out->nodes = memory_new_raw(rows, sizeof *out->nodes);
    if (!out->rows || !out->signs || !out->nodes)
        return false;
    for (size_t i = 0; i < rows; i++) {
        if (!learns(problem, i))
            continue;
        out->rows[out->count] = (uint32_t)i;
        out->signs[out->count] = problem->signs[i];
        out->nodes[out->count++] =
            (struct svm_node *)(uintptr_t)(kernel_row(matrix, i) - 3);
        out->positive += problem->signs[i] > 0;
    }
    return true;
}

static int compare_rows(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* Copies the solution out of libsvm's model; false: no memory. */
static bool take_solution(struct kernel_problem *problem,
                          const struct svm_model *model,
                          const struct subset *subset, size_t rows) {
    size_t count = (size_t)model->l;
    double turn = model->label[0] > 0 ? 1 : -1; /* whom it calls positive */
    double *dense = memory_new_raw(rows, sizeof *dense);
    problem->support = memory_new(count, sizeof *problem->support);
    problem->coefficients = memory_new(count, sizeof *problem->coefficients);
    bool enough = dense && problem->support && problem->coefficients;
    for (size_t s = 0; enough && s < count; s++) {
        uint32_t row = subset->rows[model->sv_indices[s] - 1];
        problem->support[s] = row;
        dense[row] = turn * model->sv_coef[0][s];
    }
    if (enough && count > 0)
        qsort(problem->support, count, sizeof *problem->support, compare_rows);
    for (size_t s = 0; enough && s < count; s++)
        problem->coefficients[s] = dense[problem->support[s]];
    memory_free(dense);
    problem->support_count = enough ? count : 0;
    problem->bias = turn * -model->rho[0];
    problem->iterations = iterations;
    return enough;
}

/* libsvm's cache, in MB: no more than the problem can fill. */
static double cache_size(size_t rows, uint64_t most) {
    double all = (double)rows * ((double)rows + 8) * sizeof(float);
    return fmax(1, fmin(all, (double)most) / (1 << 20));
}

static bool solve(struct kernel_problem *problem, const struct subset *subset,
                  const struct kernel_matrix *matrix,
                  const struct kernel_options *options) {
    int labels[2] = {-1, 1};
    double weights[2] = {problem->costs[0], problem->costs[1]};
    struct svm_parameter parameter = {
        .svm_type = C_SVC,
        .kernel_type = PRECOMPUTED,
        .cache_size = cache_size(subset->count, options->cache_bytes),
        .eps = options->tolerance,
        .C = 1,
        .nr_weight = 2,
        .weight_label = labels,
        .weight = weights,
        .shrinking = 0}; /* see the head of this file */
    struct svm_problem input = {(int)subset->count, subset->signs,
                                subset->nodes};
    iterations = 0;
    struct svm_model *model = svm_train(&input, &parameter);
    bool enough = take_solution(problem, model, subset, matrix->rows);
    svm_free_and_destroy_model(&model);
    return enough;
}

bool kernel_svm_solve(struct kernel_problem *problem,
                      const struct kernel_matrix *matrix,
                      const struct kernel_options *options) {
    struct subset subset = {0};
    bool enough = fill_subset(&subset, problem, matrix);
    if (enough && (subset.positive == 0 || subset.positive == subset.count))
        problem->bias = subset.count == 0 ? 0 : subset.positive ? 1 : -1;
    else if (enough)
        enough = solve(problem, &subset, matrix, options);
    clear_subset(&subset);
    return enough;
}

void kernel_problem_clear(struct kernel_problem *problem) {
    memory_free(problem->support);
    memory_free(problem->coefficients);
    problem->support = NULL;
    problem->coefficients = NULL;
    problem->support_count = 0;
}

/* ---- what a solution says -------------------------------------------- */
/* f at a row, without the bias. */
static double value_at(const struct kernel_problem *problem,
                       const struct kernel_matrix *matrix, size_t row) {
    const double *values = kernel_row(matrix, row);
    double sum = 0;
    for (size_t s = 0; s < problem->support_count; s++)
        sum +=
            problem->coefficients[s] * values[2 * (size_t)problem->support[s]];
    return sum;
}

double kernel_svm_value(const struct kernel_problem *problem,
                        const struct kernel_matrix *matrix, size_t row) {
    return value_at(problem, matrix, row) + problem->bias;
}

double kernel_svm_objective(const struct kernel_problem *problem,
                            const struct kernel_matrix *matrix) {
    double objective = 0;
    for (size_t s = 0; s < problem->support_count; s++) {
        double f = value_at(problem, matrix, problem->support[s]);
        objective +=
            fabs(problem->coefficients[s]) - problem->coefficients[s] * f / 2;
    }
    return objective;
}

void kernel_svm_weights(const struct kernel_problem *problem,
                        const struct matrix *rows, double scale, double *w,
                        size_t k, size_t first) {
    for (size_t s = 0; s < problem->support_count; s++) {
        size_t row = problem->support[s];
        double coefficient = scale * problem->coefficients[s];
        for (uint64_t i = rows->starts[row]; i < rows->starts[row + 1]; i++)
            w[(size_t)rows->indices[i] * k + first] +=
                coefficient * (double)rows->values[i];
    }
}
