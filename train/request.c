/* What the command line asks for: settings as they were given to the options of
 * the library, with the lists and weights that these point to. Settings that
 * another one would silence are refused, not ignored. */
#include "options.h"

#include <stdlib.h>
#include <string.h>

static void fill_features(struct vocabulary_options *out,
                          const struct settings *settings) {
    out->text = text_options_default;
    out->text.keep_marks = settings->marks;
    out->text.negation = settings->negation;
    out->text.contrast = settings->contrast;
    out->text.strip_possessives = !settings->keep_possessives;
    out->text.join_hyphens = settings->join_hyphens;
    out->text.fold_accents = settings->fold_accents;
    out->text.numbers = (uint32_t)settings->numbers;
    if (settings->stemmer && strcmp(settings->stemmer, "none") != 0)
        snprintf(out->text.stemmer, sizeof out->text.stemmer, "%s",
                 settings->stemmer);
    out->features = feature_options_default;
    out->features.ngram_min = (uint32_t)settings->ngrams.min;
    out->features.ngram_max = (uint32_t)settings->ngrams.max;
    out->features.char_min = (uint32_t)settings->char_ngrams.min;
    out->features.char_max = (uint32_t)settings->char_ngrams.max;
    out->features.min_df = (uint32_t)settings->min_df;
    out->features.max_df = settings->max_df;
    out->features.max_terms = (uint32_t)settings->max_terms;
    out->features.selection = (uint32_t)settings->selection;
    out->features.tf = (uint32_t)settings->tf;
    out->features.idf = (uint32_t)settings->idf;
    out->features.norm = (uint32_t)settings->norm;
    out->features.markers = (uint32_t)settings->markers;
    out->features.marker_weight = settings->marker_weight;
    out->features.word_weight = settings->word_weight;
    out->features.char_weight = settings->char_weight;
}

typedef tenor_status list_parser(struct buffer *out, struct slice text,
                                 const struct text_options *options,
                                 tenor_error *error);

static tenor_status load_list(struct buffer *out, const char *path,
                              list_parser *parse,
                              const struct text_options *text,
                              tenor_error *error) {
    struct file_bytes file;
    tenor_status status = file_load(&file, path, error);
    if (status)
        return status;
    status =
        parse(out, (struct slice){file.data, file.size}, text, error);
    error_locate(status ? error : NULL, path, 0);
    file_unload(&file);
    return status;
}

static tenor_status load_lists(struct request *request,
                               const struct settings *settings,
                               tenor_error *error) {
    struct vocabulary_options *out = &request->learn.vocabulary;
    tenor_status status = text_options_check(&out->text, error);
    const char *stop = settings->stop_words;
    if (!status && stop && strcmp(stop, "none") != 0) {
        const char *words = stop_words_builtin(stop);
        status = words ? stop_words_parse(&request->stop_words,
                                          (struct slice){words, strlen(words)},
                                          &out->text, error)
                       : load_list(&request->stop_words, stop,
                                   stop_words_parse, &out->text, error);
    }
    const char *variants = settings->variants;
    if (!status && variants && strcmp(variants, "none") != 0)
        status = load_list(&request->variants, variants, variants_parse,
                           &out->text, error);
    out->lists.stop_words = (struct slice){request->stop_words.data,
                                           request->stop_words.size};
    out->lists.variants =
        (struct slice){request->variants.data, request->variants.size};
    return status;
}

/* none, balanced, LABEL=W */
static tenor_status read_class_weights(struct request *request,
                                       const struct settings *settings,
                                       tenor_error *error) {
    struct learn_options *out = &request->learn;
    request->label_weights = memory_new(settings->class_weights.count,
                                         sizeof *request->label_weights);
    if (!request->label_weights)
        return error_memory(error);
    out->label_weights = request->label_weights;
    for (size_t i = 0; i < settings->class_weights.count; i++) {
        char *text = (char *)(uintptr_t)settings->class_weights.items[i];
        char *equals = strrchr(text, '=');
        if (!equals && strcmp(text, "balanced") == 0) {
            out->class_weighting = CLASS_WEIGHT_BALANCED;
        } else if (!equals && strcmp(text, "none") == 0) {
            out->class_weighting = CLASS_WEIGHT_NONE;
        } else {
            char *end = equals;
            double weight = equals ? strtod(equals + 1, &end) : 0;
            if (!equals || end == equals + 1 || *end)
                return error_set(error, TENOR_ERROR_USAGE,
                                 "--class-weight %s: give none, balanced or "
                                 "LABEL=NUMBER",
                                 text);
            *equals = '\0';
            request->label_weights[out->label_weight_count++] =
                (struct label_weight){text, weight};
        }
    }
    return TENOR_OK;
}

/* The methods that --model, --cost and --ratios name. */
static tenor_status read_methods(struct learn_options *out,
                                 const struct settings *settings,
                                 tenor_error *error) {
    out->search_kinds = 0;
    if (settings->models.count)
        out->plan.method_count = 0;
    for (size_t i = 0; i < settings->models.count; i++) {
        int kind = 0;
        while (kind < MODEL_KINDS && strcmp(settings->models.items[i],
                                            model_kind_names[kind]) != 0)
            kind++;
        if (kind == MODEL_KINDS || out->search_kinds & 1U << kind)
            return error_set(error, TENOR_ERROR_USAGE,
                             "--model %s: give logreg, svm or logreg,svm",
                             settings->models.items[i]);
        out->search_kinds |= 1U << kind;
        out->plan.methods[out->plan.method_count++].kind =
            (enum model_kind)kind;
    }
    for (size_t m = 0; m < out->plan.method_count; m++) {
        struct method *method = &out->plan.methods[m];
        bool linear = settings->kernel == KERNEL_LINEAR;
        method->cost = method->kind == MODEL_SVM && linear ? 0.1 : 1;
        if (settings->cost > 0)
            method->cost = settings->cost;
        method->ratios = settings->ratios;
    }
    return TENOR_OK;
}

/* FIELD=VALUE */
static tenor_status read_target(struct corpus_options *out, const char *target,
                                tenor_error *error) {
    char *text = (char *)(uintptr_t)target;
    char *equals = text ? strchr(text, '=') : NULL;
    if (!text)
        return TENOR_OK;
    if (!equals || equals == text)
        return error_set(error, TENOR_ERROR_USAGE,
                         "--target %s: give a field and a value, such as "
                         "written=article",
                         text);
    *equals = '\0';
    out->target_field = text;
    out->target_value = equals + 1;
    return TENOR_OK;
}

/* f1, precision=P, recall=R or a probability */
static tenor_status read_goal(struct threshold_goal *goal, const char *text,
                              tenor_error *error) {
    static const struct {
        const char *name;
        enum goal_kind kind;
    } goals[] = {{"precision=", GOAL_PRECISION},
                 {"recall=", GOAL_RECALL},
                 {"", GOAL_FIXED}};
    if (strcmp(text, "f1") == 0)
        return TENOR_OK;
    for (size_t i = 0; i < ARRAY_LENGTH(goals); i++) {
        size_t size = strlen(goals[i].name);
        char *end;
        if (strncmp(text, goals[i].name, size) != 0)
            continue;
        goal->kind = goals[i].kind;
        goal->value = strtod(text + size, &end);
        if (end != text + size && !*end && goal->value > 0 && goal->value < 1)
            return TENOR_OK;
        break;
    }
    return error_set(error, TENOR_ERROR_USAGE,
                     "--threshold %s: give f1, precision=P, recall=R or a "
                     "probability, each between 0 and 1",
                     text);
}

static bool differ(double a, double b) {
    return !(a >= b && a <= b);
}

/* What says something of a kernel is for one that has it. */
static tenor_status check_kernel(const struct settings *settings,
                                 tenor_error *error) {
    const struct learn_options *usual = &learn_options_default;
    const unsigned rbf = 1U << KERNEL_RBF, poly = 1U << KERNEL_POLYNOMIAL;
    const struct {
        const char *option;
        bool given;
        unsigned kernels; /* a bit for each that takes it */
    } options[] = {
        {"--gamma", differ(settings->gamma, usual->kernel.gamma), rbf | poly},
        {"--degree", settings->degree != usual->kernel.degree, poly},
        {"--offset", differ(settings->offset, usual->kernel.offset), poly},
        {"--memory",
         differ(settings->memory, 1e-9 * (double)usual->kernel_bytes),
         rbf | poly},
        {"--pairs", settings->pairs, rbf | poly}};
    for (size_t i = 0; i < ARRAY_LENGTH(options); i++)
        if (options[i].given && !(options[i].kernels >> settings->kernel & 1))
            return error_set(error, TENOR_ERROR_USAGE,
                             "%s is for an svm with another kernel; add "
                             "--kernel %s",
                             options[i].option,
                             options[i].kernels == poly ? "poly"
                                                        : "rbf or poly");
    return TENOR_OK;
}

/* What a search chooses is not for the user to give. */
static tenor_status check_search(const struct settings *settings,
                                 tenor_error *error) {
    const struct {
        const char *option;
        bool given;
    } chosen[] = {
        {"--cost", settings->cost > 0},
        {"--ratios", settings->ratios},
        {"--ngrams", settings->ngrams.min != 1 || settings->ngrams.max != 2},
        {"--char-ngrams", settings->char_ngrams.max > 0},
        {"--marks", settings->marks},
        {"--negation", settings->negation},
        {"--contrast", settings->contrast}};
    for (size_t i = 0; i < ARRAY_LENGTH(chosen) && settings->search; i++)
        if (chosen[i].given)
            return error_set(error, TENOR_ERROR_USAGE,
                             "--search chooses %s itself; leave it out",
                             chosen[i].option);
    return TENOR_OK;
}

/* Settings that do not go together; what the library refuses itself is left to
 * it. */
static tenor_status check_settings(const struct settings *settings,
                                   tenor_error *error) {
    const char *search_only = settings->metric           ? "--metric"
                              : settings->time_limit > 0 ? "--time-limit"
                              : settings->leeway > 0     ? "--leeway"
                                                         : NULL;
    if (search_only && !settings->search)
        return error_set(error, TENOR_ERROR_USAGE,
                         "%s is for a search; add --search", search_only);
    tenor_status status = check_search(settings, error);
    return status ? status : check_kernel(settings, error);
}

tenor_status request_fill(struct request *out, const struct settings *settings,
                          tenor_error *error) {
    *out = (struct request){.learn = learn_options_default};
    struct learn_options *learn = &out->learn;
    learn->kernel = (struct kernel){(uint32_t)settings->kernel,
                                    (uint32_t)settings->degree,
                                    settings->gamma, settings->offset};
    learn->pairs = settings->pairs;
    learn->kernel_bytes = (uint64_t)(1e9 * settings->memory + 0.5);
    learn->search = settings->search;
    learn->metric = (enum search_metric)settings->metric;
    learn->leeway = settings->leeway;
    learn->time_limit = settings->time_limit;
    learn->logreg.tolerance = settings->tolerance;
    learn->logreg.max_steps = (unsigned)settings->max_steps;
    learn->folds = settings->folds;
    learn->seed = settings->seed;
    learn->dump = settings->dump;
    learn->version = "tenor-train " TENOR_VERSION;
    out->reading = (struct corpus_options){
        .tasks = settings->tasks.items,
        .task_count = settings->tasks.count,
        .group = settings->group,
        .weight = settings->weight};
    learn->reading = &out->reading;
    fill_features(&learn->vocabulary, settings);
    tenor_status status = check_settings(settings, error);
    if (!status)
        status = read_class_weights(out, settings, error);
    if (!status)
        status = read_methods(learn, settings, error);
    if (!status)
        status = read_goal(&learn->goal, settings->threshold, error);
    if (!status)
        status = read_target(&out->reading, settings->target, error);
    if (!status)
        status = learn_options_check(learn, error);
    if (!status)
        status = load_lists(out, settings, error);
    return status;
}

void request_clear(struct request *request) {
    buffer_clear(&request->stop_words);
    buffer_clear(&request->variants);
    memory_free(request->label_weights);
}
