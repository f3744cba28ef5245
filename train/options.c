/* The options of tenor-train: one table that parses, checks and prints the help
 * (see cli/options.c). It fills a struct settings with what was given, as it
 * was given; request.c makes sense of it. */
#include "options.h"

static const char *const kernels[] = {"linear", "rbf", "poly", NULL};
static const char *const metrics[] = {"macro-f1", "accuracy", NULL};

/* The defaults; those of the library come with options_read. */
static struct settings settings = {
    .ngrams = {1, 2}, .min_df = 1, .threshold = "f1"};

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
    {"degree", 0, OPTION_COUNT, "D", "Of poly. Default: %s.",
     &settings.degree, 1, KERNEL_MOST_DEGREE, NULL},
    {"offset", 0, OPTION_REAL, "X", "Of poly. Default: %s.",
     &settings.offset, 0, 1e6, NULL},
    {"memory", 0, OPTION_REAL, "GB",
     "Of rbf and poly: learn nothing that takes more, 10 bytes for every pair "
     "of paragraphs. Default: %s.",
     &settings.memory, 0, 1e6, NULL},
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
     "missing. In JSON it may be an object with numbers for some tasks, such as "
     "{\"tone\": 0.5}. Default: %s.",
     &settings.weight, 0, 0, NULL},
    {"class-weight", 0, OPTION_LIST, "W",
     "none, balanced, or LABEL=W (also TASK=LABEL=W): what a paragraph of that "
     "label counts; repeatable. Default: none.",
     &settings.class_weights, 0, 0, NULL},
    {"tolerance", 0, OPTION_REAL, "SHARE",
     "Stop when the objective is this share above its minimum. Default: %s.",
     &settings.tolerance, 0, 1, NULL},
    {"max-steps", 0, OPTION_COUNT, "N",
     "Of logreg: it gives up after 2 N passes over the paragraphs and, where "
     "these were not enough, N Newton steps. Default: %s.",
     &settings.max_steps, 1, 100000, NULL},
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
     "Choose n-grams, punctuation marks, negation and contrast for all tasks, "
     "model, cost and ratios for each, by cross-validation, and print what was "
     "tried; --model limits it to that kind. Ctrl-C ends the search and trains "
     "with the best so far.",
     &settings.search, 0, 0, NULL},
    {"metric", 0, OPTION_CHOICE, "FIGURE",
     "What the search compares: macro-f1 or accuracy (micro-F1 where several "
     "labels may hold). Default: %s.",
     &settings.metric, 0, 0, metrics},
    {"leeway", 0, OPTION_REAL, "SHARE",
     "The search settles for the lowest cost that is behind the best by no "
     "more than this share of its figure, such as 0.003: it often holds up "
     "better on text unlike the corpus. A search that ends early does not get "
     "to it. Default: %s.",
     &settings.leeway, 0, 0.5, NULL},
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
     &settings.selection, 0, 0, selection_names},
    {"tf", 0, OPTION_CHOICE, "STYLE",
     "What a term's count in a paragraph is worth: sublinear (1 + ln count), "
     "raw or binary. Default: %s.",
     &settings.tf, 0, 0, tf_names},
    {"idf", 0, OPTION_CHOICE, "STYLE",
     "Inverse document frequency: smooth, plain or none. Default: %s.",
     &settings.idf, 0, 0, idf_names},
    {"norm", 0, OPTION_CHOICE, "NORM",
     "Length to which each block of a paragraph's features is scaled: l2, l1 "
     "or none. Default: %s.",
     &settings.norm, 0, 0, norm_names},
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
     &settings.markers, 0, 0, marker_names},
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
     &settings.numbers, 0, 0, number_names},
    {"marks", 0, OPTION_FLAG, NULL, "Punctuation and symbols are terms too.",
     &settings.marks, 0, 0, NULL},
    {"negation", 0, OPTION_FLAG, NULL,
     "Mark words after not, no, never to the end of the clause.",
     &settings.negation, 0, 0, NULL},
    {"contrast", 0, OPTION_FLAG, NULL,
     "What follows the last but, however or yet counts twice.",
     &settings.contrast, 0, 0, NULL},
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
    "tenor-train", "[options] -o MODEL FILE...",
    "tenor-train -o news.tenor train.jsonl",
    "Learns from labelled paragraphs (.jsonl, .csv, .tsv, fastText lines) and "
    "writes a model file for tenor classify and tenor evaluate.",
    options,
    "learn to label paragraphs of news"};

enum option_result options_read(struct settings **out, int argc, char **argv,
                                struct option_list *files) {
    const struct learn_options *learn = &learn_options_default;
    const struct feature_options *features = &feature_options_default;
    *out = &settings;
    settings.max_df = features->max_df;
    settings.word_weight = features->word_weight;
    settings.char_weight = features->char_weight;
    settings.marker_weight = features->marker_weight;
    settings.tolerance = learn->logreg.tolerance;
    settings.max_steps = learn->logreg.max_steps;
    settings.folds = learn->folds;
    settings.seed = (size_t)learn->seed;
    settings.gamma = learn->kernel.gamma;
    settings.degree = learn->kernel.degree;
    settings.offset = learn->kernel.offset;
    settings.memory = 1e-9 * (double)learn->kernel_bytes;
    settings.threads = thread_available();
    return options_parse(&command, argc, argv, files);
}

void settings_clear(struct settings *settings_to_clear) {
    option_list_clear(&settings_to_clear->tasks);
    option_list_clear(&settings_to_clear->models);
    option_list_clear(&settings_to_clear->class_weights);
}
