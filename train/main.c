/* tenor-train: labelled paragraphs to a model file. */
#include "cli/cli.h"
#include "train.h"

#include <cblas.h>
#include <stdlib.h>
#include <string.h>

static const char *const tf_styles[] = {"sublinear", "raw", "binary", NULL};
static const char *const idf_styles[] = {"smooth", "plain", "none", NULL};
static const char *const norm_styles[] = {"l2", "l1", "none", NULL};
static const char *const kernels[] = {"linear", "rbf", "poly", NULL};
static const char *const metrics[] = {"macro-f1", "accuracy", NULL};
static const char *const markers[] = {"none", "kind", "quoted", "all", NULL};
static const char *const selections[] = {"frequency", "chi2", NULL};
static const char *const number_styles[] = {"keep", "shape", "drop", NULL};

static struct {
    const char *output, *stemmer, *stop_words, *variants, *group, *weight, *target, *dump,
        *threshold;
    struct option_list models;
    struct option_list tasks, class_weights;
    struct option_range ngrams, char_ngrams;
    size_t min_df, threads, seed, numbers, max_steps, folds;
    size_t tf, idf, norm, max_terms, selection, markers;
    size_t metric, kernel, degree;
    double cost, max_df, tolerance, word_weight, char_weight, marker_weight;
    double time_limit, gamma, offset;
    bool search, ratios, pairs;
    bool marks, negation, keep_possessives, join_hyphens, fold_accents;
} settings;

static const struct option_spec options[] = {
    {"output", 'o', OPTION_TEXT, "MODEL", "The model file to write (required).",
     &settings.output, 0, 0, NULL},
    {"task", 't', OPTION_LIST, "NAME",
     "A field to learn; repeatable. Default: those of topic, tone, stance that "
     "the data has. A field with lists of labels is a multi-label task.",
     &settings.tasks, 0, 0, NULL},
    {"heading", 0, OPTION_HEADING, NULL, "Learning:", NULL, 0, 0, NULL},
    {"model", 0, OPTION_LIST, "KIND",
     "logreg (logistic regression), svm (linear support vector machine), or "
     "logreg,svm: both, averaged where held-out folds say that it pays. "
     "Default: logreg.",
     &settings.models, 0, 0, NULL},
    {"kernel", 0, OPTION_CHOICE, "KERNEL",
     "Of an svm: linear, rbf, exp(-gamma |x - y|^2), or poly, (gamma x.y + "
     "offset)^degree; the last two take memory for every pair of paragraphs. "
     "Default: %s.",
     &settings.kernel, 0, 0, kernels},
    {"gamma", 0, OPTION_REAL, "G", "Of rbf and poly. Default: %s.",
     &settings.gamma, 0, 1e6, NULL},
    {"degree", 0, OPTION_COUNT, "D", "Of poly. Default: %s.", &settings.degree,
     1, KERNEL_MOST_DEGREE, NULL},
    {"offset", 0, OPTION_REAL, "X", "Of poly. Default: %s.", &settings.offset,
     0, 1e6, NULL},
    {"pairs", 0, OPTION_FLAG, NULL,
     "With rbf and poly: tell labels apart one against one, not one against "
     "the rest.",
     &settings.pairs, 0, 0, NULL},
    {"cost", 'C', OPTION_REAL, "C",
     "What an error costs against large weights, as C in LIBLINEAR and "
     "scikit-learn. Default: 1, but 0.1 for a linear svm.",
     &settings.cost, 0, 1e9, NULL},
    {"ratios", 0, OPTION_FLAG, NULL,
     "Scale the terms by their naive Bayes log-count ratios, so that telling "
     "ones weigh more.",
     &settings.ratios, 0, 0, NULL},
    {"target", 0, OPTION_TEXT, "FIELD=VALUE",
     "The paragraphs with this value are like those that the model is to be "
     "used on: settings, calibration and thresholds are judged on them alone. "
     "Default: %s, all are.",
     &settings.target, 0, 0, NULL},
    {"weight", 0, OPTION_TEXT, "FIELD",
     "A field with a number above 0: what a paragraph counts; 1 where it is "
     "missing. Default: %s.",
     &settings.weight, 0, 0, NULL},
    {"class-weight", 0, OPTION_LIST, "W",
     "none, balanced, or LABEL=W (also TASK=LABEL=W): what a paragraph of that "
     "label counts; repeatable. Default: none.",
     &settings.class_weights, 0, 0, NULL},
    {"tolerance", 0, OPTION_REAL, "SHARE",
     "Stop when the objective is this share above its minimum. Default: %s.",
     &settings.tolerance, 0, 1, NULL},
    {"max-steps", 0, OPTION_COUNT, "N",
     "Newton steps before training gives up. Default: %s.", &settings.max_steps,
     1, 100000, NULL},
    {"folds", 0, OPTION_COUNT, "K",
     "Folds held out to calibrate probabilities and to set thresholds; 0: "
     "neither is done. Default: %s.",
     &settings.folds, 0, FOLD_LIMIT, NULL},
    {"threshold", 0, OPTION_TEXT, "GOAL",
     "What the labels of multi-label tasks hold from: the threshold with the "
     "highest f1, with precision=P or recall=R at least, or a fixed "
     "probability. Default: %s.",
     &settings.threshold, 0, 0, NULL},
    {"heading", 0, OPTION_HEADING, NULL, "Search:", NULL, 0, 0, NULL},
    {"search", 0, OPTION_FLAG, NULL,
     "Choose n-grams, punctuation marks, model, cost and ratios by "
     "cross-validation, for each task; --model limits it to that kind. Ctrl-C "
     "ends the search and trains with the best so far.",
     &settings.search, 0, 0, NULL},
    {"metric", 0, OPTION_CHOICE, "FIGURE",
     "What the search compares: macro-f1 or accuracy (micro-F1 where several "
     "labels may hold). Default: %s.",
     &settings.metric, 0, 0, metrics},
    {"time-limit", 0, OPTION_REAL, "SECONDS",
     "End the search then, with the best so far; 0: no limit. Default: %s.",
     &settings.time_limit, 0, 1e9, NULL},
    {"group", 0, OPTION_TEXT, "FIELD",
     "Keep paragraphs that share this field, such as an article's name, in "
     "one fold. Default: %s.",
     &settings.group, 0, 0, NULL},
    {"heading", 0, OPTION_HEADING, NULL, "Features:", NULL, 0, 0, NULL},
    {"ngrams", 'n', OPTION_RANGE, "MIN,MAX",
     "Word n-grams, or none. Default: %s.", &settings.ngrams, 0, NGRAM_LIMIT,
     NULL},
    {"char-ngrams", 0, OPTION_RANGE, "MIN,MAX",
     "Character n-grams inside words, or none. Default: %s.",
     &settings.char_ngrams, 0, CHAR_NGRAM_LIMIT, NULL},
    {"min-df", 0, OPTION_COUNT, "N",
     "Drop terms that are in fewer paragraphs. Default: %s.", &settings.min_df,
     1, 1e9, NULL},
    {"max-df", 0, OPTION_REAL, "SHARE",
     "Drop terms that are in more than this share of the paragraphs. Default: "
     "%s.",
     &settings.max_df, 0, 1, NULL},
    {"max-terms", 0, OPTION_COUNT, "N",
     "Keep the N best terms, chosen by --select; 0: all. Default: %s.",
     &settings.max_terms, 0, 4e9, NULL},
    {"select", 0, OPTION_CHOICE, "HOW",
     "The best terms are in most paragraphs (frequency), or depend most on "
     "the labels (chi2). Default: %s.",
     &settings.selection, 0, 0, selections},
    {"tf", 0, OPTION_CHOICE, "STYLE",
     "What a term's count in a paragraph is worth: sublinear (1 + ln count), "
     "raw or binary. Default: %s.",
     &settings.tf, 0, 0, tf_styles},
    {"idf", 0, OPTION_CHOICE, "STYLE",
     "Inverse document frequency: smooth, plain or none. Default: %s.",
     &settings.idf, 0, 0, idf_styles},
    {"norm", 0, OPTION_CHOICE, "NORM",
     "Length to which each block of a paragraph's features is scaled: l2, l1 "
     "or none. Default: %s.",
     &settings.norm, 0, 0, norm_styles},
    {"word-weight", 0, OPTION_REAL, "W",
     "Weight of the block of word n-grams. Default: %s.", &settings.word_weight,
     0, 1e6, NULL},
    {"char-weight", 0, OPTION_REAL, "W",
     "Weight of the block of character n-grams. Default: %s.",
     &settings.char_weight, 0, 1e6, NULL},
    {"markers", 0, OPTION_CHOICE, "WHICH",
     "Features beside the words: the paragraph's kind (prose, heading, item, "
     "row; records may name it in a field kind), the share of it that is "
     "quoted, or all. Default: %s.",
     &settings.markers, 0, 0, markers},
    {"marker-weight", 0, OPTION_REAL, "W",
     "Weight of the block of markers. Default: %s.", &settings.marker_weight, 0,
     1e6, NULL},
    {"stem", 0, OPTION_TEXT, "LANG",
     "Snowball stemmer, such as english or russian, or none. Default: %s.",
     &settings.stemmer, 0, 0, NULL},
    {"stop-words", 0, OPTION_TEXT, "LANG|FILE",
     "Leave out the stop words of english, russian or ukrainian, or those of "
     "a file. Default: %s.",
     &settings.stop_words, 0, 0, NULL},
    {"variants", 0, OPTION_TEXT, "FILE",
     "Spellings to take as one: lines \"Zelenskyy, Zelenskiy = Zelensky\". "
     "Default: %s.",
     &settings.variants, 0, 0, NULL},
    {"numbers", 0, OPTION_CHOICE, "STYLE",
     "keep them, shape (digits become 0) or drop. Default: %s.",
     &settings.numbers, 0, 0, number_styles},
    {"marks", 0, OPTION_FLAG, NULL, "Punctuation and symbols are terms too.",
     &settings.marks, 0, 0, NULL},
    {"negation", 0, OPTION_FLAG, NULL,
     "Mark words after not, no, never to the end of the clause.",
     &settings.negation, 0, 0, NULL},
    {"keep-possessives", 0, OPTION_FLAG, NULL,
     "Russia's is not taken as Russia.", &settings.keep_possessives, 0, 0,
     NULL},
    {"join-hyphens", 0, OPTION_FLAG, NULL, "cease-fire is one word.",
     &settings.join_hyphens, 0, 0, NULL},
    {"fold-accents", 0, OPTION_FLAG, NULL, "Drop accents.",
     &settings.fold_accents, 0, 0, NULL},
    {"heading", 0, OPTION_HEADING, NULL, "Running:", NULL, 0, 0, NULL},
    {"seed", 0, OPTION_COUNT, "N",
     "Seed of all chance; the same seed gives the same model. Default: %s.",
     &settings.seed, 0, 9007199254740992.0, NULL},
    {"threads", 0, OPTION_THREADS, "N",
     "Threads; the model does not depend on it. Default: %s.",
     &settings.threads, 1, 1024, NULL},
    {"dump-features", 0, OPTION_TEXT, "PREFIX",
     "Write the rows to PREFIX.TASK.svm in libsvm's format, with the labels' "
     "and the terms' names beside them. Default: %s.",
     &settings.dump, 0, 0, NULL},
    {NULL, 0, OPTION_FLAG, NULL, NULL, NULL, 0, 0, NULL},
};

static const struct command command = {
    "tenor-train",
    "[options] -o MODEL FILE...",
    "tenor-train -o news.tenor train.jsonl",
    "Learns from labelled paragraphs (.jsonl, .csv, .tsv, fastText lines) and "
    "writes a model file for tenor classify and tenor evaluate.",
    options,
    "learn to label paragraphs of news"};

/* What the option values point to while training runs. */
struct material {
    struct buffer stop_words, variants;
    struct label_weight *label_weights;
};

static void fill_features(struct vocabulary_options *out) {
    out->text = text_options_default;
    out->text.keep_marks = settings.marks;
    out->text.negation = settings.negation;
    out->text.strip_possessives = !settings.keep_possessives;
    out->text.join_hyphens = settings.join_hyphens;
    out->text.fold_accents = settings.fold_accents;
    out->text.numbers = (uint32_t)settings.numbers;
    if (settings.stemmer && strcmp(settings.stemmer, "none") != 0)
        snprintf(out->text.stemmer, sizeof out->text.stemmer, "%s",
                 settings.stemmer);
    out->features = feature_options_default;
    out->features.ngram_min = (uint32_t)settings.ngrams.min;
    out->features.ngram_max = (uint32_t)settings.ngrams.max;
    out->features.char_min = (uint32_t)settings.char_ngrams.min;
    out->features.char_max = (uint32_t)settings.char_ngrams.max;
    out->features.min_df = (uint32_t)settings.min_df;
    out->features.max_df = settings.max_df;
    out->features.max_terms = (uint32_t)settings.max_terms;
    out->features.selection = (uint32_t)settings.selection;
    out->features.tf = (uint32_t)settings.tf;
    out->features.idf = (uint32_t)settings.idf;
    out->features.norm = (uint32_t)settings.norm;
    out->features.markers = (uint32_t)settings.markers;
    out->features.marker_weight = settings.marker_weight;
    out->features.word_weight = settings.word_weight;
    out->features.char_weight = settings.char_weight;
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

static tenor_status load_lists(struct vocabulary_options *out,
                               struct material *material,
                               tenor_error *error) {
    tenor_status status = text_options_check(&out->text, error);
    const char *stop = settings.stop_words;
    if (!status && stop && strcmp(stop, "none") != 0) {
        const char *words = stop_words_builtin(stop);
        status = words ? stop_words_parse(&material->stop_words,
                                          (struct slice){words, strlen(words)},
                                          &out->text, error)
                       : load_list(&material->stop_words, stop,
                                   stop_words_parse, &out->text, error);
    }
    const char *variants = settings.variants;
    if (!status && variants && strcmp(variants, "none") != 0)
        status = load_list(&material->variants, variants, variants_parse,
                           &out->text, error);
    out->lists.stop_words = (struct slice){material->stop_words.data,
                                           material->stop_words.size};
    out->lists.variants =
        (struct slice){material->variants.data, material->variants.size};
    return status;
}

/* none, balanced, LABEL=W */
static tenor_status read_class_weights(struct learn_options *out,
                                       struct material *material,
                                       tenor_error *error) {
    material->label_weights = memory_new(settings.class_weights.count,
                                         sizeof *material->label_weights);
    if (!material->label_weights)
        return error_memory(error);
    out->label_weights = material->label_weights;
    for (size_t i = 0; i < settings.class_weights.count; i++) {
        char *text = (char *)(uintptr_t)settings.class_weights.items[i];
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
            material->label_weights[out->label_weight_count++] =
                (struct label_weight){text, weight};
        }
    }
    return TENOR_OK;
}

/* The methods that --model, --cost and --ratios name. */
static tenor_status read_methods(struct learn_options *out,
                                 tenor_error *error) {
    out->search_kinds = settings.models.count ? 0 : (1U << MODEL_KINDS) - 1;
    if (settings.models.count)
        out->plan.method_count = 0;
    for (size_t i = 0; i < settings.models.count; i++) {
        int kind = 0;
        while (kind < MODEL_KINDS && strcmp(settings.models.items[i],
                                            model_kind_names[kind]) != 0)
            kind++;
        if (kind == MODEL_KINDS || out->search_kinds & 1U << kind)
            return error_set(error, TENOR_ERROR_USAGE,
                             "--model %s: give logreg, svm or logreg,svm",
                             settings.models.items[i]);
        out->search_kinds |= 1U << kind;
        out->plan.methods[out->plan.method_count++].kind = (enum model_kind)kind;
    }
    for (size_t m = 0; m < out->plan.method_count; m++) {
        struct method *method = &out->plan.methods[m];
        bool linear = settings.kernel == KERNEL_LINEAR;
        method->cost = settings.cost > 0                          ? settings.cost
                       : method->kind == MODEL_SVM && linear ? 0.1
                                                             : 1;
        method->ratios = settings.ratios;
    }
    return TENOR_OK;
}

/* FIELD=VALUE */
static tenor_status read_target(struct corpus_options *out,
                                tenor_error *error) {
    char *text = (char *)(uintptr_t)settings.target;
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
static tenor_status read_goal(struct threshold_goal *goal,
                              tenor_error *error) {
    static const struct {
        const char *name;
        int kind;
    } goals[] = {{"precision=", GOAL_PRECISION},
                 {"recall=", GOAL_RECALL},
                 {"", GOAL_FIXED}};
    const char *text = settings.threshold;
    if (!text || strcmp(text, "f1") == 0)
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

static void tell(const struct learn_report *report,
                 const struct corpus *corpus) {
    message_note("%zu paragraphs, %zu terms, %.1f terms a paragraph",
                 corpus->count, report->columns,
                 (double)report->entries / (double)corpus->count);
    for (size_t i = 0; i < report->outcome_count; i++) {
        const struct learn_outcome *outcome = &report->outcomes[i];
        const char *label = outcome->label ? outcome->label : "";
        const char *parting = outcome->label ? " " : "";
        const struct logreg_problem *problem = &outcome->problem;
        message_note("%s%s%s: objective %.9g after %u steps (%u passes), at "
                     "most about %.1e above the minimum",
                     outcome->task, parting, label, problem->objective,
                     problem->steps, problem->products, problem->gap);
        if (!problem->converged)
            message_warn("%s%s%s did not converge: the objective is still "
                         "about %.1e above its minimum; lower --cost, raise "
                         "--tolerance or --max-steps",
                         outcome->task, parting, label, problem->gap);
    }
}

static int compare_trials(const void *a, const void *b) {
    const struct search_trial *left = a, *right = b;
    if (left->task != right->task)
        return left->task < right->task ? -1 : 1;
    if (left->folds != right->folds)
        return left->folds < right->folds ? 1 : -1;
    if (left->mean != right->mean)
        return left->mean < right->mean ? 1 : -1;
    int order = strcmp(left->features, right->features);
    if (order)
        return order;
    if (left->method.kind != right->method.kind)
        return left->method.kind < right->method.kind ? -1 : 1;
    return (left->method.cost > right->method.cost) -
           (left->method.cost < right->method.cost);
}

/* The settings tried, task by task, the best first; * marks what was chosen. */
static void print_search(struct search_outcome *search,
                         const struct corpus *corpus) {
    if (messages.quiet)
        return;
    qsort(search->trials, search->trial_count, sizeof *search->trials,
          compare_trials);
    for (size_t i = 0; i < search->trial_count; i++) {
        const struct search_trial *trial = &search->trials[i];
        if (i == 0 || trial->task != trial[-1].task)
            printf("%s%-12s %s  folds  model   cost   ratios  features\n",
                   i ? "\n" : "", corpus->tasks[trial->task].name,
                   settings.metric ? "accuracy" : "macro-F1");
        printf("%c %10s %8.4f %6zu  %-6s  %-5g  %-6s  %s\n",
               trial->chosen ? '*' : ' ', "", trial->mean, trial->folds,
               model_kind_names[trial->method.kind], trial->method.cost,
               trial->method.ratios ? "yes" : "no", trial->features);
    }
    if (search->stopped)
        message_warn("the search was ended early; the model has the best "
                     "settings so far");
}

static tenor_status train(const struct option_list *files,
                          struct thread_pool *pool, tenor_error *error) {
    struct material material = {0};
    struct corpus corpus = {0};
    struct learn_report report = {0};
    tenor_model *model = NULL;
    struct learn_options learn = learn_options_default;
    learn.kernel = (struct kernel){(uint32_t)settings.kernel,
                                   (uint32_t)settings.degree, settings.gamma,
                                   settings.offset};
    learn.pairs = settings.pairs;
    learn.search = settings.search;
    learn.metric = (enum search_metric)settings.metric;
    learn.time_limit = settings.time_limit;
    learn.logreg.tolerance = settings.tolerance;
    learn.logreg.max_steps = (unsigned)settings.max_steps;
    learn.folds = settings.folds;
    learn.seed = settings.seed;
    learn.dump = settings.dump;
    learn.version = "tenor-train " TENOR_VERSION;
    struct corpus_options reading = {.tasks = settings.tasks.items,
                                     .task_count = settings.tasks.count,
                                     .group = settings.group,
                                     .weight = settings.weight};
    struct progress progress = progress_bar();
    fill_features(&learn.vocabulary);
    tenor_status status = load_lists(&learn.vocabulary, &material, error);
    if (!status)
        status = read_class_weights(&learn, &material, error);
    if (!status)
        status = read_methods(&learn, error);
    if (!status)
        status = read_goal(&learn.goal, error);
    if (!status)
        status = read_target(&reading, error);
    if (!status)
        status = corpus_read(&corpus, files->items, files->count, &reading,
                             pool, error);
    if (!status && corpus.repaired)
        message_warn("%zu byte sequence%s not UTF-8 and %s read as U+FFFD",
                     corpus.repaired,
                     corpus.repaired == 1 ? " was" : "s were",
                     corpus.repaired == 1 ? "was" : "were");
    if (!status)
        status = learn_model(&model, &report, &corpus, &learn, pool, &progress,
                             error);
    if (!status && settings.search)
        print_search(&report.search, &corpus);
    if (!status)
        tell(&report, &corpus);
    if (!status)
        status = model_save(model, settings.output, error);
    learn_report_clear(&report);
    tenor_model_free(model);
    corpus_clear(&corpus);
    buffer_clear(&material.stop_words);
    buffer_clear(&material.variants);
    memory_free(material.label_weights);
    return status;
}

static int run(const struct option_list *files) {
    tenor_error error = {0};
    if (!settings.output)
        return message_usage("no model to write; add -o MODEL");
    if (files->count == 0)
        return message_usage("no labelled paragraphs; name a .jsonl, .csv or "
                             ".tsv file (see tenor-train --help)");
    struct thread_pool *pool = thread_pool_new(settings.threads);
    if (!pool) {
        error_memory(&error);
        return message_fail(&error);
    }
    tenor_status status = train(files, pool, &error);
    thread_pool_free(pool);
    return status ? message_fail(&error) : EXIT_DONE;
}

int main(int argc, char **argv) {
    program_start("tenor-train");
    openblas_set_num_threads(1); /* the work is spread by our own pool */
    settings.ngrams = (struct option_range){1, 2};
    settings.min_df = 1;
    settings.max_df = feature_options_default.max_df;
    settings.word_weight = feature_options_default.word_weight;
    settings.char_weight = feature_options_default.char_weight;
    settings.marker_weight = feature_options_default.marker_weight;
    settings.tolerance = learn_options_default.logreg.tolerance;
    settings.max_steps = learn_options_default.logreg.max_steps;
    settings.folds = learn_options_default.folds;
    settings.seed = (size_t)learn_options_default.seed;
    settings.threads = thread_available();
    settings.gamma = 1;
    settings.degree = 2;
    settings.offset = 1;
    settings.threshold = "f1";
    struct option_list files = {0};
    int code = EXIT_DONE;
    switch (options_parse(&command, argc, argv, &files)) {
    case OPTIONS_GOOD:
        code = run(&files);
        break;
    case OPTIONS_WRONG:
        code = EXIT_USAGE;
        break;
    case OPTIONS_HELP:
        break;
    }
    option_list_clear(&files);
    option_list_clear(&settings.tasks);
    option_list_clear(&settings.models);
    option_list_clear(&settings.class_weights);
    return program_finish(code);
}
