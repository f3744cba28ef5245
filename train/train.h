/* train: everything that learns. Stands on every room but cli's commands;
 * the `tenor` program holds none of it.
 *
 *   compact.c   the shared matrix; rows without columns that occur once
 *   dual.c      linear models row by row, by their dual variables
 *   svm.c       its losses for support vector machines
 *   logreg.c    logistic regression: which way a problem is solved
 *   logreg_dual.c    two classes, by the dual
 *   logreg_newton.c  any number, by truncated Newton steps
 *   newton_loops.c   its loops over rows and columns
 *   products.c  sparse matrix times dense block, both ways
 *   loss.c      logistic and softmax loss of one row: value, slope, curvature
 *   terms.c     a corpus's vocabulary and rows
 *   ratios.c    naive Bayes log-count ratios
 *   lessons.c   what there is to learn: a problem a label or task
 *   solve.c     lessons, folds and costs to weights, in batches
 *   gram.c, kernel_matrix.c  dot products and kernels of all pairs of rows
 *   kernel_svm.c  an SVM through libsvm; kernel_fit.c  many of them
 *   pairs.c     one label against one
 *   kernel_learn.c  lessons to their problems
 *   kernel_model.c  their solutions to a model's weights or support vectors
 *   folds.c     stratified folds
 *   calibrate.c scores to probabilities by a curve with few parameters
 *   isotonic.c  scores to probabilities by any rising curve
 *   thresholds.c  from which probability on a label holds
 *   crossval.c  scores of held-out paragraphs
 *   settle.c    held-out scores to a model's calibration and thresholds
 *   blend.c     several methods to one model
 *   settings.c  what a search tries
 *   figure.c    what a search compares
 *   race.c      which of them lead
 *   search.c    settings chosen by cross-validation
 *   learn.c     a corpus and its settings to a model
 *   dump.c      the rows for other programs
 *   provenance.c  what a model was made of, as JSON
 *   main.c      the tenor-train program (see options.h) */
#ifndef TENOR_TRAIN_H
#define TENOR_TRAIN_H

#include "base/base.h"
#include "corpus/corpus.h"
#include "features/features.h"
#include "model/model.h"

/* ---- the shared matrix -------------------------------------------------------
 * One matrix for all tasks, folds and costs, with what the solvers make of it
 * once: the rows without the columns that occur in one row only. Of these
 * nothing but the square matters while solving (see compact.c). */
struct compact_entry {
    uint32_t column; /* among those kept */
    float value;
};
struct compact_rows {
    size_t rows, columns;          /* columns: those kept */
    uint64_t *starts;              /* [rows + 1] into entries */
    struct compact_entry *entries; /* [starts[rows]] */
    uint32_t *kept; /* [all columns] number here, or COLUMN_ALONE */
    struct compact_entry *alone_entries; /* [all columns] of one that is alone:
                                          * its row, its value */
    double *norms, *alone; /* [rows] square of a row; of its part left out */
};
#define COLUMN_ALONE UINT32_MAX
struct learn_data {
    const struct matrix *rows;
    struct compact_rows compact;
    struct thread_pool *pool;
};
tenor_status learn_data_init(struct learn_data *out, const struct matrix *rows,
                             struct thread_pool *pool, tenor_error *error);
void learn_data_clear(struct learn_data *data);
/* Rows are worked on in blocks of this size. */
enum { ROW_BLOCK = 256 };
static inline size_t row_block_count(size_t rows) {
    return (rows + ROW_BLOCK - 1) / ROW_BLOCK;
}

/* ---- losses --------------------------------------------------------------------
 * Of one row with `outputs` scores z: one output is the logistic loss of class
 * 1 against 0, more are the softmax (cross-entropy) loss. */
double softplus(double x); /* ln(1 + e^x) */
double loss_value(const double *z, size_t outputs, uint32_t class);
/* p: probabilities of the outputs. */
void loss_probability(const double *z, size_t outputs, double *p);
/* slope[j] = p_j - [j is the class] */
void loss_slope(const double *p, size_t outputs, uint32_t class,
                double *slope);
/* out = H v with H the loss's second derivative in z at probabilities p. */
void loss_curve(const double *p, size_t outputs, const double *v, double *out);

/* ---- what all solvers share ----------------------------------------------------
 * The bias: none; a feature of value 1, its weight penalized like any other
 * (LIBLINEAR -B 1, scikit-learn's LinearSVC); or free of penalty. */
enum bias_kind { BIAS_FREE, BIAS_PENALIZED, BIAS_NONE };

/* ---- support vector machines ---------------------------------------------------
 * One problem: minimize over w [columns] and a bias
 *
 *     (|w|^2 + bias^2) / 2 + sum_i cost[i] * max(0, 1 - y_i (w.x_i + bias))^p
 *
 * with p 1 or 2, LIBLINEAR's -s 3 and -s 1 with -B 1, scikit-learn's
 * LinearSVC; cost[i] is C times the row's weight, 0 leaves a row out. */
enum svm_loss { SVM_SQUARED_HINGE, SVM_HINGE };
struct svm_problem {
    enum svm_loss loss;
    enum bias_kind bias;  /* BIAS_PENALIZED or BIAS_NONE */
    const int8_t *signs;  /* [rows] y_i, 1 or -1 */
    const double *costs;  /* [rows] >= 0 */
    /* [columns], or NULL for ones: the problem of the rows x_ij * scale_j; its
     * weights come out times the scales, to be used on plain rows. */
    const double *column_scales;
    /* [rows], or NULL: the dual variables to start from (zeros will do; those
     * of a lower cost are a good start), then those of the solution. */
    double *variables;
    /* results: */
    double objective;
    double gap; /* between primal and dual objective, as share of it: the
                 * objective is at most that much above the minimum */
    unsigned passes; /* over the rows */
    bool converged;
};
struct svm_options {
    double tolerance; /* stop when the gap is at most this; > 0 */
    unsigned max_passes;
    uint64_t seed; /* of the order of visits */
};

/* Solves all problems, each by one thread. w[columns + 1][count] receives the
 * solutions, the last row the biases. Not converging is no error: each problem
 * says so itself. */
tenor_status svm_fit(double *w, struct svm_problem *problems, size_t count,
                     const struct learn_data *data,
                     const struct svm_options *options,
                     const struct progress *progress, tenor_error *error);

/* ---- logistic regression --------------------------------------------------------
 * One problem: minimize over w [columns][outputs] and an unpenalized bias
 *
 *     |w|^2 / 2 + sum_i cost[i] * loss(w . x_i + bias, class[i])
 *
 * (see enum bias_kind for the bias's own penalty), which is scikit-learn's and
 * LIBLINEAR's objective with cost[i] = C times the
 * row's class weight; cost 0 leaves a row out, so that the folds of a
 * cross-validation are problems over one matrix. */
struct logreg_problem {
    size_t outputs;          /* 1: two classes, 0 and 1; else a softmax */
    const uint32_t *classes; /* [rows] */
    const double *costs;     /* [rows] */
    const double *column_scales; /* [columns] or NULL, as for SVM */
    enum bias_kind bias; /* BIAS_FREE is scikit-learn's */
    /* results: */
    double objective;
    double gap; /* estimated distance to the minimum, as share of it */
    unsigned steps, products; /* Newton steps, or visits of each row; passes
                               * over the matrix */
    bool converged;
};
struct logreg_options {
    double tolerance; /* stop when the gap is at most this; > 0 */
    unsigned max_steps; /* Newton steps; twice as many visits of each row */
};

/* Solves all problems. w[columns + 1][outputs of all problems] holds a start
 * (zeros will do; two classes need none) and then the solution; the last row
 * is the bias. Not converging is no error: each problem says so itself. */
tenor_status logreg_fit(double *w, struct logreg_problem *problems,
                        size_t count, const struct learn_data *data,
                        const struct logreg_options *options,
                        const struct progress *progress, tenor_error *error);

/* ---- folds ------------------------------------------------------------------------- */
enum { FOLD_LIMIT = 64, FOLD_NONE = 255 };
uint64_t random_next(uint64_t *state); /* the tree's one source of chance */
/* out[records]: the fold that each is held out in, 0 to folds - 1, stratified
 * by the labels of all tasks; records of one group stay together. */
tenor_status folds_assign(uint8_t *out, const struct corpus *corpus,
                          size_t folds, uint64_t seed, tenor_error *error);

/* ---- calibration ------------------------------------------------------------------- */
/* logistic(scale * z + shift) fits truth[count] (0 or 1) best; scale > 0. */
void calibrate_binary(double *scale, double *shift, const double *z,
                      const uint8_t *truth, size_t count);
/* The scale 1 / T for which softmax(z / T) fits the classes best, near 1 where
 * they say little of it; z[count][outputs]. */
double calibrate_softmax(const double *z, const uint32_t *class, size_t count,
                         size_t outputs);
/* The best rising curve: knots[*count] in the order of their scores.
 * false: no memory. */
enum { KNOT_LIMIT = 64 };
bool calibrate_isotonic(struct model_knot knots[KNOT_LIMIT], size_t *count,
                        const double *z, const uint8_t *truth, size_t rows);

/* What the thresholds of multi-label tasks are chosen for. */
struct threshold_goal {
    enum {
        GOAL_F1,        /* the highest F1 */
        GOAL_PRECISION, /* the most recall with at least this precision */
        GOAL_RECALL,    /* the best precision with at least this recall */
        GOAL_FIXED,     /* this threshold */
    } kind;
    double value; /* 0 to 1 */
};
/* The threshold that serves the goal best on held-out probabilities, drawn
 * towards caution where there are few positives. false: no memory. */
bool choose_threshold(double *out, const double *probability,
                      const uint8_t *truth, size_t count,
                      const struct threshold_goal *goal);

/* ---- from a corpus to a model ------------------------------------------------------ */
/* Names of the settings' values, as options and provenance spell them; each
 * list ends in NULL. */
extern const char *const number_names[], *const tf_names[], *const idf_names[],
    *const norm_names[], *const marker_names[], *const selection_names[];

enum class_weighting { CLASS_WEIGHT_NONE, CLASS_WEIGHT_BALANCED };

/* A weight that the user gave one label: its rows count that often. */
struct label_weight {
    const char *label; /* "negative", or "tone=negative" for one task's */
    double weight;
};

/* How one task is learnt. */
enum model_kind { MODEL_LOGREG, MODEL_SVM, MODEL_KINDS };
extern const char *const model_kind_names[MODEL_KINDS + 1]; /* then NULL */
struct method {
    enum model_kind kind;
    double cost; /* C */
    bool ratios; /* over columns scaled by log-count ratios (ratios.c) */
};
enum { METHOD_LIMIT = 2 };
struct task_plan {
    struct method methods[METHOD_LIMIT]; /* several are blended (blend.c) */
    size_t method_count;
};
/* What a search holds against one another; micro-F1 for a multi-label task. */
enum search_metric { METRIC_MACRO_F1, METRIC_ACCURACY };

struct learn_options {
    struct vocabulary_options vocabulary;
    struct task_plan plan; /* of every task */
    struct kernel kernel;  /* of SVMs; but for the linear one through libsvm */
    bool pairs; /* its single-label tasks: one label against one, not against
                 * the rest */
    enum class_weighting class_weighting;
    const struct label_weight *label_weights; /* [label_weight_count] */
    size_t label_weight_count;
    struct logreg_options logreg;
    size_t folds;         /* for calibration; 0: none is done */
    size_t calibration_rows; /* as many held-out rows are enough */
    struct threshold_goal goal; /* of the multi-label tasks' thresholds */
    uint64_t seed;
    bool search;          /* choose vocabulary and methods, see search.c */
    unsigned search_kinds; /* a bit for each kind that it may choose; 0: any */
    enum search_metric metric;
    double time_limit; /* seconds for the search; 0: none */
    const char *dump; /* prefix of files for dump_features, or NULL */
    const char *version; /* of the program, for the provenance */
};
extern const struct learn_options learn_options_default;
tenor_status learn_options_check(const struct learn_options *options,
                                 tenor_error *error);

/* How the learning of one label or one single-label task went. */
struct learn_outcome {
    const char *task, *label; /* label NULL: the whole task; borrowed from the
                               * corpus */
    struct method method;
    size_t rows;              /* that say something of the task */
    struct logreg_problem problem;
};
/* One setting of a search, for one task. */
struct search_trial {
    size_t task;
    char features[64];
    struct method method;
    size_t folds; /* that it was judged on, before it was dropped */
    double mean, deviation; /* of its figures on them */
    bool chosen;
};
struct search_outcome {
    struct vocabulary_options vocabulary; /* chosen */
    char features[64];                    /* its name */
    struct task_plan *plans;              /* [tasks] chosen */
    struct search_trial *trials;          /* [trial_count] */
    size_t trial_count, folds;
    bool stopped;     /* before all was tried */
    bool interrupted; /* and that by the user, not by the time limit */
};
void search_outcome_clear(struct search_outcome *outcome);

struct learn_report {
    struct search_outcome search; /* empty where none was asked for */
    size_t columns;
    uint64_t entries; /* of the matrix */
    struct learn_outcome *outcomes; /* [outcome_count] */
    size_t outcome_count;
};
void learn_report_clear(struct learn_report *report);

/* Trains on all tasks of the corpus. `report` may be NULL. */
tenor_status learn_model(tenor_model **out, struct learn_report *report,
                         const struct corpus *corpus,
                         const struct learn_options *options,
                         struct thread_pool *pool,
                         const struct progress *progress, tenor_error *error);

/* Writes the rows and labels in libsvm's format (see dump.c). */
tenor_status dump_features(const char *prefix, const struct corpus *corpus,
                           const struct matrix *rows,
                           const struct vocabulary *vocabulary,
                           tenor_error *error);

#endif
