/* Private to train: from labelled paragraphs to problems and their weights. */
#ifndef TENOR_LESSONS_H
#define TENOR_LESSONS_H

#include "train.h"

/* ---- terms.c --------------------------------------------------------------------- */
tenor_status corpus_terms(struct vocabulary *out, struct matrix *rows,
                          const struct corpus *corpus,
                          const struct vocabulary_options *options,
                          struct thread_pool *pool,
                          const struct progress *progress, tenor_error *error);

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
/* A lesson learnt by one method from all rows but those of one fold. An SVM of
 * several outputs is one against the rest each. */
struct fit_job {
    const struct lesson *lesson;
    struct method method;
    uint8_t fold; /* FOLD_NONE: from all rows */
    /* results; its pointers go away. Of an SVM: sums over its outputs, the
     * largest gap, the most passes as steps. */
    struct logreg_problem problem;
};
/* Gets the weights w[columns + 1][k] of some jobs, their outputs side by side;
 * false: no memory. */
typedef bool fit_receiver(void *context, const struct fit_job *jobs,
                          size_t count, const double *w, size_t k);
/* Solves all jobs, as many side by side as memory allows. folds[rows] may be
 * NULL where no job leaves one out. */
tenor_status solve_jobs(struct fit_job *jobs, size_t count,
                        const struct learn_data *data, const uint8_t *folds,
                        const struct logreg_options *options,
                        fit_receiver *receive, void *context,
                        const struct progress *progress, tenor_error *error);

/* ---- ratios.c ---------------------------------------------------------------------- */
/* out[columns]: the scales that naive Bayes gives the columns for one output
 * of a job, from its training rows. false: no memory. */
bool ratio_scales(double *out, const struct matrix *rows,
                  const struct fit_job *job, size_t output,
                  const uint8_t *folds);

/* ---- the plan: which methods learn which task -------------------------------------- */
/* A method's part in one label's score: score = sum of scale * z + shift. */
struct blend_part {
    double scale, shift;
};
struct plan {
    struct task_plan *tasks;  /* [tasks] */
    struct blend_part *parts; /* [labels of all tasks][METHOD_LIMIT] */
};
bool same_method(const struct method *a, const struct method *b);

/* ---- crossval.c ---------------------------------------------------------------------- */
/* The lessons of all tasks by all methods of their plans, for each of `folds`
 * folds, fold after fold; folds 0: once, from all rows. The caller frees.
 * NULL: no memory. */
struct fit_job *plan_jobs(size_t *count, const struct plan *plan,
                          const struct lessons *lessons, size_t folds);
/* Scores the rows of the folds that jobs left out, by their weights
 * w[columns + 1][k]: scores[q][rows][stride] of job q. false: no memory. */
bool fold_scores(double *const *scores, size_t stride,
                 const struct fit_job *jobs, size_t count,
                 const struct learn_data *data, const uint8_t *folds,
                 const double *w, size_t k);
/* Scores of paragraphs by models that have not seen them. */
struct held_out {
    uint8_t *folds;  /* [rows] */
    size_t used;     /* only the rows of folds 0 to used - 1 are scored */
    bool *scored;    /* [rows] and of these the targets, to judge by */
    /* [rows][label_count] by the first method of each task, the second ...;
     * after blend_held_out the first are as the model would score */
    double *scores[METHOD_LIMIT];
    size_t label_count;
};
/* Cuts the folds, of which as many are used as give every task
 * options->calibration_rows rows, where it has as many. */
tenor_status held_out_start(struct held_out *out,
                            const struct lessons *lessons,
                            const struct corpus *corpus,
                            const struct learn_options *options,
                            tenor_error *error);
/* Scores them by the methods of the plan. */
tenor_status held_out_score(struct held_out *out, const struct plan *plan,
                            const struct lessons *lessons,
                            const struct learn_data *data,
                            const struct learn_options *options,
                            const struct progress *progress,
                            tenor_error *error);
void held_out_clear(struct held_out *held_out);

/* ---- blend.c ------------------------------------------------------------------------- */
/* Sets the parts of the plan's methods from their held-out scores, and blends
 * these. `ranked`: of a task's methods the first is the one that a search
 * prefers. */
tenor_status blend_held_out(struct plan *plan, struct held_out *held_out,
                            const struct corpus *corpus, bool ranked,
                            tenor_error *error);

/* ---- settle.c ------------------------------------------------------------------------ */
/* Sets calibration and thresholds of the model's labels, and the true
 * answers' probabilities. */
tenor_status settle_model(tenor_model *model, const struct held_out *held_out,
                          const struct corpus *corpus,
                          const struct learn_options *options,
                          tenor_error *error);

/* ---- provenance.c -------------------------------------------------------------------- */
/* What a model was made of, as JSON; the caller frees it with memory_free.
 * `search` is NULL where there was none. */
tenor_status provenance_write(char **out, const struct corpus *corpus,
                              const struct learn_options *options,
                              const struct vocabulary_options *vocabulary,
                              const struct plan *plan,
                              const struct search_outcome *search,
                              tenor_error *error);

#endif
