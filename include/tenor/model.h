/* Models: load one file, ask what it is, label paragraphs.
 *
 * A loaded model never changes, so threads share it freely; each thread has
 * its own tenor_classifier. A short program:
 *
 *     tenor_error error = {0};
 *     tenor_model *model = NULL;
 *     tenor_classifier *classifier = NULL;
 *     tenor_result result;
 *     if (tenor_model_load(&model, "news.tenor", &error) ||
 *         tenor_classifier_new(&classifier, model, &error) ||
 *         tenor_classify(classifier, &result, text, strlen(text), &error))
 *         puts(error.message);
 *     else
 *         for (size_t i = 0; i < tenor_model_labels(model, 0); i++)
 *             printf("%s %.2f\n", tenor_model_label(model, 0, i),
 *                    result.probability[i]);
 *     tenor_classifier_free(classifier);
 *     tenor_model_free(model);
 */
#ifndef TENOR_MODEL_H
#define TENOR_MODEL_H

#include <stddef.h>

#include "tenor/error.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tenor_model tenor_model;
typedef struct tenor_classifier tenor_classifier;

/* Maps the file, verifies every section's checksum and every number that
 * could lead out of bounds. Errors: TENOR_ERROR_IO, TENOR_ERROR_MODEL (no
 * model, damaged, of another version), TENOR_ERROR_MEMORY. */
TENOR_API tenor_status tenor_model_load(tenor_model **out, const char *path,
                                        tenor_error *error);
/* The same from memory, which must stay as it is, 8-byte aligned, until
 * tenor_model_free. `name` stands in messages. */
TENOR_API tenor_status tenor_model_load_memory(tenor_model **out,
                                               const char *name,
                                               const void *data, size_t size,
                                               tenor_error *error);
TENOR_API void tenor_model_free(tenor_model *model); /* NULL is fine */

/* Tasks are numbered from 0, a task's labels too. The names belong to the
 * model. A number out of range gives NULL or 0. */
TENOR_API size_t tenor_model_tasks(const tenor_model *model);
TENOR_API const char *tenor_model_task(const tenor_model *model, size_t task);
/* 1: several labels may hold, or none; 0: exactly one holds. */
TENOR_API int tenor_model_task_is_multi(const tenor_model *model, size_t task);
TENOR_API size_t tenor_model_labels(const tenor_model *model, size_t task);
TENOR_API const char *tenor_model_label(const tenor_model *model, size_t task,
                                        size_t label);
/* Where a task's labels start in the arrays of a tenor_result. */
TENOR_API size_t tenor_model_first_output(const tenor_model *model,
                                          size_t task);

/* What the classifier says of one paragraph. The arrays hold the labels of
 * all tasks, task after task; they belong to the classifier and hold until
 * its next call. */
typedef struct tenor_result {
    size_t outputs;           /* labels of all tasks */
    const float *probability; /* [outputs] 0 to 1; a single-label task's sum
                               * to 1 */
    const unsigned char *holds; /* [outputs] 1: the label is given. In a
                                 * single-label task the one with the highest
                                 * probability; in a multi-label task those
                                 * whose probability reaches the label's
                                 * threshold */
    /* NULL unless tenor_classifier_set_coverage was called: */
    const unsigned char *possible; /* [outputs] TENOR_MAY_HOLD where the label
                                    * belongs to the set of answers;
                                    * TENOR_MAY_NOT_HOLD where that it does not
                                    * hold does (multi-label tasks) */
    const unsigned char *unsure; /* [tasks] 1: the set is not one answer; in a
                                  * multi-label task: that of some label */
    size_t words;             /* words read */
    size_t known_words;       /* of these: in the vocabulary, or stop words */
} tenor_result;

enum { TENOR_MAY_HOLD = 1, TENOR_MAY_NOT_HOLD = 2 };

TENOR_API tenor_status tenor_classifier_new(tenor_classifier **out,
                                            const tenor_model *model,
                                            tenor_error *error);
TENOR_API void tenor_classifier_free(tenor_classifier *classifier);
/* From now on each result also holds the set of answers that has the true one
 * in it with probability `coverage` (0 to 1, such as 0.9), on text of the kind
 * that the model was trained on: conformal prediction. Errors:
 * TENOR_ERROR_USAGE (no such share, or a model trained without held-out
 * folds), TENOR_ERROR_MEMORY. */
TENOR_API tenor_status tenor_classifier_set_coverage(
    tenor_classifier *classifier, double coverage, tenor_error *error);
/* text[size] may be any bytes; what is not UTF-8 is read as U+FFFD. Errors:
 * TENOR_ERROR_MEMORY only. */
TENOR_API tenor_status tenor_classify(tenor_classifier *classifier,
                                      tenor_result *out, const char *text,
                                      size_t size, tenor_error *error);

/* The same for a paragraph whose kind is known; tenor_classify takes it as
 * prose. It matters to models trained with markers of the kind. */
typedef enum tenor_kind {
    TENOR_PROSE,
    TENOR_HEADING,
    TENOR_ITEM, /* of a list */
    TENOR_ROW,  /* of a table */
} tenor_kind;
TENOR_API tenor_status tenor_classify_kind(tenor_classifier *classifier,
                                           tenor_result *out, const char *text,
                                           size_t size, tenor_kind kind,
                                           tenor_error *error);

/* Why: the terms of the paragraph last classified that moved one label most,
 * by the size of their share of its score. Where the model has a kernel, the
 * share is what the score would lose without the term; finding each takes about
 * as long as classifying the paragraph did. */
typedef struct tenor_reason {
    const char *term; /* belongs to the classifier, until its next call */
    float weight;     /* above 0: speaks for the label; below: against */
} tenor_reason;
/* Fills reasons[limit], largest first; *count says how many there are. */
TENOR_API tenor_status tenor_explain(tenor_classifier *classifier,
                                     tenor_reason *reasons, size_t limit,
                                     size_t *count, size_t task, size_t label,
                                     tenor_error *error);

#ifdef __cplusplus
}
#endif
#endif
