/* Conformal prediction: the set of answers that holds the true one in a share
 * of cases that the user chooses.
 *
 * Training keeps the probabilities p_1 <= ... <= p_n that models gave to the
 * true answers of paragraphs which they had not seen. An answer belongs to the
 * set when its probability reaches p_k, k = floor((n + 1)(1 - coverage)): a
 * new paragraph's true answer falls below p_k with a chance of k / (n + 1) at
 * most, provided that it comes from where the training paragraphs came from.
 * A set of one answer is a confident one; several or none mean doubt.
 *
 * A label of a multi-label task is a question of its own, with the answers
 * "holds" and "does not hold".
 *
 * Sources: Vovk, Gammerman & Shafer, "Algorithmic Learning in a Random
 * World", 2005; Sadinle, Lei & Wasserman, "Least ambiguous set-valued
 * classifiers with bounded error levels", JASA 2019. */
#include "model/classifier.h"

#include <math.h>
#include <string.h>

float conformal_level(const float *truths, size_t count, double coverage) {
    double rank = floor(((double)count + 1) * (1 - coverage) + 1e-9);
    if (count == 0 || rank < 1)
        return 0;
    size_t k = rank > (double)count ? count : (size_t)rank;
    return truths[k - 1];
}

/* The arrays of the sets: all of them or none. */
static bool make_room(tenor_classifier *classifier) {
    if (classifier->levels)
        return true;
    const struct tenor_model *model = classifier->model;
    float *levels = memory_new(model->stride, sizeof *levels);
    unsigned char *possible = memory_new(model->stride, 1);
    unsigned char *unsure = memory_new(model->task_count, 1);
    if (!levels || !possible || !unsure) {
        memory_free(levels);
        memory_free(possible);
        memory_free(unsure);
        return false;
    }
    classifier->levels = levels;
    classifier->possible = possible;
    classifier->unsure = unsure;
    return true;
}

tenor_status tenor_classifier_set_coverage(tenor_classifier *classifier,
                                           double coverage,
                                           tenor_error *error) {
    const struct tenor_model *model = classifier->model;
    if (!(coverage > 0 && coverage < 1))
        return error_set(error, TENOR_ERROR_USAGE,
                         "the coverage is a share between 0 and 1, such as "
                         "0.9");
    if (model->truth_count == 0)
        return error_set(error, TENOR_ERROR_USAGE,
                         "the model keeps no held-out probabilities to judge "
                         "its doubt by; train it with --folds 2 or more");
    if (!make_room(classifier))
        return error_memory(error);
    for (size_t t = 0; t < model->task_count; t++) {
        const struct model_task *task = &model->tasks[t];
        for (size_t k = task->first; k < task->first + task->label_count;
             k++) {
            struct model_range range =
                task->multi ? model->labels[k].truths : task->truths;
            classifier->levels[k] = conformal_level(
                model->truths + range.first, range.count, coverage);
        }
    }
    return TENOR_OK;
}

void classifier_doubt(struct tenor_classifier *classifier) {
    const struct tenor_model *model = classifier->model;
    const float *p = classifier->probability, *levels = classifier->levels;
    for (size_t t = 0; t < model->task_count; t++) {
        const struct model_task *task = &model->tasks[t];
        size_t answers = 0;
        bool unsure = false;
        for (size_t k = task->first; k < task->first + task->label_count;
             k++) {
            bool yes = p[k] >= levels[k];
            bool no = task->multi && 1 - p[k] >= levels[k];
            classifier->possible[k] =
                (unsigned char)((yes ? TENOR_MAY_HOLD : 0) |
                                (no ? TENOR_MAY_NOT_HOLD : 0));
            answers += yes;
            unsure = unsure || (task->multi && yes == no);
        }
        classifier->unsure[t] = task->multi ? unsure : answers != 1;
    }
}
