/* Private to train: from labelled paragraphs to problems and their weights. */
#ifndef TENOR_LESSONS_H
#define TENOR_LESSONS_H

#include "train.h"

/* ---- lessons.c ------------------------------------------------------------------
 * One problem to learn: a single-label task, or one label of a multi-label
 * task. A single-label task of two labels is one logistic problem, as
 * everywhere in the field; the model keeps +w/2 and -w/2, whose softmax is
 * the same. */
struct lesson {
    const struct corpus_task *task;
    size_t task_number, first_label; /* among the labels of all tasks */
    size_t label;       /* of a multi-label task */
    size_t outputs;     /* of the problem */
    bool halves;        /* one output that scores two labels */
    uint32_t *classes;  /* [rows] */
    double *weights;    /* [rows] what a row counts; 0: not labelled */
};
struct lessons {
    struct lesson *items;
    size_t count;
    size_t label_count; /* of all tasks */
    size_t rows;
};
tenor_status lessons_make(struct lessons *out, const struct corpus *corpus,
                          const struct learn_options *options,
                          tenor_error *error);
void lessons_clear(struct lessons *lessons);

/* ---- solve.c ----------------------------------------------------------------------- */
enum model_kind { MODEL_LOGREG, MODEL_SVM };
/* A lesson learnt at one cost from all rows but those of one fold. Zeros are
 * logistic regression on plain columns. */
struct fit_job {
    const struct lesson *lesson;
    enum model_kind kind; /* an SVM of several outputs is one against the rest
                           * each */
    enum svm_loss loss;   /* of an SVM */
    double cost;
    uint8_t fold; /* FOLD_NONE: from all rows */
    /* [outputs], each [columns] or NULL; NULL: none. A softmax takes the first
     * for all of its outputs. */
    const double *const *column_scales;
    /* results; its pointers go away. Of an SVM: sums over its outputs, the
     * largest gap, the most passes as steps. */
    struct logreg_problem problem;
};
/* Gets the weights w[columns + 1][k] of a job, its outputs from `first` on;
 * false: no memory. */
typedef bool fit_receiver(void *context, const struct fit_job *job,
                          const double *w, size_t k, size_t first);
/* Solves all jobs, as many side by side as memory allows. folds[rows] may be
 * NULL where no job leaves one out. */
tenor_status solve_jobs(struct fit_job *jobs, size_t count,
                        const struct learn_data *data, const uint8_t *folds,
                        const struct logreg_options *options,
                        fit_receiver *receive, void *context,
                        const struct progress *progress, tenor_error *error);

/* ---- crossval.c ---------------------------------------------------------------------- */
/* Scores of paragraphs by models that have not seen them. */
struct held_out {
    uint8_t *folds;  /* [rows] */
    bool *scored;    /* [rows] */
    double *scores;  /* [rows][label_count], as the model would score */
    size_t label_count;
};
/* Scores the rows of folds 0 to used - 1. */
tenor_status held_out_score(struct held_out *out,
                            const struct lessons *lessons,
                            const struct corpus *corpus,
                            const struct learn_data *data,
                            const struct learn_options *options,
                            const struct progress *progress,
                            tenor_error *error);
void held_out_clear(struct held_out *held_out);

/* ---- settle.c ------------------------------------------------------------------------ */
/* Sets calibration and thresholds of the model's labels, and the true
 * answers' probabilities. */
tenor_status settle_model(tenor_model *model, const struct held_out *held_out,
                          const struct corpus *corpus,
                          const struct learn_options *options,
                          tenor_error *error);

#endif
