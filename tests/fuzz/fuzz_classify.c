/* Any bytes through a model: probabilities are probabilities, a single-label
 * task gives one label, and the same bytes give the same answer again. */
#include "small_model.h"

#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds) {
    if (!holds)
        abort();
}

static void check(const tenor_model *model, const tenor_result *result) {
    for (size_t t = 0; t < tenor_model_tasks(model); t++) {
        size_t first = tenor_model_first_output(model, t), given = 0;
        float sum = 0;
        for (size_t k = 0; k < tenor_model_labels(model, t); k++) {
            require(result->probability[first + k] >= 0 &&
                    result->probability[first + k] <= 1);
            sum += result->probability[first + k];
            given += result->holds[first + k];
        }
        require(tenor_model_task_is_multi(model, t) ||
                (given == 1 && fabsf(sum - 1) < 1e-4f));
    }
    require(result->known_words <= result->words);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static tenor_model *model; /* kept: made once */
    static tenor_classifier *classifier;
    if (!model) {
        struct learn_options options = small_options();
        options.vocabulary.text.negation = 1;
        options.vocabulary.text.contrast = 1;
        options.vocabulary.features.ngram_max = 3;
        model = small_model(&options);
        require(tenor_classifier_new(&classifier, model, NULL) == TENOR_OK);
    }
    tenor_result result;
    tenor_reason reasons[5];
    size_t count;
    float first[16];
    const char *text = (const char *)data;
    require(tenor_classify(classifier, &result, text, size, NULL) == TENOR_OK);
    check(model, &result);
    memcpy(first, result.probability, result.outputs * sizeof *first);
    require(tenor_explain(classifier, reasons, 5, &count, 0, 0, NULL) ==
            TENOR_OK);
    for (size_t i = 0; i < count; i++)
        require(strlen(reasons[i].term) > 0 && isfinite(reasons[i].weight));
    require(tenor_classify(classifier, &result, text, size, NULL) == TENOR_OK);
    require(memcmp(first, result.probability, result.outputs * sizeof *first) ==
            0);
    return 0;
}
