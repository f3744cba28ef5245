/* train: everything that learns. Stands on every room but cli's commands;
 * the `tenor` program holds none of it.
 *
 * Solvers (solvers.h): a matrix, classes and costs to weights.
 *   compact.c        the shared matrix; rows without columns that occur once
 *   dual.c           linear models row by row, by their dual variables
 *   svm.c            its losses for support vector machines
 *   logreg.c         logistic regression: which way a problem is solved
 *   logreg_dual.c    two classes, by the dual
 *   softmax_dual.c   more classes, by the dual
 *   logreg_newton.c  any number, by truncated Newton steps
 *   newton_loops.c   its loops over rows and columns
 *   products.c       sparse matrix times dense block, both ways
 *   loss.c           logistic and softmax loss: value, slope, curvature
 *
 * Kernels (kernels.h): the same from dot products of all pairs of rows.
 *   gram.c           dot products of all pairs of rows
 *   kernel_matrix.c  kernel values from these, as libsvm reads them
 *   kernel_svm.c     one SVM through libsvm
 *   kernel_fit.c     many of them, over one matrix
 *   pairs.c          one label against one
 *   kernel_learn.c   lessons to their problems
 *   kernel_model.c   their solutions to weights or support vectors
 *
 * From paragraphs to problems and back (lessons.h):
 *   terms.c          a corpus's vocabulary and rows
 *   lessons.c        what there is to learn: a problem a label or task
 *   ratios.c         naive Bayes log-count ratios
 *   solve.c          lessons, folds and costs to weights, in batches
 *   folds.c          stratified folds; chance
 *   crossval.c       scores of held-out paragraphs
 *   judged.c         scores beside the truth, in order
 *   calibrate.c      scores to probabilities by a curve with few parameters
 *   isotonic.c       scores to probabilities by any rising curve
 *   thresholds.c     from which probability on a label holds
 *   settle.c         held-out scores to a model's calibration and thresholds
 *   blend.c          several methods to one model
 *   learn.c          a corpus and its settings to a model
 *   dump.c           the rows for other programs
 *   provenance.c     what a model was made of, as JSON
 *
 * The search (search.h):
 *   settings.c       what it tries
 *   figure.c         what it compares
 *   race.c           what it has seen, and what is out of the race
 *   leaders.c        what leads it
 *   search.c         the settings chosen by cross-validation
 *
 * The program (options.h): main.c, options.c, request.c, table.c */
#ifndef TENOR_TRAIN_H
#define TENOR_TRAIN_H

#include "base/base.h"
#include "corpus/corpus.h"
#include "features/features.h"
#include "model/model.h"
#include "solvers.h"

/* ---- folds ------------------------------------------------------------------------- */
enum { FOLD_LIMIT = 64, FOLD_NONE = 255 };
/* out[records]: the fold that each is held out in, 0 to folds - 1, stratified
 * by the labels of all tasks; records of one group stay together. */
tenor_status folds_assign(uint8_t *out, const struct corpus *corpus,
                          size_t folds, uint64_t seed, tenor_error *error);

/* ---- scores beside the truth ----------------------------------------------------- */
struct judged {
    double score;
    uint8_t truth; /* 0 or 1 */
};
void judged_sort(struct judged *judged, size_t count); /* the highest first */

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
enum goal_kind {
    GOAL_F1,        /* the highest F1 */
    GOAL_PRECISION, /* the most recall with at least this precision */
    GOAL_RECALL,    /* the best precision with at least this recall */
    GOAL_FIXED,     /* this threshold */
};
struct threshold_goal {
    enum goal_kind kind;
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
enum { METHOD_LIMIT = 2 * MODEL_KINDS };
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
    uint64_t kernel_bytes; /* that all pairs of rows may take for it */
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
    double leeway; /* share of a figure given up for a lower cost */
    double time_limit; /* seconds for the search; 0: none */
    const char *dump; /* prefix of files for dump_features, or NULL */
    const char *version; /* of the program, for the provenance */
    const struct corpus_options *reading; /* of the corpus, likewise; or NULL */
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
    char features[80];
    struct method method;
    size_t folds; /* that it was judged on, before it was dropped */
    double mean, deviation; /* of its figures on them */
    bool chosen;
};
struct search_outcome {
    struct vocabulary_options vocabulary; /* chosen */
    char features[80];                    /* its name */
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
