/* Logistic regression: which way each problem is solved.
 *
 * Problems go by the dual, a row at a time (logreg_dual.c, softmax_dual.c),
 * which needs the fewest passes over the matrix to any precision that learning
 * asks for. What is left goes by Newton steps (logreg_newton.c), from where the
 * dual came to: a softmax over scaled columns, precision beyond DUAL_TOLERANCE,
 * and the rare problem that the dual is slow on, such as one whose rows
 * contradict each other at a high cost. The choice depends on the problem
 * alone, never on how many there are or on the threads. */
#include "logreg.h"

#include <math.h>

static const double DUAL_TOLERANCE = 1e-9;
enum { PASSES_A_STEP = 2 };

struct choice {
    struct logreg_problem **problems; /* [count] */
    size_t *outputs;                  /* [count] the first of each in w */
    size_t count;
};

static void add_problem(struct choice *choice, struct logreg_problem *problem,
                        size_t output) {
    choice->problems[choice->count] = problem;
    choice->outputs[choice->count++] = output;
}

/* Where all rows that count are of one class, a free bias grows without end
 * and the weights go to 0; it is stopped where the loss is the tolerance's
 * share of what it was. False: there are two classes, or the bias is held. */
static bool solve_single_class(double *w, size_t k, size_t output,
                               struct logreg_problem *problem,
                               const struct matrix *rows, double tolerance) {
    bool seen[2] = {false, false};
    double costs = 0;
    for (size_t i = 0; i < rows->rows; i++)
        if (problem->costs[i] > 0) {
            seen[problem->classes[i] != 0] = true;
            costs += problem->costs[i];
        }
    if (problem->bias != BIAS_FREE || (seen[0] && seen[1]))
        return false;
    for (size_t j = 0; j <= rows->columns; j++)
        w[j * k + output] = 0;
    double *bias = &w[rows->columns * k + output];
    if (seen[1])
        *bias = -log(fmin(tolerance, 0.5));
    else if (seen[0])
        *bias = log(fmin(tolerance, 0.5));
    problem->objective = costs * softplus(-fabs(*bias));
    problem->gap = costs > 0 ? tolerance : 0;
    problem->converged = true;
    return true;
}

/* The dual's softmax takes plain columns; of one class alone the minimum is 0,
 * to which no share of it comes near. */
static bool suits_dual(const struct logreg_problem *problem, size_t rows) {
    uint32_t class = UINT32_MAX;
    if (problem->column_scales)
        return false;
    for (size_t i = 0; i < rows; i++) {
        if (problem->costs[i] == 0)
            continue;
        if (class != UINT32_MAX && problem->classes[i] != class)
            return true;
        class = problem->classes[i];
    }
    return false;
}

static tenor_status solve(double *w, size_t k, struct choice *choice,
                          struct logreg_problem *problems, size_t count,
                          const struct learn_data *data,
                          const struct logreg_options *options,
                          const struct progress *progress, tenor_error *error) {
    double tolerance = options->tolerance > DUAL_TOLERANCE ? options->tolerance
                                                           : DUAL_TOLERANCE;
    tenor_status status = TENOR_OK;
    for (size_t q = 0, first = 0; q < count; first += problems[q++].outputs)
        if (problems[q].outputs > 1
                ? suits_dual(&problems[q], data->rows->rows)
                : !solve_single_class(w, k, first, &problems[q], data->rows,
                                      options->tolerance))
            add_problem(choice, &problems[q], first);
    if (choice->count)
        status = logreg_dual(
            w, k, choice->problems, choice->outputs, choice->count, data,
            tolerance, PASSES_A_STEP * options->max_steps, progress, error);
    choice->count = 0;
    for (size_t q = 0, first = 0; q < count; first += problems[q++].outputs)
        if (!problems[q].converged || problems[q].gap > options->tolerance)
            add_problem(choice, &problems[q], first);
    if (!status && choice->count)
        status = logreg_newton(w, k, choice->problems, choice->outputs,
                               choice->count, data, options, progress, error);
    return status;
}

tenor_status logreg_fit(double *w, struct logreg_problem *problems,
                        size_t count, const struct learn_data *data,
                        const struct logreg_options *options,
                        const struct progress *progress, tenor_error *error) {
    if (!(options->tolerance > 0) || options->max_steps == 0)
        return error_set(error, TENOR_ERROR_USAGE,
                         "the tolerance is above 0 and at least one step is "
                         "allowed");
    struct choice choice = {
        .problems = memory_new(count, sizeof *choice.problems),
        .outputs = memory_new(count, sizeof *choice.outputs)};
    size_t k = 0;
    for (size_t q = 0; q < count; q++) {
        k += problems[q].outputs;
        problems[q].steps = problems[q].products = 0;
        problems[q].converged = false;
    }
    tenor_status status = choice.problems && choice.outputs
                              ? solve(w, k, &choice, problems, count, data,
                                      options, progress, error)
                              : error_memory(error);
    memory_free(choice.problems);
    memory_free(choice.outputs);
    return status;
}
