/* Where a model comes from, as JSON in the model: the program, the corpus (its
 * size and a checksum of its texts and labels), every setting. No date, no
 * path, no number of threads: the same corpus and settings give the same
 * bytes. */
#include "lessons.h"

#include <jansson.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

const char *const number_names[] = {"keep", "shape", "drop", NULL};
const char *const tf_names[] = {"sublinear", "raw", "binary", NULL};
const char *const idf_names[] = {"smooth", "plain", "none", NULL};
const char *const norm_names[] = {"l2", "l1", "none", NULL};
const char *const marker_names[] = {"none", "kind", "quoted", "all", NULL};
const char *const selection_names[] = {"frequency", "chi2", NULL};

static uint64_t hash_corpus(const struct corpus *corpus) {
    XXH3_state_t state;
    XXH3_64bits_reset(&state);
    for (size_t i = 0; i < corpus->count; i++) {
        uint64_t size = corpus->texts[i].size;
        XXH3_64bits_update(&state, &size, sizeof size);
        XXH3_64bits_update(&state, corpus->texts[i].data, size);
    }
    for (size_t t = 0; t < corpus->task_count; t++) {
        const struct corpus_task *task = &corpus->tasks[t];
        XXH3_64bits_update(&state, task->labelled, corpus->count);
        for (size_t i = 0; i < corpus->count; i++) {
            uint64_t labels = task->starts[i + 1] - task->starts[i];
            XXH3_64bits_update(&state, &labels, sizeof labels);
        }
        XXH3_64bits_update(&state, task->values,
                           task->starts[corpus->count] *
                               sizeof *task->values);
    }
    return XXH3_64bits_digest(&state);
}

static json_t *describe_features(const struct vocabulary_options *options) {
    const struct text_options *text = &options->text;
    const struct feature_options *features = &options->features;
    return json_pack(
        "{s:b, s:b, s:b, s:b, s:s, s:b, s:b, s:b, s:s, s:b, s:b, s:[ii], "
        "s:[ii], s:i, s:f, s:i, s:s, s:s, s:s, s:s, s:f, s:f, s:s, s:f}",
        "fold_case", text->fold_case, "fold_accents", text->fold_accents,
        "strip_possessives", text->strip_possessives, "join_hyphens",
        text->join_hyphens, "numbers", number_names[text->numbers], "keep_marks",
        text->keep_marks, "negation", text->negation, "contrast",
        text->contrast, "stemmer",
        text->stemmer[0] ? text->stemmer : "none", "stop_words",
        options->lists.stop_words.size > 0, "variants",
        options->lists.variants.size > 0, "ngrams", features->ngram_min,
        features->ngram_max, "char_ngrams", features->char_min,
        features->char_max, "min_df", features->min_df, "max_df",
        features->max_df, "max_terms", features->max_terms, "select",
        selection_names[features->selection], "tf", tf_names[features->tf], "idf",
        idf_names[features->idf], "norm", norm_names[features->norm], "word_weight",
        features->word_weight, "char_weight", features->char_weight, "markers",
        marker_names[features->markers], "marker_weight", features->marker_weight);
}

static void describe_kernel(char *out, size_t size,
                            const struct learn_options *options) {
    const struct kernel *kernel = &options->kernel;
    if (kernel->kind == KERNEL_RBF)
        snprintf(out, size, ", rbf, gamma %g%s", kernel->gamma,
                 options->pairs ? ", pairs" : "");
    else
        snprintf(out, size, ", poly, gamma %g, offset %g, degree %u%s",
                 kernel->gamma, kernel->offset, kernel->degree,
                 options->pairs ? ", pairs" : "");
}

/* Which task was learnt how: "logreg, cost 4, ratios + svm, cost 0.1". */
static json_t *describe_plan(const struct corpus *corpus,
                             const struct learn_options *options,
                             const struct plan *plan) {
    json_t *tasks = json_object();
    for (size_t t = 0; t < corpus->task_count; t++) {
        char text[160] = "";
        int used = 0;
        for (size_t m = 0; m < plan->tasks[t].method_count; m++) {
            const struct method *method = &plan->tasks[t].methods[m];
            used += snprintf(text + used, sizeof text - (size_t)used,
                             "%s%s, cost %g%s", m ? " + " : "",
                             model_kind_names[method->kind], method->cost,
                             method->ratios ? ", ratios" : "");
        }
        if (options->kernel.kind != KERNEL_LINEAR)
            describe_kernel(text + used, sizeof text - (size_t)used, options);
        json_object_set_new(tasks, corpus->tasks[t].name, json_string(text));
    }
    return tasks;
}

static json_t *describe_search(const struct corpus *corpus,
                               const struct search_outcome *search,
                               const struct learn_options *options) {
    json_t *figures = json_object();
    for (size_t i = 0; i < search->trial_count; i++) {
        const struct search_trial *trial = &search->trials[i];
        if (trial->chosen)
            json_object_set_new(
                figures, corpus->tasks[trial->task].name,
                json_pack("{s:f, s:f, s:I}", "mean", trial->mean, "deviation",
                          trial->deviation, "folds",
                          (json_int_t)trial->folds));
    }
    return json_pack("{s:I, s:s, s:s, s:f, s:b, s:o}", "trials",
                     (json_int_t)search->trial_count, "features",
                     search->features, "metric",
                     options->metric == METRIC_ACCURACY ? "accuracy"
                                                        : "macro-f1",
                     "leeway", options->leeway, "stopped_early",
                     search->stopped, "figures", figures);
}

static json_t *describe_weights(const struct learn_options *options) {
    json_t *weights = json_object();
    for (size_t i = 0; i < options->label_weight_count; i++)
        json_object_set_new(weights, options->label_weights[i].label,
                            json_real(options->label_weights[i].weight));
    return weights;
}

static json_t *describe_corpus(const struct corpus *corpus,
                               const struct corpus_options *reading) {
    char checksum[17];
    snprintf(checksum, sizeof checksum, "%016llx",
             (unsigned long long)hash_corpus(corpus));
    json_t *target = NULL;
    if (reading && reading->target_field)
        target = json_sprintf("%s=%s", reading->target_field,
                              reading->target_value);
    return json_pack("{s:I, s:s, s:s*, s:s*, s:o*}", "paragraphs",
                     (json_int_t)corpus->count, "checksum", checksum, "group",
                     reading ? reading->group : NULL, "weight",
                     reading ? reading->weight : NULL, "target", target);
}

/* How thresholds were set; NULL: there are none, or without folds nothing to
 * set them by. */
static json_t *describe_goal(const struct corpus *corpus,
                             const struct learn_options *options) {
    const struct threshold_goal *goal = &options->goal;
    bool multi = false;
    for (size_t t = 0; t < corpus->task_count; t++)
        multi = multi || corpus->tasks[t].multi;
    if (!multi || (options->folds == 0 && goal->kind != GOAL_FIXED))
        return NULL;
    switch (goal->kind) {
    case GOAL_F1:
        return json_string("f1");
    case GOAL_PRECISION:
        return json_sprintf("precision=%.9g", goal->value);
    case GOAL_RECALL:
        return json_sprintf("recall=%.9g", goal->value);
    case GOAL_FIXED:
        return json_sprintf("%.9g", goal->value);
    }
    return NULL;
}

tenor_status provenance_write(char **out, const struct corpus *corpus,
                              const struct learn_options *options,
                              const struct vocabulary_options *vocabulary,
                              const struct plan *plan,
                              const struct search_outcome *search,
                              tenor_error *error) {
    json_t *root = json_pack(
        "{s:s, s:o, s:o, s:{s:o, s:s, s:o, s:o*, s:f, s:I}, s:I, s:o*}",
        "program", options->version ? options->version : "tenor-train",
        "corpus", describe_corpus(corpus, options->reading), "features",
        describe_features(vocabulary), "learning", "tasks",
        describe_plan(corpus, options, plan), "class_weight",
        options->class_weighting == CLASS_WEIGHT_BALANCED ? "balanced"
                                                          : "none",
        "label_weights", describe_weights(options), "threshold",
        describe_goal(corpus, options), "tolerance", options->logreg.tolerance,
        "folds", (json_int_t)options->folds, "seed", (json_int_t)options->seed,
        "search", search ? describe_search(corpus, search, options) : NULL);
    char *text = root ? json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(9))
                      : NULL;
    *out = text ? memory_copy_text(text, strlen(text)) : NULL;
    void (*release)(void *);
    json_get_alloc_funcs(NULL, &release);
    if (text)
        release(text);
    json_decref(root);
    return *out ? TENOR_OK : error_memory(error);
}
