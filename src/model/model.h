/* model: a trained model in memory and in its file, classifying, explaining.
 * Stands on features.
 *
 *   model.c     the model as a thing; its checks
 *   file.c      sections, checksums, mapping
 *   classify.c  a paragraph to probabilities and labels
 *   explain.c   which terms decided */
#ifndef TENOR_SRC_MODEL_H
#define TENOR_SRC_MODEL_H

#include "base/base.h"
#include "features/features.h"
#include "tenor/model.h"

/* One label: z is its score, w . x + bias. A task turns the scores of its
 * labels into probabilities by logistic(scale * z + shift) where several may
 * hold, and by softmax over scale * z + shift where one does. */
struct model_label {
    char *name;
    float bias, scale, shift;
    float threshold; /* multi-label: holds from this probability on */
};

struct model_task {
    char *name;
    bool multi;
    size_t first; /* of its labels among all */
    size_t label_count;
};

struct tenor_model {
    struct vocabulary vocabulary;
    struct model_task *tasks; /* [task_count] */
    size_t task_count;
    struct model_label *labels; /* [label_count] of all tasks */
    size_t label_count;
    size_t stride;  /* label_count rounded up: the weights' row length */
    float *weights; /* [vocabulary.columns][stride], padded with 0 */
    char *provenance; /* JSON: what it was trained on and how; NUL-terminated */
    struct term_names *names; /* built at load: the spelling of terms */
    struct file_bytes file;   /* what a loaded model points into */
    bool borrowed;            /* weights and vocabulary belong to `file` */
};

enum { MODEL_STRIDE = 4 }; /* floats: one vector register's worth */
static inline size_t model_stride(size_t labels) {
    return (labels + MODEL_STRIDE - 1) / MODEL_STRIDE * MODEL_STRIDE;
}

/* Writes the model to `path`, complete or not at all. The bytes depend on
 * nothing but the model. */
tenor_status model_save(const struct tenor_model *model, const char *path,
                        tenor_error *error);

/* Scores of one row: scores[stride]. */
void model_score(const struct tenor_model *model, const struct row *row,
                 float *scores);
/* Probabilities and labels from scores; all arrays [label_count]. */
void model_decide(const struct tenor_model *model, const float *scores,
                  float *probability, unsigned char *holds);

#endif
