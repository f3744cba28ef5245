/* model: a trained model in memory and in its file, classifying, explaining.
 * Stands on features.
 *
 *   model.c     the model as a thing; its checks
 *   file_*.c    sections, checksums, mapping (see file.h)
 *   kernel.c    kernels from dot products
 *   support.c   scores by support vectors
 *   classify.c  a paragraph to probabilities and labels
 *   doubt.c     label sets that hold the truth as often as asked
 *   explain.c   which terms decided */
#ifndef TENOR_SRC_MODEL_H
#define TENOR_SRC_MODEL_H

#include "base/base.h"
#include "features/features.h"
#include "model/kernel.h"
#include "tenor/model.h"

/* A stretch of one of the model's arrays. */
struct model_range {
    uint32_t first, count;
};

/* A point of a calibration curve: this score means this probability. */
struct model_knot {
    float score, probability;
};

/* One label: z is its score, w . x + bias. A task turns the scores of its
 * labels into probabilities by logistic(scale * z + shift) where several may
 * hold, and by softmax over scale * z + shift where one does. Where a label
 * of a multi-label task has knots, the straight lines between them stand in
 * for the logistic curve. */
struct model_label {
    char *name;
    float bias, scale, shift;
    float threshold; /* multi-label: holds from this probability on */
    struct model_range knots;  /* in the order of their scores */
    struct model_range truths; /* multi-label, see struct tenor_model */
};

struct model_task {
    char *name;
    bool multi;
    size_t first; /* of its labels among all */
    size_t label_count;
    struct model_range truths; /* single-label */
};

/* What a model has in place of weights where its kernel is not linear: the
 * support vectors of all labels, by columns. */
struct model_support {
    struct kernel kernel;
    size_t count;        /* support vectors; may be 0 */
    uint64_t *starts;    /* [vocabulary.columns + 1], into rows and values */
    uint32_t *rows;      /* support vectors that have the column, ascending */
    float *values;       /* what they have there */
    float *squares;      /* [count] their squared lengths */
    float *coefficients; /* [count][stride], padded with 0 */
};

struct tenor_model {
    struct vocabulary vocabulary;
    struct model_task *tasks; /* [task_count] */
    size_t task_count;
    struct model_label *labels; /* [label_count] of all tasks */
    size_t label_count;
    size_t stride;  /* label_count rounded up: the weights' row length */
    float *weights; /* [vocabulary.columns][stride], padded with 0; where the
                     * kernel is not linear: none */
    struct model_support support; /* where it is: none */
    struct model_knot *knots; /* [knot_count] of all labels */
    size_t knot_count;
    /* The probabilities that held-out models gave to the true answer, in
     * ascending order, thinned where there are very many: what conformal
     * prediction holds a new probability against. One stretch for a
     * single-label task, one for each label of a multi-label task. */
    float *truths; /* [truth_count] */
    size_t truth_count;
    char *provenance; /* JSON: what it was trained on and how; NUL-terminated */
    struct term_names *names; /* built at load: the spelling of terms */
    struct file_bytes file;   /* what a loaded model points into */
    bool borrowed;            /* weights and vocabulary belong to `file` */
};

enum { MODEL_STRIDE = 4 }; /* floats: one vector register's worth */
static inline size_t model_stride(size_t labels) {
    return (labels + MODEL_STRIDE - 1) / MODEL_STRIDE * MODEL_STRIDE;
}

static inline bool model_is_linear(const struct tenor_model *model) {
    return model->support.kernel.kind == KERNEL_LINEAR;
}

/* Writes the model to `path`, complete or not at all. The bytes depend on
 * nothing but the model. */
tenor_status model_save(const struct tenor_model *model, const char *path,
                        tenor_error *error);

/* Scores of one row by a linear model: scores[stride]. */
void model_score(const struct tenor_model *model, const struct row *row,
                 float *scores);
/* Of a label of a multi-label task: from its score, by its knots where it has
 * any. */
float label_probability(const struct model_label *label,
                        const struct model_knot *knots, size_t knot_count,
                        float score);
/* Probabilities and labels from scores; all arrays [label_count]. */
void model_decide(const struct tenor_model *model, const float *scores,
                  float *probability, unsigned char *holds);

/* The least probability with which an answer belongs to a set that holds the
 * true one with probability `coverage`, from 0 to 1: the answer's probability
 * must reach it. `truths` as in struct tenor_model. 0 where there are too few
 * of them to say. */
float conformal_level(const float *truths, size_t count, double coverage);

#endif
