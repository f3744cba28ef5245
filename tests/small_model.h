/* A small model for tests: trained on the made-up paragraphs of cli/data. */
#ifndef TENOR_TESTS_SMALL_MODEL_H
#define TENOR_TESTS_SMALL_MODEL_H

#include "train.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SMALL_CORPUS TENOR_SOURCE_DIR "/tests/cli/data/train.jsonl"

/* Words, pairs of words and characters; tasks topic (any of three labels), tone
 * (one of three) and stance (one of two). */
static inline struct learn_options small_options(void) {
    struct learn_options options = learn_options_default;
    options.vocabulary.text = text_options_default;
    options.vocabulary.features = feature_options_default;
    options.vocabulary.features.min_df = 2;
    options.vocabulary.features.char_min = 3;
    options.vocabulary.features.char_max = 3;
    options.plan.methods[0].cost = 10;
    options.version = "test";
    return options;
}

static inline struct corpus small_corpus(void) {
    static const char *const paths[] = {SMALL_CORPUS};
    struct corpus corpus;
    if (corpus_read(&corpus, paths, 1, NULL, NULL, NULL))
        abort();
    return corpus;
}

static inline tenor_model *small_model(const struct learn_options *options) {
    struct corpus corpus = small_corpus();
    tenor_model *model;
    if (learn_model(&model, NULL, &corpus, options, NULL, NULL, NULL))
        abort();
    corpus_clear(&corpus);
    return model;
}

/* The model's file, in aligned memory that the caller frees. */
static inline char *small_model_bytes(const tenor_model *model, size_t *size) {
    char path[] = "/tmp/tenor-model-XXXXXX";
    struct file_bytes file;
    close(mkstemp(path));
    if (model_save(model, path, NULL) || file_load(&file, path, NULL))
        abort();
    char *bytes = memory_new_raw(file.size, 1);
    memcpy(bytes, file.data, file.size);
    *size = file.size;
    file_unload(&file);
    unlink(path);
    return bytes;
}

#endif
